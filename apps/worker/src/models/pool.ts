import type { InstalledModelFile } from '@sotto/whisper';
import type { OnWorkerEvent } from '../events/worker-event.ts';

/** What the pool needs of an engine model. */
export interface LoadedModel {
  readonly info: { device: string; weightBytes: number; slots: number; bytesPerSlot: number };
  close(): Promise<void>;
}

export interface ModelPoolOptions<M extends LoadedModel> {
  load(file: InstalledModelFile): Promise<M>;
  /** At least 1; may change. Exceeded only while more models than this are in use at once. */
  maxLoaded: () => number;
  onEvent: OnWorkerEvent;
}

interface Entry<M> {
  file: InstalledModelFile;
  model: Promise<M>;
  users: number;
  /** Sequence number of the last use. */
  usedAt: number;
}

/**
 * Models in memory. Absent -> loading -> loaded (in use or idle) -> unloaded, when another model needs the room and
 * this is the least recently used of the idle ones. A failed load leaves nothing behind; the next user tries again.
 */
export class ModelPool<M extends LoadedModel> {
  readonly #options: ModelPoolOptions<M>;
  /** By digest and name: a file that was replaced is another model. */
  readonly #entries = new Map<string, Entry<M>>();
  #clock = 0;
  #closed = false;

  constructor(options: ModelPoolOptions<M>) {
    this.#options = options;
  }

  /** Names of the models that are loaded or being loaded. */
  get loaded(): string[] {
    return [...this.#entries.values()].map(({ file }) => file.name);
  }

  /**
   * Lends a model to `work`; it is not unloaded before `work` has ended.
   * @throws SottoError model_load_failed, and what `work` throws
   */
  async use<T>(file: InstalledModelFile, work: (model: M) => Promise<T>): Promise<T> {
    const entry = this.#entries.get(keyOf(file)) ?? this.#open(file);
    entry.users++;
    try {
      return await work(await entry.model);
    } finally {
      entry.users--;
      entry.usedAt = ++this.#clock;
      await this.#makeRoom(this.#options.maxLoaded());
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#entries.values()].map((entry) => this.#unload(entry)));
  }

  #open(file: InstalledModelFile): Entry<M> {
    if (this.#closed) throw new Error('the model pool is closed');
    const entry: Entry<M> = { file, model: this.#load(file), users: 0, usedAt: ++this.#clock };
    this.#entries.set(keyOf(file), entry);
    entry.model.catch(() => this.#entries.delete(keyOf(file)));
    return entry;
  }

  /** Makes room first: two large models at once may not fit into memory. */
  async #load(file: InstalledModelFile): Promise<M> {
    await this.#makeRoom(this.#options.maxLoaded() - 1);
    const startedMs = performance.now();
    const model = await this.#options.load(file);
    const tookMs = performance.now() - startedMs;
    const { device, weightBytes, slots, bytesPerSlot } = model.info;
    const memoryBytes = weightBytes + slots * bytesPerSlot;
    this.#options.onEvent({ type: 'model_loaded', model: file.name, device, memoryBytes, tookMs });
    return model;
  }

  async #makeRoom(keep: number): Promise<void> {
    const idle = [...this.#entries.values()].filter((entry) => entry.users === 0).sort((a, b) => a.usedAt - b.usedAt);
    const excess = Math.max(0, this.#entries.size - keep);
    await Promise.all(idle.slice(0, excess).map((entry) => this.#unload(entry)));
  }

  async #unload(entry: Entry<M>): Promise<void> {
    this.#entries.delete(keyOf(entry.file));
    const model = await entry.model.catch(() => null);
    if (model === null) return;
    await model.close();
    this.#options.onEvent({ type: 'model_unloaded', model: entry.file.name });
  }
}

const keyOf = ({ digest, name }: InstalledModelFile): string => `${digest} ${name}`;
