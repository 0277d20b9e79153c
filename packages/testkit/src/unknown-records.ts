import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

/**
 * Records that a reader of this build cannot parse, put where it will meet them: as a later build might write them, or as
 * a fault left them. Each method gives the id of what it put there.
 */
export class UnknownRecords {
  readonly #redis: Redis;
  readonly #prefix: string;

  constructor(redis: Redis, prefix: string) {
    this.#redis = redis;
    this.#prefix = prefix;
  }

  /** A run of a later version and an unknown kind, in processing, with a request whose client asks for it. */
  async run(fields: Record<string, string> = {}): Promise<{ runId: string; requestId: string }> {
    const runId = randomUUID();
    const createdAtMs = String(Date.now() - 60_000);
    const later = { version: '99', kind: 'somersault', status: 'processing', stage: 'tumbling', input: '{}' };
    await this.#redis.hset(this.#key('run', runId), { id: runId, createdAtMs, ...later, ...fields });
    await this.#redis.zadd(this.#key('processing'), createdAtMs, runId);
    const requestId = await this.#requestOn(runId, { delivery: JSON.stringify(DELIVERY) });
    return { runId, requestId };
  }

  /** A request of a run that can be read, in which nothing makes sense. */
  requestOn(runId: string): Promise<string> {
    return this.#requestOn(runId, { delivery: '{"responseFormat":', createdAtMs: 'yesterday', version: '99' });
  }

  /** A living worker that describes itself in a way nobody knows. */
  async heartbeat(): Promise<string> {
    const workerId = `later-${randomUUID()}`;
    const beat = { version: 99, workerId, roles: { juggle: true }, engines: 'many' };
    await this.#redis.set(this.#key('worker', workerId), JSON.stringify(beat), 'PX', HEARTBEAT_TTL_MS);
    await this.#redis.zadd(this.#key('workers'), Date.now(), workerId);
    return workerId;
  }

  /** A living worker of the build before heartbeats listed engines; resolves to what makes it go. */
  async previousWorker(): Promise<() => Promise<void>> {
    const workerId = `before-${randomUUID()}`;
    const beat = {
      workerId,
      roles: ['prepare'],
      startedAtMs: 1,
      state: 'ready',
      device: 'cpu',
      currentModel: null,
      models: [],
      slots: 0,
      busySlots: 0,
      rtfx: null,
      metricsUrl: null,
      version: '0.1.0',
    };
    await this.#redis.set(this.#key('worker', workerId), JSON.stringify(beat), 'PX', HEARTBEAT_TTL_MS);
    await this.#redis.zadd(this.#key('workers'), Date.now(), workerId);
    return async () => {
      await this.#redis.del(this.#key('worker', workerId));
      await this.#redis.zrem(this.#key('workers'), workerId);
    };
  }

  /** A batch that is not done. */
  async batch(): Promise<string> {
    const id = randomUUID();
    const fields = { id, version: '99', state: 'processing', keyId: '', createdAtMs: '1', delivery: '[' };
    await this.#redis.hset(this.#key('batch', id), { ...fields, accepted: '1' });
    await this.#redis.zadd(this.#key('batches'), Date.now(), id);
    return id;
  }

  /** Something to be told that is none of today's subjects. */
  async outboxEntry(): Promise<string> {
    const member = `applause:${randomUUID()}:1`;
    await this.#redis.zadd(this.#key('outbox', 'webhooks'), Date.now(), member);
    await this.#redis.publish(this.#key('outbox'), '');
    return member;
  }

  /** In the stream of a run. */
  async event(runId: string): Promise<string> {
    return String(await this.#redis.xadd(this.#key('run', runId, 'events'), '*', 'e', '{"type":"applause","claps":3}'));
  }

  async #requestOn(runId: string, fields: Record<string, string>): Promise<string> {
    const id = randomUUID();
    const nowMs = Date.now();
    const usual = { id, runId, keyId: '', createdAtMs: String(nowMs), fileName: 'a.wav', joined: '0' };
    await this.#redis.hset(this.#key('request', id), { ...usual, ...fields });
    await this.#redis.sadd(this.#key('run', runId, 'requests'), id);
    await this.#redis.zadd(this.#key('requests'), 0, `${String(nowMs).padStart(TIME_DIGITS, '0')}:${id}`);
    return id;
  }

  #key(...parts: string[]): string {
    return [this.#prefix, ...parts].join(':');
  }
}

const HEARTBEAT_TTL_MS = 60_000;
const TIME_DIGITS = 15;
const DELIVERY = {
  responseFormat: 'json',
  granularity: 'segment',
  async: true,
  priority: null,
  cancelOnDisconnect: false,
  cache: true,
};
