import { type InstalledModel, SottoError } from '@sotto/contracts';
import type {
  ComputeType,
  DetectedLanguage,
  InstalledModelFile,
  TranscribeWindowOptions,
  WhisperModel,
  WindowTranscript,
} from '@sotto/whisper';
import type { OnWorkerEvent } from '../events/worker-event.ts';
import type { EngineWatch } from './engine-watch.ts';
import { InstalledModelFolder } from './model-folder.ts';
import { ModelPool } from './pool.ts';
import type { RightOfWay } from './right-of-way.ts';

export interface EngineDeps {
  modelDir: string;
  computeType: ComputeType;
  defaultModel: InstalledModelFile;
  load(file: InstalledModelFile): Promise<WhisperModel>;
  maxLoaded: () => number;
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

/** What a worker transcribes with: the models of its folder, those in memory, and a watch over every call to them. */
export class Engine {
  readonly #models: InstalledModelFolder;
  readonly #pool: ModelPool<WhisperModel>;
  readonly #watch: EngineWatch;
  readonly #rightOfWay: RightOfWay;
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
    this.#pool = new ModelPool({ load, maxLoaded: deps.maxLoaded, onEvent: deps.onEvent });
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

  /** Lists the installed models and loads the default one, so that the first job need not wait for it. */
  async open(): Promise<void> {
    await this.#models.open();
    this.#slots = await this.#pool.use(this.defaultModel, async ({ info }) => info.slots);
  }

  /**
   * @param modelName null: the default model
   * @throws SottoError model_not_available, model_load_failed, model_loading (its volume is away), and what WhisperModel.transcribe throws
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

  /** For the heartbeat. */
  installed(): InstalledModel[] {
    const loaded = new Set(this.#pool.loaded);
    return this.#models.list().map(({ name, digest, bytes, multilingual, warning }) => {
      return { name, digest, bytes, multilingual, loaded: loaded.has(name), warning };
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
