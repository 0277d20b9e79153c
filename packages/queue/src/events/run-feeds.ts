import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { SottoError, type StoredRunEvent } from '@sotto/contracts';
import { CHECK_INTERVAL_MS, type Notifications } from '../redis/notifications.ts';
import type { Inbox } from './inbox.ts';

/** Events read at once, so that those of a long run are never all in memory for one reader. */
export const PAGE_EVENTS = 200;

/** A restart of Redis takes seconds, and an EventSource that gets a 503 when it reconnects gives up for good. */
const GIVE_UP_AFTER_MS = 10_000;
const BACKOFF_MS = 250;

export interface FeedSource {
  channel(runId: string): string;
  /** Id of the newest event; '0-0' when there is none. */
  newestId(runId: string): Promise<string>;
  /** The next events, PAGE_EVENTS at most. */
  page(runId: string, afterId: string): Promise<StoredRunEvent[]>;
  isProcessing(runId: string): Promise<boolean>;
}

/** The events of one run, read once for all its followers in this process. */
export class RunFeed {
  readonly inboxes = new Set<Inbox>();
  readonly #runId: string;
  readonly #source: FeedSource;
  readonly #timer: NodeJS.Timeout;
  readonly #closing = new AbortController();
  /** Reads that have not started yet, by what they read. */
  readonly #asked = new Map<string, Promise<unknown>>();
  #newestId: string | null = null;
  #isPumping = false;
  #isNotified = false;

  constructor(runId: string, source: FeedSource) {
    this.#runId = runId;
    this.#source = source;
    this.#timer = setInterval(() => void this.#check(), CHECK_INTERVAL_MS);
  }

  /** A follower that joins from now on misses nothing: it reads older events itself, newer ones come to its inbox. */
  async open(): Promise<void> {
    this.#newestId = await this.#source.newestId(this.#runId);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#closing.abort();
  }

  notified(): void {
    void this.#pump();
  }

  /** The stored events after that one, PAGE_EVENTS at most. */
  page(afterId: string): Promise<readonly StoredRunEvent[]> {
    return this.#shared(`after ${afterId}`, () => this.#source.page(this.#runId, afterId));
  }

  isProcessing(): Promise<boolean> {
    return this.#shared('is it processing', () => this.#source.isProcessing(this.#runId));
  }

  /** One read for all who ask in the same turn of the event loop; it starts once all of them have their inbox. */
  #shared<T>(question: string, read: () => Promise<T>): Promise<T> {
    const asked = this.#asked.get(question) as Promise<T> | undefined;
    if (asked !== undefined) return asked;
    const answer = nextTurn().then(() => {
      this.#asked.delete(question);
      return this.#withBackoff(read);
    });
    this.#asked.set(question, answer);
    return answer;
  }

  /**
   * Reads again after a pause while Redis is disconnected, so that one lost answer does not end all streams at once.
   */
  async #withBackoff<T>(read: () => Promise<T>): Promise<T> {
    for (let firstFailedMs: number | null = null; ; ) {
      try {
        return await read();
      } catch (error) {
        const nowMs = performance.now();
        firstFailedMs ??= nowMs;
        const isDisconnected = error instanceof SottoError && error.code === 'queue_unavailable';
        if (!isDisconnected || nowMs - firstFailedMs >= GIVE_UP_AFTER_MS || this.#closing.signal.aborted) throw error;
        await pause(BACKOFF_MS, null, { signal: this.#closing.signal });
      }
    }
  }

  async #pump(): Promise<void> {
    this.#isNotified = true;
    if (this.#isPumping || this.#newestId === null) return;
    this.#isPumping = true;
    try {
      while (this.#isNotified) {
        this.#isNotified = false;
        const afterId: string = this.#newestId;
        const events: StoredRunEvent[] = await this.#withBackoff(() => this.#source.page(this.#runId, afterId));
        this.#newestId = events.at(-1)?.id ?? afterId;
        this.#isNotified ||= events.length === PAGE_EVENTS;
        if (events.length > 0) for (const inbox of this.inboxes) inbox.push(events);
      }
    } catch (error) {
      for (const inbox of this.inboxes) inbox.close(error);
    } finally {
      this.#isPumping = false;
    }
  }

  /** Notifications can be lost, and a run that expires sends none. */
  async #check(): Promise<void> {
    if (this.#isPumping) return;
    try {
      const isProcessing = await this.isProcessing();
      await this.#pump();
      if (!isProcessing && !this.#isPumping) for (const inbox of this.inboxes) inbox.close();
    } catch (error) {
      for (const inbox of this.inboxes) inbox.close(error);
    }
  }
}

/** The feeds of all runs that are followed in this process. */
export class RunFeeds {
  readonly #notifications: Notifications;
  readonly #source: FeedSource;
  readonly #feeds = new Map<string, { feed: RunFeed; opened: Promise<() => void> }>();

  constructor(notifications: Notifications, source: FeedSource) {
    this.#notifications = notifications;
    this.#source = source;
  }

  /** Resolves once all later events will reach the inbox. */
  async join(runId: string, inbox: Inbox): Promise<{ feed: RunFeed; leave(): void }> {
    const entry = this.#feeds.get(runId) ?? this.#open(runId);
    const { feed, opened } = entry;
    feed.inboxes.add(inbox);
    const leave = () => {
      feed.inboxes.delete(inbox);
      if (feed.inboxes.size > 0 || this.#feeds.get(runId) !== entry) return;
      this.#feeds.delete(runId);
      feed.close();
      opened.then((unlisten) => unlisten()).catch(() => {});
    };
    try {
      await opened;
      return { feed, leave };
    } catch (error) {
      leave();
      throw error;
    }
  }

  #open(runId: string) {
    const feed = new RunFeed(runId, this.#source);
    const opened = this.#notifications.listen(this.#source.channel(runId), feed).then(async (unlisten) => {
      try {
        await feed.open();
        return unlisten;
      } catch (error) {
        unlisten();
        throw error;
      }
    });
    const entry = { feed, opened };
    this.#feeds.set(runId, entry);
    return entry;
  }
}

/** Compares stream ids, `MS-NUMBER`. */
export function isAfter(id: string, other: string): boolean {
  const [ms = '0', number = '0'] = id.split('-');
  const [otherMs = '0', otherNumber = '0'] = other.split('-');
  const difference = BigInt(ms) - BigInt(otherMs);
  return difference === 0n ? BigInt(number) > BigInt(otherNumber) : difference > 0n;
}
