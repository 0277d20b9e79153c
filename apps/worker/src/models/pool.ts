import { setTimeout as delay } from 'node:timers/promises';
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
  /** Whether it would fit alone; nothing is unloaded for one that does not. */
  fits(file: InstalledModelFile): boolean;
  /** Whether it fits beside those that are loaded; asked before each load. */
  hasRoom(file: InstalledModelFile, loaded: readonly InstalledModelFile[]): boolean;
  /** Milliseconds without use after which a model is unloaded; 0: never. May change. */
  idleMs: () => number;
  /** Before each further try of a load that failed. */
  retryDelaysMs: readonly number[];
  onEvent: OnWorkerEvent;
}

interface Entry<M> {
  file: InstalledModelFile;
  model: Promise<M>;
  users: number;
  usedAtMs: number;
}

/** There is no memory for a model as long as others are in use. Nothing is wrong with it. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom';
}

const IDLE_LOOK_MS = 1_000;

/**
 * Models in memory. Absent -> loading -> loaded (in use or idle) -> unloaded, when another model needs the room and
 * this is the least recently used of the idle ones, or when it has been idle for too long. A failed load leaves nothing
 * behind; the next user tries again. Pinned models are unloaded last, and never for being idle.
 */
export class ModelPool<M extends LoadedModel> {
  readonly #options: ModelPoolOptions<M>;
  /** By digest and name: a file that was replaced is another model. */
  readonly #entries = new Map<string, Entry<M>>();
  readonly #idleTimer: NodeJS.Timeout;
  #pinned: ReadonlySet<string> = new Set();
  #closed = false;

  constructor(options: ModelPoolOptions<M>) {
    this.#options = options;
    this.#idleTimer = setInterval(() => void this.#unloadIdle(), IDLE_LOOK_MS).unref();
  }

  /** Names of the models that are loaded or being loaded. */
  get loaded(): string[] {
    return [...this.#entries.values()].map(({ file }) => file.name);
  }

  /** These instead of those pinned so far, by name. Loads nothing. */
  pin(names: readonly string[]): void {
    this.#pinned = new Set(names);
  }

  /**
   * Lends a model to `work`; it is not unloaded before `work` has ended.
   * @throws SottoError model_load_failed; NoRoom; and what `work` throws
   */
  async use<T>(file: InstalledModelFile, work: (model: M) => Promise<T>): Promise<T> {
    const entry = this.#entries.get(keyOf(file)) ?? this.#open(file);
    entry.users++;
    try {
      return await work(await entry.model);
    } finally {
      entry.users--;
      entry.usedAtMs = performance.now();
      await this.#makeRoom(this.#options.maxLoaded());
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#idleTimer);
    await Promise.all([...this.#entries.values()].map((entry) => this.#unload(entry)));
  }

  #open(file: InstalledModelFile): Entry<M> {
    if (this.#closed) throw new Error('the model pool is closed');
    const entry: Entry<M> = { file, model: this.#load(file), users: 0, usedAtMs: performance.now() };
    this.#entries.set(keyOf(file), entry);
    entry.model.catch(() => this.#entries.delete(keyOf(file)));
    return entry;
  }

  /** Makes room first: two large models at once may not fit into memory. */
  async #load(file: InstalledModelFile): Promise<M> {
    await this.#makeRoom(this.#options.maxLoaded() - 1);
    await this.#makeMemory(file);
    const startedMs = performance.now();
    const model = await this.#tryLoad(file);
    const { device, weightBytes, slots, bytesPerSlot } = model.info;
    const memoryBytes = weightBytes + slots * bytesPerSlot;
    const tookMs = performance.now() - startedMs;
    this.#options.onEvent({ type: 'model_loaded', model: file.name, device, memoryBytes, tookMs });
    return model;
  }

  async #tryLoad(file: InstalledModelFile): Promise<M> {
    for (const delayMs of this.#options.retryDelaysMs) {
      try {
        return await this.#options.load(file);
      } catch (error) {
        if (this.#closed) throw error;
        this.#options.onEvent({ type: 'model_load_failed', model: file.name, error, retryInMs: delayMs });
        await delay(delayMs);
      }
    }
    return this.#options.load(file);
  }

  /** @throws NoRoom when unloading all idle models is not enough. */
  async #makeMemory(file: InstalledModelFile): Promise<void> {
    if (!this.#options.fits(file)) throw new NoRoom(`this worker has not the memory for ${file.name}`);
    const others = () => [...this.#entries.values()].filter((entry) => keyOf(entry.file) !== keyOf(file));
    while (
      !this.#options.hasRoom(
        file,
        others().map((entry) => entry.file),
      )
    ) {
      const [oldest] = this.#idle(others());
      if (oldest === undefined) throw new NoRoom(`there is no memory free for ${file.name}`);
      await this.#unload(oldest);
    }
  }

  async #makeRoom(keep: number): Promise<void> {
    const idle = this.#idle([...this.#entries.values()]);
    const excess = Math.max(0, this.#entries.size - keep);
    await Promise.all(idle.slice(0, excess).map((entry) => this.#unload(entry)));
  }

  async #unloadIdle(): Promise<void> {
    const idleMs = this.#options.idleMs();
    if (idleMs === 0) return;
    const oldestMs = performance.now() - idleMs;
    const idle = this.#idle([...this.#entries.values()]);
    const due = idle.filter(({ usedAtMs, file }) => usedAtMs <= oldestMs && !this.#pinned.has(file.name));
    await Promise.all(due.map((entry) => this.#unload(entry)));
  }

  /** Those to be unloaded first come first. */
  #idle(entries: readonly Entry<M>[]): Entry<M>[] {
    const isPinned = ({ file }: Entry<M>) => Number(this.#pinned.has(file.name));
    return entries
      .filter(({ users }) => users === 0)
      .sort((a, b) => isPinned(a) - isPinned(b) || a.usedAtMs - b.usedAtMs);
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
