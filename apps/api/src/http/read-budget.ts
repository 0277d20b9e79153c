import { SottoError } from '@sotto/contracts';
import { remember } from './remember.ts';

const MINUTE_MS = 60_000;

/**
 * How often each caller may read lists, results and search: a bucket of a minute's worth that fills steadily. Reading
 * costs the processor time of this process, so each process counts for itself, without asking Redis.
 */
export class ReadBudget {
  readonly #nowMs: () => number;
  readonly #buckets = new Map<string, { left: number; atMs: number }>();

  constructor(nowMs = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** @throws SottoError `rate_limit_exceeded`. */
  take(subject: string, perMinute: number): void {
    const nowMs = this.#nowMs();
    const before = this.#buckets.get(subject) ?? { left: perMinute, atMs: nowMs };
    const left = Math.min(perMinute, before.left + ((nowMs - before.atMs) * perMinute) / MINUTE_MS);
    const isAllowed = left >= 1;
    remember(this.#buckets, subject, { left: isAllowed ? left - 1 : left, atMs: nowMs });
    if (isAllowed) return;
    throw new SottoError('rate_limit_exceeded', `The limit is ${perMinute} reads per minute.`, {
      retryAfterSeconds: Math.max(1, Math.ceil(((1 - left) * MINUTE_MS) / perMinute / 1000)),
    });
  }
}
