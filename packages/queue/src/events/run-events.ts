import { isEnd, type Run, type RunEvent, runEventSchema, SottoError, type StoredRunEvent } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { reach } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { Notifications, Waiter } from '../redis/notifications.ts';
import type { QueueSettings } from '../redis/settings.ts';
import { Runs } from '../runs/runs.ts';
import { EventStreams } from './event-streams.ts';

/** The events of runs. */
export class RunEvents {
  readonly #notifications: Notifications;
  readonly #streams: EventStreams<StoredRunEvent>;
  readonly #keys: Keys;
  readonly #runs: Runs;

  /** `subscriber`: a separate connection (of purpose 'worker', so that it subscribes again after an outage). */
  constructor(redis: Redis, subscriber: Redis, settings: QueueSettings) {
    const { runs } = new Keys(settings.prefix);
    this.#keys = new Keys(settings.prefix);
    this.#runs = new Runs(redis, settings);
    this.#notifications = new Notifications(subscriber);
    this.#streams = new EventStreams(redis, this.#notifications, {
      streamKey: (runId) => runs.events(runId),
      channel: (runId) => runs.notifications(runId),
      parse: (id, json) => ({ id, event: eventOf(json) }),
      isKnown: ({ event }) => event.type !== 'unknown',
      isLast: ({ event }) => isEnd(event),
      isOpen: async (runId) => (await reach(redis.hget(runs.record(runId), 'status'))) === 'processing',
    });
  }

  /** As EventStreams.read. */
  read(runId: string, afterId: string | null = null): Promise<StoredRunEvent[]> {
    return this.#streams.read(runId, afterId);
  }

  /** As EventStreams.follow, until the run ends. */
  follow(runId: string, afterId: string | null, signal: AbortSignal): AsyncGenerator<StoredRunEvent, void> {
    return this.#streams.follow(runId, afterId, signal);
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
}

function eventOf(json: string): RunEvent {
  const { data, success } = runEventSchema.safeParse(JSON.parse(json));
  return success ? data : { type: 'unknown' };
}
