import type { Redis } from 'ioredis';
import { reach } from '../redis/faults.ts';
import type { Notifications } from '../redis/notifications.ts';
import { type EventFeed, EventFeeds, isAfter, PAGE_EVENTS } from './event-feeds.ts';
import { Inbox } from './inbox.ts';
import type { StoredEvent } from './stored-event.ts';

/** As XADD generates them; Redis refuses longer numbers. */
const STREAM_ID = /^\d{1,15}-\d{1,18}$/;
const BEFORE_ALL = '0-0';

/** What is followed: the streams of runs, or of live sessions. */
export interface EventSource<S> {
  streamKey(id: string): string;
  channel(id: string): string;
  parse(id: string, json: string): S;
  /** An event that only a newer build knows keeps its place, and is skipped. */
  isKnown(stored: S): boolean;
  isLast(stored: S): boolean;
  /** Whether more events may come. */
  isOpen(id: string): Promise<boolean>;
}

/**
 * Streams of events. A stream holds them and pub/sub only notifies. Each is read once for all its followers in this
 * process, over one connection; a follower that was disconnected continues where it stopped.
 */
export class EventStreams<S extends StoredEvent> {
  readonly #redis: Redis;
  readonly #source: EventSource<S>;
  readonly #feeds: EventFeeds<S>;

  constructor(redis: Redis, notifications: Notifications, source: EventSource<S>) {
    this.#redis = redis;
    this.#source = source;
    this.#feeds = new EventFeeds<S>(notifications, {
      channel: (id) => source.channel(id),
      newestId: (id) => this.#newestId(id),
      page: (id, afterId) => this.#read(id, afterId, PAGE_EVENTS),
      isOpen: (id) => source.isOpen(id),
    });
  }

  /** Stored events after that id (Last-Event-ID); all of them for null or an impossible id. */
  async read(id: string, afterId: string | null = null): Promise<S[]> {
    return (await this.#read(id, streamId(afterId))).filter((stored) => this.#source.isKnown(stored));
  }

  /**
   * Stored events, then new ones, until the last one or the signal aborts. Ends at once for an unknown subject. Continues
   * after a short outage of Redis; in a long one it throws queue_unavailable, and the caller may follow again from the
   * last id it has. The event objects are shared with other followers.
   */
  async *follow(id: string, afterId: string | null, signal: AbortSignal): AsyncGenerator<S, void> {
    const inbox = new Inbox<S>();
    const { feed, leave } = await this.#feeds.join(id, inbox);
    const onAbort = () => inbox.leave();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (signal.aborted) return;
      // Checked before the stored events are read: if it is over, they are the last ones.
      if ((await inbox.unlessLeft(feed.isOpen())) !== true) inbox.close();
      for await (const events of batches(feed, inbox, streamId(afterId))) {
        for (const stored of events.filter((each) => this.#source.isKnown(each))) {
          if (signal.aborted) return;
          yield stored;
          if (this.#source.isLast(stored)) return;
        }
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      leave();
    }
  }

  async #read(id: string, afterId: string, count?: number): Promise<S[]> {
    const range = [this.#source.streamKey(id), `(${afterId}`, '+'] as const;
    const entries = await reach(
      count === undefined ? this.#redis.xrange(...range) : this.#redis.xrange(...range, 'COUNT', count),
    );
    return entries.map(([eventId, fields]) => this.#source.parse(eventId, String(fields[1])));
  }

  async #newestId(id: string): Promise<string> {
    const [newest] = await reach(this.#redis.xrevrange(this.#source.streamKey(id), '+', '-', 'COUNT', 1));
    return newest?.[0] ?? BEFORE_ALL;
  }
}

/** From the stream until its end, then from the inbox; from the stream again when the inbox has overflowed. */
async function* batches<S extends StoredEvent>(
  feed: EventFeed<S>,
  inbox: Inbox<S>,
  afterId: string,
): AsyncGenerator<readonly S[], void> {
  let last = afterId;
  for (let isBehind = true; ; ) {
    const events: Awaited<ReturnType<Inbox<S>['take']>> = isBehind
      ? await inbox.unlessLeft(feed.page(last))
      : await inbox.take();
    if (events === null) return;
    isBehind = events === 'behind' || (isBehind && events.length === PAGE_EVENTS);
    if (events === 'behind') continue;
    const after = last;
    const newer = events.filter(({ id }) => isAfter(id, after));
    last = newer.at(-1)?.id ?? last;
    yield newer;
  }
}

const streamId = (text: string | null): string => (text !== null && STREAM_ID.test(text) ? text : BEFORE_ALL);
