import { isEnd, type Run, runEventSchema, SottoError, type StoredRunEvent } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { reach } from './connection.ts';
import { Bell, Doorbells } from './doorbells.ts';
import { Keys } from './keys.ts';
import { Runs } from './runs.ts';
import type { QueueSettings } from './settings.ts';

const STREAM_ID = /^\d{1,20}-\d{1,20}$/;

/**
 * What runs tell while they are made. The stream has the content and pub/sub only rings, so that a thousand listeners
 * share one connection, and one who was away reads on where he stopped.
 */
export class RunEvents {
  readonly #redis: Redis;
  readonly #doorbells: Doorbells;
  readonly #keys: Keys;
  readonly #runs: Runs;

  /** `subscriber`: a connection of its own (purpose 'worker', so that it subscribes again after an outage). */
  constructor(redis: Redis, subscriber: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#doorbells = new Doorbells(subscriber);
    this.#keys = new Keys(settings.prefix);
    this.#runs = new Runs(redis, settings);
  }

  /** Stored events after that id (Last-Event-ID); from the start for null or an id no stream gives. */
  async read(runId: string, afterId: string | null = null): Promise<StoredRunEvent[]> {
    const from = afterId !== null && STREAM_ID.test(afterId) ? `(${afterId}` : '-';
    const entries = await reach(this.#redis.xrange(this.#keys.events(runId), from, '+'));
    return entries.map(([id, fields]) => ({ id, event: runEventSchema.parse(JSON.parse(String(fields[1]))) }));
  }

  /**
   * Stored events, then new ones, until the end of the run or the signal. Ends at once for an unknown run.
   * Throws queue_unavailable in an outage; the caller may follow again from the last id it has.
   */
  async *follow(runId: string, afterId: string | null, signal: AbortSignal): AsyncGenerator<StoredRunEvent, void> {
    const bell = new Bell(false);
    const leave = await this.#listen(runId, bell, signal);
    try {
      let after = afterId;
      while (!signal.aborted) {
        bell.clear();
        const run = await this.#runs.run(runId);
        for (const stored of await this.read(runId, after)) {
          after = stored.id;
          yield stored;
          if (isEnd(stored.event)) return;
        }
        // It had ended before that read, so the read was the rest of it.
        if (run?.status !== 'processing' || signal.aborted) return;
        await bell.wait();
      }
    } finally {
      leave();
    }
  }

  /** The run as it ended. Throws job_not_found when there is none, and the signal's reason when that comes first. */
  async waitForEnd(runId: string, signal: AbortSignal): Promise<Run> {
    const bell = new Bell(true);
    const leave = await this.#listen(runId, bell, signal);
    try {
      for (;;) {
        bell.clear();
        const run = await this.#runs.run(runId);
        if (run === null) throw new SottoError('job_not_found', 'The job has gone.');
        if (run.status !== 'processing') return run;
        signal.throwIfAborted();
        await bell.wait();
      }
    } finally {
      leave();
    }
  }

  async #listen(runId: string, bell: Bell, signal: AbortSignal): Promise<() => void> {
    const leave = await this.#doorbells.listen(this.#keys.doorbell(runId), bell);
    const onAbort = () => bell.ring(null);
    signal.addEventListener('abort', onAbort, { once: true });
    return () => {
      signal.removeEventListener('abort', onAbort);
      leave();
    };
  }
}
