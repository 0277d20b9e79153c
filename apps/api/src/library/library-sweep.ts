import { asSottoError, type ErrorCode } from '@sotto/contracts';
import type { Item } from '@sotto/library';
import type { Recovery, Runs } from '@sotto/queue';
import type { Logger } from '@sotto/runtime';
import type { BlobStore, Manifests } from '@sotto/storage';
import { type KeepEndedDeps, keepEnded } from './keep-ended.ts';
import type { SearchFollower } from './search-follower.ts';

export interface LibrarySweepDeps extends KeepEndedDeps {
  runs: Pick<Runs, 'view'>;
  recovery: Pick<Recovery, 'takesTurn'>;
  manifests: Pick<Manifests, 'has'>;
  blobs: Pick<BlobStore, 'delete'>;
  logger: Pick<Logger, 'warning'>;
  searchFollower: Pick<SearchFollower, 'start' | 'sweep' | 'stop'>;
}

const INTERVAL_MS = 30_000;
/** A job that is just being accepted, or whose end is on its way, is not looked at. */
const YOUNG_MS = 60_000;
const PAGE = 200;
const MAINTAIN_MS = 3_600_000;
/** What is away is tried again by the next sweep, and others tell of it. */
const AWAY: readonly ErrorCode[] = ['queue_unavailable', 'storage_unavailable', 'library_unavailable', 'service_full'];

/**
 * Twice a minute, one API for all of them: deletes what is kept no longer and what nobody owns any more, and settles items
 * whose job has ended without anybody saying so: its API died, it was cancelled, or Redis has lost it.
 */
export class LibrarySweep {
  readonly #deps: LibrarySweepDeps;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #isStopped = false;
  #maintainedAtMs = 0;

  constructor(deps: LibrarySweepDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#sweeping = this.#sweepOnce().finally(() => {
      if (!this.#isStopped) this.#timer = setTimeout(() => this.start(), INTERVAL_MS).unref();
    });
  }

  /** Resolves when it does nothing any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#sweeping;
  }

  async #sweepOnce(): Promise<void> {
    try {
      if (await this.#deps.recovery.takesTurn('library', INTERVAL_MS - 1000)) await this.sweep();
    } catch (thrown) {
      const error = asSottoError(thrown);
      if (!AWAY.includes(error.code)) this.#deps.logger.warning('The library could not be looked at', { error });
    }
  }

  /** @throws SottoError of what is away */
  async sweep(): Promise<void> {
    const { store } = this.#deps;
    await this.#removeBlobs();
    const expired = await store.use(({ items }) => items.expired(new Date(), PAGE));
    await store.use(({ items }) => items.remove(expired));
    await this.#settle();
    await this.#removeBlobs();
    await this.#deps.searchFollower.sweep();
    if (Date.now() - this.#maintainedAtMs < MAINTAIN_MS) return;
    this.#maintainedAtMs = Date.now();
    await store.use((library) => library.maintain());
  }

  async #removeBlobs(): Promise<void> {
    const { store, blobs } = this.#deps;
    for (const key of await store.use(({ items }) => items.removals(PAGE))) {
      await blobs.delete(key);
      await store.use(({ items }) => items.removed(key));
    }
  }

  async #settle(): Promise<void> {
    const before = new Date(Date.now() - YOUNG_MS);
    for (const item of await this.#deps.store.use(({ items }) => items.processingSince(before, PAGE))) {
      if (this.#isStopped) return;
      await this.#settleOne(item);
    }
  }

  async #settleOne({ id, acceptedAt }: Item): Promise<void> {
    const { store, runs, manifests } = this.#deps;
    if (await keepEnded(id, this.#deps)) return;
    if ((await runs.view(id)) !== null) {
      if (acceptedAt === null) await store.use(({ items }) => items.accept(id));
      return;
    }
    // Redis has lost it, and it is made anew from its manifest; or the queue's own sweep finds that it cannot be.
    if (await manifests.has(id)) return;
    // Its client was never told that it was accepted.
    if (acceptedAt === null) await store.use(({ items }) => items.remove([id]));
    else
      await store.use(({ items }) =>
        items.end(id, 'failed', { code: 'job_not_found', message: 'The queue has lost this job.' }),
      );
  }
}
