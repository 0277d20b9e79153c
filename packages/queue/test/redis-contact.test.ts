import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type RedisServer, waitFor } from '@sotto/testkit';
import type { Redis } from 'ioredis';
import { connectRedis } from '../src/index.ts';
import { RedisContact } from '../src/redis/redis-contact.ts';
import { startRedis } from './harness.ts';

const SILENCE_LIMIT_MS = 300;

let server: RedisServer;
let line: Server;
let sockets: Socket[];
let redis: Redis;
let contact: RedisContact;

beforeEach(async () => {
  server = await startRedis();
  sockets = [];
  line = await startLine(Number(new URL(server.url).port));
  const url = `redis://127.0.0.1:${(line.address() as AddressInfo).port}`;
  redis = connectRedis(url, 'worker');
  contact = new RedisContact({
    redis,
    connect: () => connectRedis(url, 'worker'),
    silenceLimitMs: SILENCE_LIMIT_MS,
    pingIntervalMs: 20,
  });
  await redis.ping();
});

afterEach(async () => {
  contact.close();
  redis.disconnect();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => line.close(resolve));
  await server.close();
});

/** What lies between the process and Redis: `cutSilently` drops what existing connections send, and tells nobody. */
async function startLine(port: number): Promise<Server> {
  const between = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on('error', () => {});
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
  return between;
}

function cutSilently(): void {
  for (const socket of sockets) socket.unpipe().resume();
}

const silence = () =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, 2 * SILENCE_LIMIT_MS);
  });

describe('RedisContact', () => {
  it('finds its connection well while it is answered', async () => {
    await silence();
    expect(await contact.isStuck()).toBe(false);
  });

  it('finds it stuck when a new connection is answered and this one is not', async () => {
    cutSilently();
    await waitFor(() => contact.isStuck(), { what: 'it to be noticed' });
  });

  it('does not blame it for a Redis that hangs', async () => {
    server.freeze();
    await silence();
    expect(await contact.isStuck()).toBe(false);
    server.thaw();
  });

  it('does not blame it for a Redis that is gone, nor when it is back', async () => {
    await server.kill9();
    await silence();
    expect(await contact.isStuck()).toBe(false);
    await server.restart();
    await redis.ping();
    await waitFor(async () => !(await contact.isStuck()), { what: 'it to be answered again' });
  });
});
