import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ApiKeys,
  type Consumers,
  connectRedis,
  disconnect,
  type Handlers,
  type QueueSettings,
  Receivers,
  startConsumers,
  Webhooks,
} from '@sotto/queue';
import { AddressGuard } from '@sotto/runtime';
import { Receiver, type RedisServer, startRedis, waitFor } from '@sotto/testkit';
import type { Redis } from 'ioredis';
import { deliverWebhookHandler } from '../src/webhooks/deliver.ts';

/** The size of docs/webhooks.md: SOTTO_TEST_WEBHOOKS=1000. */
const DEAD = Number(process.env.SOTTO_TEST_WEBHOOKS ?? 200);
const LIVE = DEAD / 10;
const MAX_DELAY_MS = 2_000;
const TIMEOUT_MS = 5_000;
const SECRET = `whsec_${randomBytes(24).toString('base64')}`;

/** Takes connections and never answers. */
class HangingReceiver {
  calls = 0;
  atOnce = 0;
  mostAtOnce = 0;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((_request, response) => {
      this.calls += 1;
      this.atOnce += 1;
      this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
      response.once('close', () => {
        this.atOnce -= 1;
      });
    });
  }

  static async open(): Promise<HangingReceiver> {
    const receiver = new HangingReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** The webhooks of one service, delivered by some workers. */
class Deliveries {
  readonly webhooks: Webhooks;
  readonly settings: QueueSettings = { prefix: `test-${randomUUID()}`, resultTtlSeconds: 60 };
  readonly #redis: Redis;
  #workers: Consumers[] = [];
  /** Errors of attempts, as their client would see them. */
  readonly errors: (string | null)[] = [];

  constructor(redis: Redis) {
    this.#redis = redis;
    this.webhooks = new Webhooks(redis, this.settings);
  }

  async work(redisUrl: string, workers: number, timeoutMs = TIMEOUT_MS): Promise<void> {
    const never = async () => {
      throw new Error('there is no such work here');
    };
    const handlers: Handlers = {
      transcribe: never,
      detect: never,
      'hear-voice': never,
      prepare: never,
      window: never,
      speakers: never,
      speak: never,
      piece: never,
      'word-times': never,
      'match-voice': never,
      'detect-language': never,
      sweep: async () => undefined,
      'deliver-webhook': deliverWebhookHandler({
        webhooks: this.webhooks,
        receivers: new Receivers(this.#redis, this.settings),
        guard: new AddressGuard(['127.0.0.1']),
        apiKeys: new ApiKeys(this.#redis, this.settings),
        secret: () => SECRET,
        timeoutMs: () => timeoutMs,
        onEvent: (event) => void (event.type === 'webhook' && this.errors.push(event.error)),
      }),
    };
    const concurrency = { prepare: 1, transcribe: 1, speak: 1 };
    const start = () =>
      startConsumers({ redisUrl, settings: this.settings, roles: ['prepare'], handlers, concurrency, onEvent() {} });
    this.#workers = await Promise.all(Array.from({ length: workers }, start));
  }

  async send(count: number, url: string, retryDelayMs = 5_000): Promise<void> {
    const about = { delivery: 1, keyId: null, url, body: '{}' };
    const one = () => this.webhooks.enqueue({ ...about, subject: randomUUID() }, retryDelayMs);
    await Promise.all(Array.from({ length: count }, one));
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.drain(0)));
    await this.webhooks.close();
  }
}

let server: RedisServer;
let redis: Redis;
let deliveries: Deliveries;
let live: Receiver;
let dead: HangingReceiver;

beforeAll(async () => {
  server = await startRedis();
  redis = connectRedis(server.url, 'worker');
});

afterAll(async () => {
  await disconnect(redis);
  await server.close();
});

beforeEach(async () => {
  deliveries = new Deliveries(redis);
  [live, dead] = [await Receiver.open(), await HangingReceiver.open()];
});

afterEach(async () => {
  await deliveries.close();
  await Promise.all([live.close(), dead.close()]);
});

const arrived = (count: number) =>
  waitFor(async () => (live.calls.length >= count ? true : null), {
    what: `${count} webhooks to arrive`,
    timeoutMs: 30_000,
  });

async function timeToArrive(count: number): Promise<number> {
  const startedMs = performance.now();
  await deliveries.send(LIVE, live.url);
  await arrived(count);
  return performance.now() - startedMs;
}

describe('a receiver that does not answer', () => {
  it(`delays ${LIVE} webhooks of another by less than ${MAX_DELAY_MS} ms, with ${DEAD} of its own before them`, async () => {
    await deliveries.work(server.url, 1);
    const aloneMs = await timeToArrive(LIVE);
    await deliveries.send(DEAD, dead.url);
    const besideMs = await timeToArrive(2 * LIVE);
    expect(besideMs).toBeLessThan(aloneMs + MAX_DELAY_MS);
  });

  it('is called by all workers together a few times at once, and then left alone', async () => {
    await deliveries.work(server.url, 2, 500);
    await deliveries.send(50, dead.url);
    await waitFor(async () => (deliveries.errors.some((error) => error?.startsWith('not called')) ? true : null), {
      what: 'the receiver to be left alone',
    });
    const callsThen = dead.calls;
    expect(dead.mostAtOnce).toBeLessThanOrEqual(4);
    await waitFor(async () => (deliveries.errors.length >= 50 ? true : null), {
      what: 'an attempt of each',
      timeoutMs: 30_000,
    });
    expect(dead.calls).toBeLessThanOrEqual(callsThen + 4);
  });

  it('gets what waits once it answers again', async () => {
    await deliveries.work(server.url, 1, 500);
    await deliveries.send(6, dead.url, 400);
    await waitFor(async () => (deliveries.errors.some((error) => error?.startsWith('not called')) ? true : null), {
      what: 'the receiver to be left alone',
    });
    const { port } = new URL(dead.url);
    await dead.close();
    let calls = 0;
    const repaired = createServer((_request, response) => {
      calls += 1;
      response.writeHead(204).end();
    });
    await new Promise<void>((resolve) => repaired.listen(Number(port), '127.0.0.1', resolve));
    await waitFor(async () => (calls === 6 ? true : null), { what: 'all to be delivered', timeoutMs: 30_000 });
    await new Promise((resolve) => repaired.close(resolve));
    dead = await HangingReceiver.open();
  });
});
