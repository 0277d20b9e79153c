import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { isAlive } from '../src/child.ts';
import { type RedisServer, startRedis } from '../src/redis-server.ts';

describe('startRedis', () => {
  const servers: RedisServer[] = [];
  const start = async (): Promise<RedisServer> => {
    const server = await startRedis();
    servers.push(server);
    return server;
  };
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  it('is set up as in production', async () => {
    const client = (await start()).client();
    const setting = async (name: string) => (await client.config('GET', name)) as unknown;
    expect(await setting('appendonly')).toEqual(['appendonly', 'yes']);
    expect(await setting('appendfsync')).toEqual(['appendfsync', 'everysec']);
    expect(await setting('maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    expect(await setting('bind')).toEqual(['bind', '127.0.0.1']);
  });

  it('comes back from its append-only file after SIGKILL, on the same port', async () => {
    const server = await start();
    const client = server.client();
    await client.set('kept', 'yes');
    const { pid } = server;
    await server.kill9();
    expect(isAlive(pid)).toBe(false);
    await server.restart();
    expect(server.pid).not.toBe(pid);
    expect(await client.get('kept')).toBe('yes');
  });

  it('leaves nothing behind', async () => {
    const server = await startRedis();
    await server.close();
    expect(isAlive(server.pid)).toBe(false);
    expect(existsSync(server.folder)).toBe(false);
  });

  it('runs beside others', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    await one.client().set('who', 'one');
    expect(await two.client().get('who')).toBeNull();
  });

  it('can stand still and go on', async () => {
    const server = await start();
    const client = server.client();
    await client.ping();
    server.freeze();
    const late = client.ping();
    const first = await Promise.race([late, new Promise((resolve) => setTimeout(resolve, 200, 'nothing'))]);
    expect(first).toBe('nothing');
    server.thaw();
    expect(await late).toBe('PONG');
  });
});
