import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { SottoError, type StoredRunEvent } from '@sotto/contracts';
import type { Inbox } from './inbox.ts';
import { LOOK_AGAIN_MS, type Notifications } from './notifications.ts';

/** Events read at once: a long run's are not all held in memory for one reader. */
export const PAGE_EVENTS = 200;

/** A restart of Redis takes seconds, and an EventSource that meets a 503 when it comes back gives up for good. */
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

/** One run's events, read once for all its followers in this process. */
export class RunFeed {
  readonly inboxes = new Set<Inbox>();
  readonly #runId: string;
  readonly #source: FeedSource;
  readonly #timer: NodeJS.Timeout;
  readonly #closing = new AbortController();
  /** Reads that have not begun, by what they ask. */
  readonly #asked = new Map<string, Promise<unknown>>();
  #newestId: string | null = null;
  #pumping = false;
  #notifiedMeanwhile = false;

  constructor(runId: string, source: FeedSource) {
    this.#runId = runId;
    this.#source = source;
    this.#timer = setInterval(() => void this.#lookAround(), LOOK_AGAIN_MS);
  }

  /** Whoever joins from now on misses nothing: what is older he reads himself, what is newer comes to his inbox. */
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

  /** One read for all who ask in the same turn of the event loop: it begins when all of them have their inbox. */
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

  /** Reads again after a pause while Redis is away, so that one lost answer does not end every stream at once. */
  async #withBackoff<T>(read: () => Promise<T>): Promise<T> {
    for (let firstFailedMs: number | null = null; ; ) {
      try {
        return await read();
      } catch (error) {
        const nowMs = performance.now();
        firstFailedMs ??= nowMs;
        const isAway = error instanceof SottoError && error.code === 'queue_unavailable';
        if (!isAway || nowMs - firstFailedMs >= GIVE_UP_AFTER_MS || this.#closing.signal.aborted) throw error;
        await pause(BACKOFF_MS, null, { signal: this.#closing.signal });
      }
    }
  }

  async #pump(): Promise<void> {
    this.#notifiedMeanwhile = true;
    if (this.#pumping || this.#newestId === null) return;
    this.#pumping = true;
    try {
      while (this.#notifiedMeanwhile) {
        this.#notifiedMeanwhile = false;
        const afterId: string = this.#newestId;
        const events: StoredRunEvent[] = await this.#withBackoff(() => this.#source.page(this.#runId, afterId));
        this.#newestId = events.at(-1)?.id ?? afterId;
        this.#notifiedMeanwhile ||= events.length === PAGE_EVENTS;
        if (events.length > 0) for (const inbox of this.inboxes) inbox.push(events);
      }
    } catch (error) {
      for (const inbox of this.inboxes) inbox.close(error);
    } finally {
      this.#pumping = false;
    }
  }

  /** A notification may have been lost, and a run that expires sends none. */
  async #lookAround(): Promise<void> {
    if (this.#pumping) return;
    try {
      const isProcessing = await this.isProcessing();
      await this.#pump();
      if (!isProcessing && !this.#pumping) for (const inbox of this.inboxes) inbox.close();
    } catch (error) {
      for (const inbox of this.inboxes) inbox.close(error);
    }
  }
}

/** The feeds that somebody in this process follows. */
export class RunFeeds {
  readonly #notifications: Notifications;
  readonly #source: FeedSource;
  readonly #feeds = new Map<string, { feed: RunFeed; opened: Promise<() => void> }>();

  constructor(notifications: Notifications, source: FeedSource) {
    this.#notifications = notifications;
    this.#source = source;
  }

  /** Resolves when every later event will reach the inbox. */
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

/** Orders stream ids, `MS-NUMBER`. */
export function isAfter(id: string, other: string): boolean {
  const [ms = '0', number = '0'] = id.split('-');
  const [otherMs = '0', otherNumber = '0'] = other.split('-');
  const difference = BigInt(ms) - BigInt(otherMs);
  return difference === 0n ? BigInt(number) > BigInt(otherNumber) : difference > 0n;
}
