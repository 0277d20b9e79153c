import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComputeType } from '@sotto/contracts';
import { byRank, describeModel, type InstalledModelFile, modelFilesIn, pickModel } from '@sotto/whisper';

export interface ModelFolderOptions {
  folder: string;
  computeType: ComputeType;
  defaultModel: InstalledModelFile;
  /** Models were installed, removed or replaced; `list()` already has the change. */
  onChange(): void;
  /** The folder could not be read; the last list is kept. */
  onError(error: unknown): void;
}

/**
 * A look costs one listing and a `stat` per model. File system events (inotify) miss changes made elsewhere on a shared
 * volume.
 */
const LOOK_EVERY_MS = 500;
/** A file that has not changed for this long is taken to be complete, and is opened. */
const SETTLE_MS = 250;

/** One file of the folder: seen -> checked (a model, or damaged). A file that changes starts again as seen. */
interface SeenFile {
  /** Changes when the content does. */
  stamp: string;
  /** null: damaged, or not checked yet. */
  model: InstalledModelFile | null;
  checked: Promise<void> | null;
}

/**
 * The models this worker could load, and which of them a name means. The folder is polled; a file is read only when it
 * is new or has changed, because hashing a large one takes seconds.
 */
export class InstalledModelFolder {
  readonly #options: ModelFolderOptions;
  readonly #files = new Map<string, SeenFile>();
  #models: InstalledModelFile[] = [];
  #looking: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;
  #defaultModel: InstalledModelFile;

  constructor(options: ModelFolderOptions) {
    this.#options = options;
    this.#defaultModel = options.defaultModel;
  }

  get defaultModel(): InstalledModelFile {
    return this.#defaultModel;
  }

  set defaultModel(file: InstalledModelFile) {
    this.#defaultModel = file;
  }

  /** Resolves when every file has been checked. Polls from then on, until `close`. */
  async open(): Promise<void> {
    await this.#lookAndCheck();
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

  /** Whether the volume of the models is away: not even this worker's own model is there. */
  async isAway(): Promise<boolean> {
    return (await stampOf(this.#options.defaultModel.path)) === null;
  }

  /**
   * @param name a model's name, or null for this worker's own.
   * @throws SottoError model_not_available
   */
  async pick(name: string | null): Promise<InstalledModelFile> {
    const { computeType } = this.#options;
    if (name === null || name === this.#defaultModel.name) return this.#defaultModel;
    try {
      return pickModel(name, computeType, this.#models);
    } catch {
      // It may have been installed since.
      await this.#lookAndCheck();
      return pickModel(name, computeType, this.#models);
    }
  }

  #schedule(delayMs: number): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(async () => {
      await this.#look();
      const isWriting = [...this.#files.values()].some(({ checked }) => checked === null);
      this.#schedule(isWriting ? SETTLE_MS : LOOK_EVERY_MS);
    }, delayMs);
    this.#timer.unref();
  }

  /** Without waiting for files to settle: an incomplete one fails its check anyway. */
  async #lookAndCheck(): Promise<void> {
    await this.#look();
    await Promise.all([...this.#files].map(([name, file]) => this.#check(name, file)));
  }

  /** Looks never overlap, and never reject. */
  #look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#update()).catch(this.#options.onError);
    return this.#looking;
  }

  async #update(): Promise<void> {
    const { folder } = this.#options;
    const names = await modelFilesIn(folder);
    // An empty folder is one whose volume is away; models are removed one by one.
    if (names.length === 0 && (await this.isAway())) throw new Error('the folder has no models any more');
    const stamps = await Promise.all(names.map((name) => stampOf(join(folder, name))));
    const present = new Map(names.map((name, index) => [name, stamps[index] ?? null]));
    for (const name of this.#files.keys()) if (!present.get(name)) this.#files.delete(name);
    for (const [name, stamp] of present) {
      const known = this.#files.get(name);
      if (stamp === null) continue;
      if (known?.stamp !== stamp) this.#files.set(name, { stamp, model: null, checked: null });
      else void this.#check(name, known);
    }
    this.#publish();
  }

  /** Opens, checks and hashes a file, once. */
  #check(name: string, file: SeenFile): Promise<void> {
    file.checked ??= describeModel(join(this.#options.folder, name))
      .catch(() => null)
      .then((model) => {
        file.model = model;
        // Otherwise it was changed or removed meanwhile.
        if (this.#files.get(name) === file) this.#publish();
      });
    return file.checked;
  }

  #publish(): void {
    const before = this.#models;
    this.#models = [...this.#files.values()].flatMap(({ model }) => (model === null ? [] : [model])).sort(byRank);
    if (identityOf(before) !== identityOf(this.#models)) this.#options.onChange();
  }
}

/** null: the file is gone. */
async function stampOf(path: string): Promise<string | null> {
  const about = await stat(path).catch(() => null);
  return about?.isFile() ? `${about.size} ${about.mtimeMs}` : null;
}

const identityOf = (models: readonly InstalledModelFile[]): string =>
  models.map(({ name, digest }) => `${name} ${digest}`).join();
