import { asSottoError, type ErrorCode } from '@sotto/contracts';
import type { Logger } from '@sotto/runtime';
import type { Results } from '../results/results.ts';
import { editOf } from './journals.ts';
import type { LibraryStore } from './library-store.ts';
import { readSearched, searchedRenderer } from './searched-renderer.ts';
import { storedTranscript } from './stored-transcript.ts';

export interface SearchFollowerDeps {
  store: LibraryStore;
  results: Pick<Results, 'stored'>;
  logger: Pick<Logger, 'warning'>;
}

/** Whoever edits makes one edit after the other. */
const DELAY_MS = 1_000;
const PAGE = 50;
/** What is away is tried again by the next sweep, and others tell of it. */
const AWAY: readonly ErrorCode[] = ['library_unavailable', 'service_full', 'item_not_found', 'no_transcript'];

/** Lets the search of the library find what was edited, a second later. What a dead API has left is found by the sweep. */
export class SearchFollower {
  readonly #deps: SearchFollowerDeps;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();

  constructor(deps: SearchFollowerDeps) {
    this.#deps = deps;
  }

  /** This item was edited. */
  follow(itemId: string): void {
    if (this.#timers.has(itemId)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(itemId);
      this.#run(this.#update(itemId));
    }, DELAY_MS);
    this.#timers.set(itemId, timer.unref());
  }

  /** What an API that is gone has left. Never throws: the next sweep finds it too. */
  start(): void {
    this.#run(this.sweep().catch(() => {}));
  }

  /** Looks for items that nobody follows any more. @throws SottoError `library_unavailable` */
  async sweep(): Promise<void> {
    for (const id of await this.#deps.store.use(({ items }) => items.unindexed(PAGE))) {
      if (!this.#timers.has(id)) await this.#update(id);
    }
  }

  /** Resolves when it does nothing any more. */
  async stop(): Promise<void> {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await Promise.all(this.#running);
  }

  #run(work: Promise<void>): void {
    const running = work.finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #update(itemId: string): Promise<void> {
    const { store, results, logger } = this.#deps;
    try {
      const item = await store.use(({ items }) => items.find(itemId));
      if (item === null) return;
      const stored = await storedTranscript(item, store);
      const journal = await store.use(({ edits }) => edits.list(itemId));
      const transcript = { stored, speakers: null, names: [], edits: journal.map(editOf) };
      const { body } = await results.stored(transcript, searchedRenderer, {});
      const revision = journal.at(-1)?.revision ?? 0;
      await store.use(({ items }) => items.reindex(itemId, revision, readSearched(body)));
    } catch (thrown) {
      const error = asSottoError(thrown);
      if (!AWAY.includes(error.code)) logger.warning('The search does not find an edit yet', { error });
    }
  }
}
