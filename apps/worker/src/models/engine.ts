import { setTimeout as delay } from 'node:timers/promises';
import { type ComputeType, type InstalledModel, SottoError } from '@sotto/contracts';
import { Postponed } from '@sotto/queue';
import type {
  DetectedLanguage,
  InstalledModelFile,
  TranscribeWindowOptions,
  WhisperModel,
  WindowTranscript,
} from '@sotto/whisper';
import type { OnWorkerEvent } from '../events/worker-event.ts';
import type { EngineWatch } from './engine-watch.ts';
import { InstalledModelFolder } from './model-folder.ts';
import { ModelPool, NoRoom } from './pool.ts';
import type { RightOfWay } from './right-of-way.ts';

export interface EngineDeps {
  modelDir: string;
  computeType: ComputeType;
  defaultModel: InstalledModelFile;
  load(file: InstalledModelFile): Promise<WhisperModel>;
  maxLoaded: () => number;
  /** Whether there could be memory for it here. */
  fits(file: InstalledModelFile): boolean;
  hasRoom(file: InstalledModelFile, loaded: readonly InstalledModelFile[]): boolean;
  /** 0: a model that is not used stays loaded. */
  idleMs: () => number;
  watch: EngineWatch;
  rightOfWay: RightOfWay;
  onEvent: OnWorkerEvent;
  /** `installed` has changed. */
  onModelsChange(): void;
  /** The folder of models could not be read. */
  onFolderError(error: unknown): void;
}

export interface EngineHooks {
  signal: AbortSignal;
  /** Whether the window is of the interactive lane. */
  urgent: boolean;
  /** 0 to 1, never decreasing. */
  onProgress?: (fraction: number) => void;
}

/** Before a load that failed is tried again: a shared volume may have been away, or memory taken for a moment. */
const RETRY_DELAYS_MS = [500, 2_000];

/** Between two looks for memory at the start. */
const START_WAIT_MS = 5_000;

/** How a window waits for memory. */
const ROOM_WAIT = { firstMs: 1_000, maxMs: 30_000 };

/** What a worker transcribes with: the models of its folder, those in memory, and a watch over every call to them. */
export class Engine {
  readonly #models: InstalledModelFolder;
  readonly #pool: ModelPool<WhisperModel>;
  readonly #watch: EngineWatch;
  readonly #rightOfWay: RightOfWay;
  readonly #onEvent: OnWorkerEvent;
  readonly #fits: EngineDeps['fits'];
  #device = 'cpu';
  #slots = 1;
  #busy = 0;

  constructor(deps: EngineDeps) {
    this.#models = new InstalledModelFolder({
      folder: deps.modelDir,
      computeType: deps.computeType,
      defaultModel: deps.defaultModel,
      onChange: deps.onModelsChange,
      onError: deps.onFolderError,
    });
    const load = async (file: InstalledModelFile) => {
      const model = await this.#orAway(() => deps.load(file));
      this.#device = model.info.device;
      return model;
    };
    this.#pool = new ModelPool({ ...deps, load, retryDelaysMs: RETRY_DELAYS_MS });
    this.#onEvent = deps.onEvent;
    this.#fits = deps.fits;
    this.#watch = deps.watch;
    this.#rightOfWay = deps.rightOfWay;
  }

  /** The device that the last loaded model runs on. */
  get device(): string {
    return this.#device;
  }

  /** Windows that the default model decodes together. */
  get slots(): number {
    return this.#slots;
  }

  /** Calls in progress. */
  get busy(): number {
    return this.#busy;
  }

  get defaultModel(): InstalledModelFile {
    return this.#models.defaultModel;
  }

  /**
   * Lists the installed models and loads the default one, so that the first job need not wait for it. Waits while there is
   * no memory for it.
   * @throws SottoError model_load_failed; the signal's reason
   */
  async open(signal: AbortSignal, onWait: (reason: string) => void): Promise<void> {
    await this.#models.open();
    for (;;) {
      try {
        this.#slots = await this.#pool.use(this.defaultModel, async ({ info }) => info.slots);
        return;
      } catch (error) {
        if (!(error instanceof NoRoom)) throw error;
        onWait(error.message);
        await delay(START_WAIT_MS, undefined, { signal });
      }
    }
  }

  /**
   * Makes another installed model the default, once it is loaded; what runs goes on with the one it began with.
   * @throws SottoError model_not_available, model_load_failed; NoRoom. The default is as before then.
   */
  async switchDefault(name: string): Promise<void> {
    const file = await this.#models.pick(name);
    await this.#pool.use(file, async () => {});
    this.#models.defaultModel = file;
  }

  /**
   * Keeps these in memory, whether they are used or not, and loads those of `fresh` now, except what never fits here.
   * @throws as switchDefault, after all have been tried
   */
  async keepLoaded(names: readonly string[], fresh: readonly string[]): Promise<void> {
    this.#pool.pin(names);
    const loads = await Promise.allSettled(
      fresh.map(async (name) => {
        const file = await this.#models.pick(name);
        if (this.#fits(file)) await this.#pool.use(file, async () => {});
      }),
    );
    const failed = loads.find((load) => load.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /**
   * @param modelName null: the default model
   * @throws Postponed while there is no memory for the model; SottoError model_not_available, model_load_failed,
   *   model_loading (its volume is away), and what WhisperModel.transcribe throws
   */
  async transcribe(
    modelName: string | null,
    pcm: Int16Array,
    options: TranscribeWindowOptions,
    { signal, urgent, onProgress }: EngineHooks,
  ): Promise<WindowTranscript> {
    return this.#call(modelName, urgent, (model, sign) => {
      const progress = (fraction: number) => {
        sign();
        onProgress?.(fraction);
      };
      return model.transcribe(pcm, options, { signal, urgent, onProgress: progress, onSegment: sign });
    });
  }

  async detectLanguage(
    modelName: string | null,
    pcm: Int16Array,
    { signal, urgent }: EngineHooks,
  ): Promise<DetectedLanguage> {
    return this.#call(modelName, urgent, (model) => model.detectLanguage(pcm, { signal, urgent }));
  }

  /**
   * The name of a model that never fits into the memory of this worker; null: it may.
   * @param modelName null: the default model
   * @throws SottoError model_not_available, model_loading (its volume is away)
   */
  async tooLarge(modelName: string | null): Promise<string | null> {
    const file = await this.#orAway(() => this.#models.pick(modelName));
    return this.#fits(file) ? null : file.name;
  }

  /** For the heartbeat. */
  installed(): Omit<InstalledModel, 'realtimeFactor' | 'memoryBytes'>[] {
    const loaded = new Set(this.#pool.loaded);
    const { name: defaultName, warning: ofDefault } = this.defaultModel;
    return this.#models.list().map((file) => {
      const { name, digest, bytes, multilingual, warning: own } = file;
      const warning = name === defaultName ? (ofDefault ?? own) : own;
      return { name, digest, bytes, multilingual, loaded: loaded.has(name), fits: this.#fits(file), warning };
    });
  }

  async close(): Promise<void> {
    this.#watch.close();
    await this.#models.close();
    await this.#pool.close();
  }

  async #call<T>(
    modelName: string | null,
    urgent: boolean,
    work: (model: WhisperModel, sign: () => void) => Promise<T>,
  ): Promise<T> {
    const file = await this.#orAway(() => this.#models.pick(modelName));
    this.#busy++;
    try {
      const call = () => this.#pool.use(file, (model) => this.#watch.during(model, (sign) => work(model, sign)));
      return await (urgent ? this.#rightOfWay.during(call) : call());
    } catch (error) {
      // Not a failure of the window: it waits, or another worker takes it.
      if (!(error instanceof NoRoom)) throw error;
      this.#onEvent({ type: 'model_waits', model: file.name });
      throw new Postponed(error.message, ROOM_WAIT);
    } finally {
      this.#busy--;
    }
  }

  /** A model that is not found or not loaded while no model can be read is not missing: its volume is away. */
  async #orAway<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      if (!(await this.#models.isAway())) throw error;
      throw new SottoError('model_loading', 'The folder of models cannot be read.', { cause: error });
    }
  }
}
