import { isEnd, type Run, type RunEvent, runEventSchema, SottoError, type StoredRunEvent } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { reach } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { Notifications, Waiter } from '../redis/notifications.ts';
import type { QueueSettings } from '../redis/settings.ts';
import { Runs } from '../runs/runs.ts';
import { Inbox } from './inbox.ts';
import { isAfter, PAGE_EVENTS, type RunFeed, RunFeeds } from './run-feeds.ts';

/** As XADD generates them; Redis refuses longer numbers. */
const STREAM_ID = /^\d{1,15}-\d{1,18}$/;
const BEFORE_ALL = '0-0';

/**
 * The events of runs. A stream holds them and pub/sub only notifies. Each run is read once for all its followers in
 * this process, over one connection; a follower that was disconnected continues where it stopped.
 */
export class RunEvents {
  readonly #redis: Redis;
  readonly #notifications: Notifications;
  readonly #feeds: RunFeeds;
  readonly #keys: Keys;
  readonly #runs: Runs;

  /** `subscriber`: a separate connection (of purpose 'worker', so that it subscribes again after an outage). */
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

  /** Stored events after that id (Last-Event-ID); all of them for null or an impossible id. */
  async read(runId: string, afterId: string | null = null): Promise<StoredRunEvent[]> {
    return (await this.#read(runId, streamId(afterId))).filter(isKnown);
  }

  /**
   * Stored events, then new ones, until the run ends or the signal aborts. Ends at once for an unknown run. Continues
   * after a short outage of Redis; in a long one it throws queue_unavailable, and the caller may follow again from the
   * last id it has. The event objects are shared with other followers.
   */
  async *follow(runId: string, afterId: string | null, signal: AbortSignal): AsyncGenerator<StoredRunEvent, void> {
    const inbox = new Inbox();
    const { feed, leave } = await this.#feeds.join(runId, inbox);
    const onAbort = () => inbox.leave();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (signal.aborted) return;
      // Checked before the stored events are read: if the run has ended, they are the last ones.
      if ((await inbox.unlessLeft(feed.isProcessing())) !== true) inbox.close();
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

  /**
   * The run once it has ended.
   *
   * @throws SottoError `job_not_found` when there is no such run; the signal's reason when that comes first.
   */
  async waitForEnd(runId: string, signal: AbortSignal): Promise<Run> {
    const waiter = new Waiter(true);
    const leave = await this.#listen(runId, waiter, signal);
    try {
      for (;;) {
        waiter.clear();
        const run = await this.#runs.run(runId);
        if (run === null) throw new SottoError('job_not_found', 'The job no longer exists.');
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

/** An event of a newer build that this one does not know keeps its place in the stream, and is skipped. */
function eventOf(json: string): RunEvent {
  const { data, success } = runEventSchema.safeParse(JSON.parse(json));
  return success ? data : { type: 'unknown' };
}

const isKnown = ({ event }: StoredRunEvent): boolean => event.type !== 'unknown';

/** From the stream until its end, then from the inbox; from the stream again when the inbox has overflowed. */
async function* batches(feed: RunFeed, inbox: Inbox, afterId: string): AsyncGenerator<readonly StoredRunEvent[], void> {
  let last = afterId;
  for (let isBehind = true; ; ) {
    const events: Awaited<ReturnType<Inbox['take']>> = isBehind
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
