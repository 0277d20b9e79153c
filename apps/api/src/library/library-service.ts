import { asSottoError, type ErrorCode } from '@sotto/contracts';
import { type Outbox, OutboxReader } from '@sotto/queue';
import type { Redis } from 'ioredis';
import { endKeeper } from './keep-ended.ts';
import { LibrarySweep, type LibrarySweepDeps } from './library-sweep.ts';

export interface LibraryServiceDeps extends LibrarySweepDeps {
  outbox: Outbox;
  subscriber: Redis;
}

const AWAY: readonly ErrorCode[] = ['queue_unavailable', 'library_unavailable', 'service_full'];

/** What the library does by itself: it takes over how jobs have ended, and sweeps. Nothing, where there is none. */
export class LibraryService {
  readonly #deps: LibraryServiceDeps;
  readonly #reader: OutboxReader;
  readonly #sweep: LibrarySweep;
  #unfollow: () => void = () => {};
  #isSweeping = false;

  constructor(deps: LibraryServiceDeps) {
    this.#deps = deps;
    this.#sweep = new LibrarySweep(deps);
    this.#reader = new OutboxReader({
      outbox: deps.outbox,
      consumer: 'library',
      handle: endKeeper(deps),
      onError: (error) => this.#tell(error),
    });
  }

  /** Begins once the library is open. */
  start(): void {
    if (!this.#deps.store.isOn) return;
    this.#deps.store.start(() => {
      void this.#follow();
      this.#isSweeping = true;
      this.#sweep.start();
      this.#deps.searchFollower.start();
    });
  }

  /** Resolves when it does nothing any more, and the library is closed. */
  async close(): Promise<void> {
    this.#unfollow();
    await this.#reader.close();
    if (this.#isSweeping) await this.#sweep.stop();
    await this.#deps.searchFollower.stop();
    await this.#deps.store.close();
  }

  async #follow(): Promise<void> {
    this.#reader.wake();
    this.#unfollow = await this.#deps.outbox.follow(this.#deps.subscriber, () => this.#reader.wake());
  }

  /** What is away is told elsewhere, and the event comes again. */
  #tell(thrown: unknown): void {
    const error = asSottoError(thrown);
    if (!AWAY.includes(error.code)) this.#deps.logger.warning('A transcript could not be kept yet', { error });
  }
}
