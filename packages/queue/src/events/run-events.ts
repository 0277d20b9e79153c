import { isEnd, type Run, type RunEvent, runEventSchema, SottoError, type StoredRunEvent } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { reach } from '../redis/connection.ts';
import { Keys } from '../redis/keys.ts';
import type { QueueSettings } from '../redis/settings.ts';
import { Runs } from '../runs/runs.ts';
import { Inbox } from './inbox.ts';
import { Notifications, Waiter } from './notifications.ts';
import { isAfter, PAGE_EVENTS, type RunFeed, RunFeeds } from './run-feeds.ts';

/** As XADD makes them; longer numbers Redis would refuse. */
const STREAM_ID = /^\d{1,15}-\d{1,18}$/;
const BEFORE_ALL = '0-0';

/**
 * What runs tell while they are made. The stream has the content and pub/sub only notifies; a run is read once for all who
 * follow it in this process, over one connection, and one who was away reads on where he stopped.
 */
export class RunEvents {
  readonly #redis: Redis;
  readonly #notifications: Notifications;
  readonly #feeds: RunFeeds;
  readonly #keys: Keys;
  readonly #runs: Runs;

  /** `subscriber`: a connection of its own (purpose 'worker', so that it subscribes again after an outage). */
  constructor(redis: Redis, subscriber: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#runs = new Runs(redis, settings);
    this.#notifications = new Notifications(subscriber);
    this.#feeds = new RunFeeds(this.#notifications, {
      channel: (runId) => this.#keys.runs.notifications(runId),
      newestId: (runId) => this.#newestId(runId),
      page: (runId, afterId) => this.#read(runId, afterId, PAGE_EVENTS),
      isProcessing: (runId) => this.#isProcessing(runId),
    });
  }

  /** Stored events after that id (Last-Event-ID); from the start for null or an id no stream gives. */
  async read(runId: string, afterId: string | null = null): Promise<StoredRunEvent[]> {
    return (await this.#read(runId, streamId(afterId))).filter(isKnown);
  }

  /**
   * Stored events, then new ones, until the end of the run or the signal. Ends at once for an unknown run.
   * Reads on when Redis is back from a short outage; throws queue_unavailable in a long one, and the caller may follow
   * again from the last id it has. Events are shared with every other follower.
   */
  async *follow(runId: string, afterId: string | null, signal: AbortSignal): AsyncGenerator<StoredRunEvent, void> {
    const inbox = new Inbox();
    const { feed, leave } = await this.#feeds.join(runId, inbox);
    const onAbort = () => inbox.leave();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (signal.aborted) return;
      // Asked before the stored events are read: if it has ended, those are the rest.
      if ((await inbox.unlessGone(feed.isProcessing())) !== true) inbox.close();
      for await (const events of batches(feed, inbox, streamId(afterId))) {
        for (const stored of events.filter(isKnown)) {
          if (signal.aborted) return;
          yield stored;
          if (isEnd(stored.event)) return;
        }
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      leave();
    }
  }

  /** The run as it ended. Throws job_not_found when there is none, and the signal's reason when that comes first. */
  async waitForEnd(runId: string, signal: AbortSignal): Promise<Run> {
    const waiter = new Waiter(true);
    const leave = await this.#listen(runId, waiter, signal);
    try {
      for (;;) {
        waiter.clear();
        const run = await this.#runs.run(runId);
        if (run === null) throw new SottoError('job_not_found', 'The job has gone.');
        if (run.status !== 'processing') return run;
        signal.throwIfAborted();
        await waiter.wait();
      }
    } finally {
      leave();
    }
  }

  async #listen(runId: string, waiter: Waiter, signal: AbortSignal): Promise<() => void> {
    const leave = await this.#notifications.listen(this.#keys.runs.notifications(runId), waiter);
    const onAbort = () => waiter.notified(null);
    signal.addEventListener('abort', onAbort, { once: true });
    return () => {
      signal.removeEventListener('abort', onAbort);
      leave();
    };
  }

  async #read(runId: string, afterId: string, count?: number): Promise<StoredRunEvent[]> {
    const range = [this.#keys.runs.events(runId), `(${afterId}`, '+'] as const;
    const entries = await reach(
      count === undefined ? this.#redis.xrange(...range) : this.#redis.xrange(...range, 'COUNT', count),
    );
    return entries.map(([id, fields]) => ({ id, event: eventOf(String(fields[1])) }));
  }

  async #newestId(runId: string): Promise<string> {
    const [newest] = await reach(this.#redis.xrevrange(this.#keys.runs.events(runId), '+', '-', 'COUNT', 1));
    return newest?.[0] ?? BEFORE_ALL;
  }

  async #isProcessing(runId: string): Promise<boolean> {
    return (await reach(this.#redis.hget(this.#keys.runs.record(runId), 'status'))) === 'processing';
  }
}

/** What a newer build tells that this one does not know: it keeps its place, and is passed over. */
function eventOf(json: string): RunEvent {
  const { data, success } = runEventSchema.safeParse(JSON.parse(json));
  return success ? data : { type: 'unknown' };
}

const isKnown = ({ event }: StoredRunEvent): boolean => event.type !== 'unknown';

/** From the stream until it is read to its end, then from the inbox; again so when that was left behind. */
async function* batches(feed: RunFeed, inbox: Inbox, afterId: string): AsyncGenerator<readonly StoredRunEvent[], void> {
  let last = afterId;
  for (let isBehind = true; ; ) {
    const events: Awaited<ReturnType<Inbox['take']>> = isBehind
      ? await inbox.unlessGone(feed.page(last))
      : await inbox.take();
    if (events === null) return;
    isBehind = events === 'behind' || (isBehind && events.length === PAGE_EVENTS);
    if (events === 'behind') continue;
    const after = last;
    const news = events.filter(({ id }) => isAfter(id, after));
    last = news.at(-1)?.id ?? last;
    yield news;
  }
}

const streamId = (text: string | null): string => (text !== null && STREAM_ID.test(text) ? text : BEFORE_ALL);
