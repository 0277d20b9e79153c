import type { ModelWishes } from '@sotto/queue';
import type { Logger } from '@sotto/runtime';
import type { Engine } from './engine.ts';

export interface WishFollowerDeps {
  wishes: Pick<ModelWishes, 'read'>;
  engine: Pick<Engine, 'defaultModel' | 'switchDefault' | 'keepLoaded'>;
  logger: Logger;
  /** The default has changed. */
  onChange(): void;
}

const LOOK_EVERY_MS = 1_000;
/** A wish that could not be fulfilled is tried again: the model may be installed, or fit, by then. */
const RETRY_MS = 30_000;

/**
 * Does what operators want of this worker's models while it runs: another default, models that stay loaded. Wishes are
 * kept in Redis, so that a worker that starts later follows them too. What cannot be done changes nothing.
 */
export class WishFollower {
  readonly #deps: WishFollowerDeps;
  readonly #ownDefault: string;
  /** Wish -> not again before then. */
  readonly #failed = new Map<string, number>();
  #loaded: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | null = null;
  #fulfilling: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(deps: WishFollowerDeps) {
    this.#deps = deps;
    this.#ownDefault = deps.engine.defaultModel.name;
  }

  /** Follows what is wanted now, and then whatever comes. */
  async open(): Promise<void> {
    await this.#look();
    this.#schedule();
  }

  /** Waits for what is being done, but not for a look, which Redis may not answer. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#fulfilling;
  }

  #schedule(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      void this.#look().finally(() => this.#schedule());
    }, LOOK_EVERY_MS).unref();
  }

  /** Never rejects. */
  async #look(): Promise<void> {
    // While Redis is away, what was wanted last still is.
    const wanted = await this.#deps.wishes.read().catch(() => null);
    if (wanted === null || this.#isClosed) return;
    this.#fulfilling = this.#fulfil(wanted);
    await this.#fulfilling;
  }

  /** Never rejects. */
  async #fulfil(wanted: Awaited<ReturnType<ModelWishes['read']>>): Promise<void> {
    const { engine, onChange } = this.#deps;
    const name = wanted.defaultModel ?? this.#ownDefault;
    if (name !== engine.defaultModel.name && (await this.#tried(`default ${name}`, () => engine.switchDefault(name)))) {
      onChange();
    }
    const fresh = wanted.preloaded.filter((model) => !this.#loaded.has(model));
    const isDone = await this.#tried(`preload ${wanted.preloaded.join()}`, () =>
      engine.keepLoaded(wanted.preloaded, fresh),
    );
    if (isDone) this.#loaded = new Set(wanted.preloaded);
  }

  async #tried(wish: string, work: () => Promise<void>): Promise<boolean> {
    if ((this.#failed.get(wish) ?? 0) > performance.now()) return false;
    try {
      await work();
      this.#failed.delete(wish);
      return true;
    } catch (error) {
      this.#failed.set(wish, performance.now() + RETRY_MS);
      this.#deps.logger.warning('a wish about models cannot be fulfilled now', { wish, error });
      return false;
    }
  }
}
