import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { Keys } from '../redis/keys.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';

/** How one call went: answered at once, answered late, not answered; `unknown`: it says nothing about the receiver. */
export type CallOutcome = 'quick' | 'slow' | 'failed' | 'unknown';

/** A call that may be made. `leave` must be called when it is over; a process that dies is forgotten after a minute. */
export interface ReceiverCall {
  leave(outcome: CallOutcome): Promise<void>;
}

/** `busy`: enough calls are under way. `closed`: so many in a row were not answered that it is left alone for now. */
export type Entry =
  | { state: 'entered'; call: ReceiverCall }
  | { state: 'busy' }
  | { state: 'closed'; failuresInARow: number };

const LIMITS = {
  /** At once to a receiver that answers quickly. */
  quickCalls: 16,
  /** To one of which nothing is known yet, or that takes its time. */
  otherCalls: 4,
  maxFailures: 5,
};
/** At once to all receivers of one API key: half of what one worker can have under way. */
const KEY_CALLS = 64;
/** Longer than any call takes. */
const LEASE_MS = 90_000;
const CLOSED_MS = 5_000;
const MAX_CLOSED_MS = 60_000;
const KEEP_MS = 3_600_000;

/**
 * The receivers of webhooks, each a host and port called on behalf of one API key: how many calls may be under way, and
 * a circuit breaker. open -> closed, after several calls in a row without an answer -> half open, when its time is over:
 * one call is made -> open, or closed again for twice the time. All workers share this state, so a library that keeps
 * it in one process would not do. Each key has its own, since the address of a shared service (chats, automation) that
 * fails one of its customers works for the others.
 */
export class Receivers {
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
  }

  /** `host`: with its port, as in an URL. */
  async enter(keyId: string | null, host: string): Promise<Entry> {
    const { outbox } = this.#keys;
    const own = [outbox.receiver(keyId, host), outbox.receiverCalls(keyId, host), outbox.callsOfKey(keyId)];
    const call = randomUUID();
    const keyCalls = keyId === null ? null : KEY_CALLS;
    const reply = await runScript(this.#redis, 'receiver-enter', own, { ...LIMITS, call, leaseMs: LEASE_MS, keyCalls });
    const [answer, failures] = reply as ['enter' | 'busy' | 'closed', number];
    if (answer === 'busy') return { state: 'busy' };
    if (answer === 'closed') return { state: 'closed', failuresInARow: failures };
    const leave = async (outcome: CallOutcome) => {
      const times = { closedMs: CLOSED_MS, maxClosedMs: MAX_CLOSED_MS, keepMs: KEEP_MS };
      await runScript(this.#redis, 'receiver-leave', own, { ...LIMITS, ...times, call, outcome });
    };
    return { state: 'entered', call: { leave } };
  }
}
