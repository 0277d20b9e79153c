import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { freePort } from './ports.ts';

const portsOf = async (lane: number, count: number) => {
  const ports: number[] = [];
  for (let i = 0; i < count; i += 1) ports.push(await freePort(lane));
  return ports;
};

describe('freePort', () => {
  it('gives test files that run side by side different ports, each of them once', async () => {
    const all = (await Promise.all([1, 2, 3].map((lane) => portsOf(lane, 50)))).flat();
    expect(new Set(all).size).toBe(150);
    expect(all.every((port) => port < 32_768)).toBe(true);
  });

  it('passes over a port that somebody listens on', async () => {
    const [given = 0] = await portsOf(4, 1);
    const server = createServer();
    // An error means that somebody else listens there already, which will do.
    await new Promise<void>((resolve) =>
      server.once('error', () => resolve()).listen(given + 16, '127.0.0.1', resolve),
    );
    expect(await freePort(4)).not.toBe(given + 16);
    await new Promise((resolve) => server.close(resolve));
  });
});
