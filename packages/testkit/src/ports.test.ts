import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { freePort } from './ports.ts';

/** Many at once, so that some would meet if they could. */
const ports = (count: number) => Promise.all(Array.from({ length: count }, () => freePort()));

describe('freePort', () => {
  it('gives each port once', async () => {
    const all = await ports(150);
    expect(new Set(all).size).toBe(150);
    expect(all.every((port) => port < 32_768)).toBe(true);
  });

  it('passes over a port that somebody listens on', async () => {
    const next = (await freePort()) + 1;
    const server = createServer();
    // An error means that somebody else listens there already, which will do.
    await new Promise<void>((resolve) => server.once('error', () => resolve()).listen(next, '127.0.0.1', resolve));
    expect(await freePort()).not.toBe(next);
    await new Promise((resolve) => server.close(resolve));
  });

  it('passes over a port that another process was given, though nobody listens on it yet', async () => {
    const given = await freePort();
    const other = createSocket('udp4');
    const refused = once(other, 'error');
    other.bind({ port: given, address: '127.0.0.1', exclusive: true });
    expect(await refused).toMatchObject([{ code: 'EADDRINUSE' }]);
    other.close();
    const next = createSocket('udp4');
    // Here, too, an error means that somebody has it.
    await new Promise<void>((resolve) =>
      next.once('error', () => resolve()).bind({ port: given + 1, address: '127.0.0.1', exclusive: true }, resolve),
    );
    expect(await freePort()).not.toBe(given + 1);
    next.close();
  });
});
