import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { SottoError } from '@sotto/contracts';
import { CHECK_INTERVAL_MS, type Notifications } from '../redis/notifications.ts';
import type { Inbox } from './inbox.ts';
import type { StoredEvent } from './stored-event.ts';

/** Events read at once, so that those of a long stream are never all in memory for one reader. */
export const PAGE_EVENTS = 200;

/** A restart of Redis takes seconds, and an EventSource that gets a 503 when it reconnects gives up for good. */
const GIVE_UP_AFTER_MS = 10_000;
const BACKOFF_MS = 250;

/** Streams of events, one for each subject: a run, a live session. */
export interface FeedSource<S> {
  channel(id: string): string;
  /** Id of the newest event; '0-0' when there is none. */
  newestId(id: string): Promise<string>;
  /** The next events, PAGE_EVENTS at most. */
  page(id: string, afterId: string): Promise<S[]>;
  /** Whether more events may come. */
  isOpen(id: string): Promise<boolean>;
}

/** The events of one subject, read once for all its followers in this process. */
export class EventFeed<S extends StoredEvent> {
  readonly inboxes = new Set<Inbox<S>>();
  readonly #id: string;
  readonly #source: FeedSource<S>;
  readonly #timer: NodeJS.Timeout;
  readonly #closing = new AbortController();
  /** Reads that have not started yet, by what they read. */
  readonly #asked = new Map<string, Promise<unknown>>();
  #newestId: string | null = null;
  #isPumping = false;
  #isNotified = false;

  constructor(id: string, source: FeedSource<S>) {
    this.#id = id;
    this.#source = source;
    this.#timer = setInterval(() => void this.#check(), CHECK_INTERVAL_MS);
  }

  /** A follower that joins from now on misses nothing: it reads older events itself, newer ones come to its inbox. */
  async open(): Promise<void> {
    this.#newestId = await this.#source.newestId(this.#id);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#closing.abort();
  }

  notified(): void {
    void this.#pump();
  }

  /** The stored events after that one, PAGE_EVENTS at most. */
  page(afterId: string): Promise<readonly S[]> {
    return this.#shared(`after ${afterId}`, () => this.#source.page(this.#id, afterId));
  }

  isOpen(): Promise<boolean> {
    return this.#shared('is it open', () => this.#source.isOpen(this.#id));
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
        const events: S[] = await this.#withBackoff(() => this.#source.page(this.#id, afterId));
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

  /** Notifications can be lost, and a subject that expires sends none. */
  async #check(): Promise<void> {
    if (this.#isPumping) return;
    try {
      const isOpen = await this.isOpen();
      await this.#pump();
      if (!isOpen && !this.#isPumping) for (const inbox of this.inboxes) inbox.close();
    } catch (error) {
      for (const inbox of this.inboxes) inbox.close(error);
    }
  }
}

/** The feeds of all subjects that are followed in this process. */
export class EventFeeds<S extends StoredEvent> {
  readonly #notifications: Notifications;
  readonly #source: FeedSource<S>;
  readonly #feeds = new Map<string, { feed: EventFeed<S>; opened: Promise<() => void> }>();

  constructor(notifications: Notifications, source: FeedSource<S>) {
    this.#notifications = notifications;
    this.#source = source;
  }

  /** Resolves once all later events will reach the inbox. */
  async join(id: string, inbox: Inbox<S>): Promise<{ feed: EventFeed<S>; leave(): void }> {
    const entry = this.#feeds.get(id) ?? this.#open(id);
    const { feed, opened } = entry;
    feed.inboxes.add(inbox);
    const leave = () => {
      feed.inboxes.delete(inbox);
      if (feed.inboxes.size > 0 || this.#feeds.get(id) !== entry) return;
      this.#feeds.delete(id);
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

  #open(id: string) {
    const feed = new EventFeed<S>(id, this.#source);
    const opened = this.#notifications.listen(this.#source.channel(id), feed).then(async (unlisten) => {
      try {
        await feed.open();
        return unlisten;
      } catch (error) {
        unlisten();
        throw error;
      }
    });
    const entry = { feed, opened };
    this.#feeds.set(id, entry);
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
