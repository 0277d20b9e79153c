import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  byRank,
  type ComputeType,
  describeModel,
  type InstalledModelFile,
  modelFilesIn,
  pickModel,
} from '@sotto/whisper';

export interface ModelFolderOptions {
  folder: string;
  computeType: ComputeType;
  defaultModel: InstalledModelFile;
  /** Models came, went or were replaced; `list()` has the new ones. */
  onChange(): void;
  /** The folder could not be read; what was known of it is kept. */
  onError(error: unknown): void;
}

/** A look costs a listing and a `stat` for each model; events of the file system would not tell of a shared volume. */
const LOOK_EVERY_MS = 500;
/** A file that has been the same for so long is taken to be written to its end, and is opened. */
const SETTLE_MS = 250;

/** One file of the folder: seen -> judged (a model, or damaged). A file that changes is seen anew. */
interface SeenFile {
  /** Changes when the content does. */
  stamp: string;
  /** null: damaged, or not judged yet. */
  model: InstalledModelFile | null;
  judged: Promise<void> | null;
}

/**
 * The models this worker could load, and which of them a name means. The folder is looked at all the time, and a file
 * is read only when it is new or has changed: hashing a large one takes seconds.
 */
export class InstalledModelFolder {
  readonly #options: ModelFolderOptions;
  readonly #files = new Map<string, SeenFile>();
  #models: InstalledModelFile[] = [];
  #looking: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(options: ModelFolderOptions) {
    this.#options = options;
  }

  get defaultModel(): InstalledModelFile {
    return this.#options.defaultModel;
  }

  /** Resolves when all that is there is known; looks on from then until `close`. */
  async open(): Promise<void> {
    await this.#lookAndJudge();
    this.#schedule(LOOK_EVERY_MS);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#looking;
  }

  /** Best first. */
  list(): readonly InstalledModelFile[] {
    return this.#models;
  }

  /**
   * @param name a model's name, or null for this worker's own.
   * @throws SottoError model_not_available
   */
  async pick(name: string | null): Promise<InstalledModelFile> {
    const { defaultModel, computeType } = this.#options;
    if (name === null || name === defaultModel.name) return defaultModel;
    try {
      return pickModel(name, computeType, this.#models);
    } catch {
      // It may have been installed since.
      await this.#lookAndJudge();
      return pickModel(name, computeType, this.#models);
    }
  }

  #schedule(delayMs: number): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(async () => {
      await this.#look();
      const isWriting = [...this.#files.values()].some(({ judged }) => judged === null);
      this.#schedule(isWriting ? SETTLE_MS : LOOK_EVERY_MS);
    }, delayMs);
    this.#timer.unref();
  }

  /** For those who cannot wait until a file has settled: half of one is not taken for a model anyway. */
  async #lookAndJudge(): Promise<void> {
    await this.#look();
    await Promise.all([...this.#files].map(([name, file]) => this.#judge(name, file)));
  }

  /** One look after the other; never rejects. */
  #look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#update()).catch(this.#options.onError);
    return this.#looking;
  }

  async #update(): Promise<void> {
    const { folder } = this.#options;
    const names = await modelFilesIn(folder);
    const stamps = await Promise.all(names.map((name) => stampOf(join(folder, name))));
    const present = new Map(names.map((name, index) => [name, stamps[index] ?? null]));
    for (const name of this.#files.keys()) if (!present.get(name)) this.#files.delete(name);
    for (const [name, stamp] of present) {
      const known = this.#files.get(name);
      if (stamp === null) continue;
      if (known?.stamp !== stamp) this.#files.set(name, { stamp, model: null, judged: null });
      else void this.#judge(name, known);
    }
    this.#publish();
  }

  /** Opens, checks and hashes a file, once. */
  #judge(name: string, file: SeenFile): Promise<void> {
    file.judged ??= describeModel(join(this.#options.folder, name))
      .catch(() => null)
      .then((model) => {
        file.model = model;
        // Else it has changed or gone meanwhile.
        if (this.#files.get(name) === file) this.#publish();
      });
    return file.judged;
  }

  #publish(): void {
    const before = this.#models;
    this.#models = [...this.#files.values()].flatMap(({ model }) => (model === null ? [] : [model])).sort(byRank);
    if (identityOf(before) !== identityOf(this.#models)) this.#options.onChange();
  }
}

/** null: it has gone. */
async function stampOf(path: string): Promise<string | null> {
  const about = await stat(path).catch(() => null);
  return about?.isFile() ? `${about.size} ${about.mtimeMs}` : null;
}

const identityOf = (models: readonly InstalledModelFile[]): string =>
  models.map(({ name, digest }) => `${name} ${digest}`).join();
