import { SottoError } from '@sotto/contracts';
import { isDatabaseAway, type Library, LibraryError, openLibrary } from '@sotto/library';
import type { Logger } from '@sotto/runtime';

export interface LibraryStoreDeps {
  /** null: this service has no library. */
  url: string | null;
  logger: Pick<Logger, 'info' | 'warning' | 'error'>;
}

const RETRY_MS = 1_000;
const MAX_RETRY_MS = 15_000;
const RETRY_AFTER_SECONDS = 5;
/** A request that comes while the database is being opened waits for it. */
const PATIENCE_MS = 10_000;
const PING_MS = 3_000;

/**
 * The library of this process. off, or: opening -> open -> closed; while it cannot be opened, it is tried again and again.
 * The service does its work without it: only what is to be kept, or is kept, is refused meanwhile.
 */
export class LibraryStore {
  readonly #deps: LibraryStoreDeps;
  readonly #closed = new AbortController();
  #opening: Promise<void> = Promise.resolve();
  #library: Library | null = null;
  /** Why it could not be opened, the last time. */
  #problem: string | null = null;
  #onOpen: () => void = () => {};

  constructor(deps: LibraryStoreDeps) {
    this.#deps = deps;
  }

  get isOn(): boolean {
    return this.#deps.url !== null;
  }

  /** @param onOpen called when it can be used */
  start(onOpen: () => void): void {
    this.#onOpen = onOpen;
    if (this.#deps.url !== null) this.#opening = this.#open(this.#deps.url);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#opening;
    await this.#library?.close();
    this.#library = null;
  }

  /**
   * Does something with the library.
   *
   * @throws SottoError `library_off`, `library_unavailable`; whatever `work` throws
   */
  async use<T>(work: (library: Library) => Promise<T>): Promise<T> {
    const library = await this.#opened();
    try {
      return await work(library);
    } catch (error) {
      if (error instanceof SottoError || !isDatabaseAway(error)) throw error;
      throw this.#unavailable(error);
    }
  }

  /** What is wrong with it, in a sentence; null: nothing, or there is none. */
  async problem(): Promise<string | null> {
    if (!this.isOn) return null;
    if (this.#library === null) return `The library cannot be opened: ${this.#problem ?? 'it is being opened.'}`;
    const late = new Promise<'late'>((resolve) => setTimeout(resolve, PING_MS, 'late').unref());
    const answer = await Promise.race([this.#library.ping().catch(() => 'away' as const), late]);
    return answer === undefined ? null : 'The database of the library does not answer.';
  }

  async #opened(): Promise<Library> {
    if (!this.isOn) throw new SottoError('library_off', 'Set DATABASE_URL to have one.');
    if (this.#library === null && this.#problem === null) {
      const patience = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
      await Promise.race([this.#opening, patience]);
    }
    if (this.#library === null) throw this.#unavailable(new Error(this.#problem ?? 'not open yet'));
    return this.#library;
  }

  async #open(url: string): Promise<void> {
    const { logger } = this.#deps;
    for (let retryMs = RETRY_MS; !this.#closed.signal.aborted; retryMs = Math.min(2 * retryMs, MAX_RETRY_MS)) {
      try {
        this.#library = await openLibrary(url, (error) => logger.warning('The library lost a connection', { error }));
        this.#problem = null;
        logger.info('The library is open', { database: this.#library.kind });
        this.#onOpen();
        return;
      } catch (error) {
        this.#tell(error);
        await this.#wait(retryMs);
      }
    }
  }

  /** Once for each reason. */
  #tell(error: unknown): void {
    const problem = error instanceof LibraryError ? error.message : 'The database does not answer.';
    if (problem !== this.#problem) this.#deps.logger.error('The library cannot be opened', { error });
    this.#problem = problem;
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#closed.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #unavailable(cause: unknown): SottoError {
    return new SottoError('library_unavailable', 'Nothing can be kept or read there at the moment.', {
      cause,
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
}
