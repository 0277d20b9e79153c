import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AddressGuard, RefusedAddress } from './address-guard.ts';
import { guardedRequest } from './guarded-request.ts';

const guard = new AddressGuard();

/** Ways to write an address inside, as a host of a URL. */
const TRICKY = `
  127.0.0.1 127.1 127.255.255.254 2130706433 017700000001 0x7f000001 0x7f.1 0177.0.0.1 127.0.0.1. ①②⑦.⓪.⓪.①
  %31%32%37.0.0.1 0 0.0.0.0 0.1.2.3 10.0.0.1 10.1 0xa000001 172.16.0.1 172.31.255.255 192.168.1.1 3232235777
  169.254.169.254 0xa9fea9fe 2852039166 100.64.0.1 100.100.100.200 168.63.129.16 192.0.0.192 198.18.0.1 192.0.2.1
  224.0.0.1 240.0.0.1 255.255.255.255 [::] [::1] [0:0:0:0:0:0:0:1] [::127.0.0.1] [::ffff:127.0.0.1] [::ffff:7f00:1]
  [::ffff:a9fe:a9fe] [::ffff:0:127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::a00:1] [2002:7f00:1::] [2001::1] [fe80::1]
  [fc00::1] [fd00:ec2::254] [fec0::1] [ff02::1] [100::1] [2001:db8::1] [4000::1]`
  .trim()
  .split(/\s+/);

const SPECIAL = ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '0.0.0.0/8'];

const octet = fc.integer({ min: 0, max: 255 });

function numberOf(octets: readonly number[]): number {
  return octets.reduce((number, part) => number * 256 + part, 0);
}

/** An address in one of those networks. */
const inside = fc.tuple(fc.constantFrom(...SPECIAL), octet, octet, octet, octet).map(([network, ...free]) => {
  const [base = '', bits = ''] = network.split('/');
  const fixed = 2 ** (32 - Number(bits));
  return numberOf(base.split('.').map(Number)) + (numberOf(free) % fixed);
});

const dotted = (number: number): string => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
const hex16 = (number: number): string => `${(number >>> 16).toString(16)}:${(number & 0xffff).toString(16)}`;

const SPELLINGS: ((number: number) => string)[] = [
  dotted,
  String,
  (number) => `0x${number.toString(16)}`,
  (number) => `0${number.toString(8)}`,
  (number) => `${number >>> 24}.${number & 0xffffff}`,
  (number) => dotted(number).replace(/\d+/g, (part) => `0${Number(part).toString(8)}`),
  (number) => `${dotted(number)}.`,
  (number) => `[::ffff:${dotted(number)}]`,
  (number) => `[::ffff:${hex16(number)}]`,
  (number) => `[::${hex16(number)}]`,
  (number) => `[64:ff9b::${hex16(number)}]`,
  (number) => `[2002:${hex16(number)}::1]`,
];

describe('AddressGuard', () => {
  it.each(TRICKY)('refuses http://%s/', (host) => {
    expect(() => guard.check(new URL(`http://${host}/`))).toThrow(RefusedAddress);
  });

  it('refuses every address inside, however it is written', () => {
    fc.assert(
      fc.property(inside, fc.constantFrom(...SPELLINGS), (number, spell) => {
        expect(() => guard.check(new URL(`http://${spell(number)}/`))).toThrow(RefusedAddress);
      }),
    );
  });

  it('refuses whatever is no address', () => {
    fc.assert(fc.property(fc.string(), (text) => !guard.permits(`x${text}`)));
  });

  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])('permits %s', (address) => {
    expect(guard.permits(address)).toBe(true);
  });

  it.each(['ftp://example.org/', 'file:///etc/passwd', 'http://user:secret@example.org/'])('refuses %s', (url) => {
    expect(() => guard.check(new URL(url))).toThrow(RefusedAddress);
  });

  it('permits networks that the operator allows, and only those', () => {
    const allowing = new AddressGuard(['10.1.0.0/16', 'fd00::/8', '127.0.0.1']);
    expect(['10.1.2.3', '::ffff:10.1.2.3', 'fd12::1', '127.0.0.1'].every((a) => allowing.permits(a))).toBe(true);
    expect(['10.2.0.1', 'fc00::1', '127.0.0.2', '::1'].some((a) => allowing.permits(a))).toBe(false);
    expect(() => new AddressGuard(['10.1.0.0/99'])).toThrow(TypeError);
    expect(() => new AddressGuard(['intranet'])).toThrow(TypeError);
  });
});

describe('a guarded request', () => {
  const servers: Server[] = [];
  const signal = new AbortController().signal;
  const get = (url: string, by: AddressGuard, maxRedirects = 5) =>
    guardedRequest(new URL(url), { guard: by, method: 'GET', signal, maxRedirects });
  const names = (addresses: Record<string, string[][]>) => (hostName: string) => {
    const [answer = [], ...later] = addresses[hostName] ?? [];
    if (later.length > 0) addresses[hostName] = later;
    return Promise.resolve(answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  };

  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });

  /** Answers everything with this; counts the connections that reach it. */
  async function listen(location?: () => string): Promise<{ port: number; connections: () => number }> {
    let connections = 0;
    const server = createServer((_request, response) => {
      if (location === undefined) response.end('inside');
      else response.writeHead(307, { location: location() }).end();
    });
    server.on('connection', () => {
      connections += 1;
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('not listening');
    return { port: address.port, connections: () => connections };
  }

  it('goes to no name that resolves to an address inside, not even as one of several', async () => {
    const inner = await listen();
    const rebound = new AddressGuard([], names({ 'a.test': [['127.0.0.1']], 'b.test': [['8.8.8.8', '127.0.0.1']] }));
    await expect(get(`http://a.test:${inner.port}/`, rebound)).rejects.toThrow(RefusedAddress);
    await expect(get(`http://b.test:${inner.port}/`, rebound)).rejects.toThrow(RefusedAddress);
    await expect(get(`http://localhost:${inner.port}/`, guard)).rejects.toThrow(RefusedAddress);
    expect(inner.connections()).toBe(0);
  });

  it('is not deceived by a name that changes its answer', async () => {
    const inner = await listen();
    const resolve = names({ 'rebind.test': [['8.8.8.8'], ['127.0.0.1']] });
    const rebound = new AddressGuard([], resolve);
    expect(await resolve('rebind.test')).toEqual([{ address: '8.8.8.8', family: 4 }]);
    await expect(get(`http://rebind.test:${inner.port}/`, rebound)).rejects.toThrow(RefusedAddress);
    expect(inner.connections()).toBe(0);
  });

  it('checks where a redirect leads, by address and by name', async () => {
    const inner = await listen();
    const allowing = new AddressGuard(['127.0.0.1'], names({ 'inner.test': [['127.0.0.2']] }));
    for (const host of ['127.0.0.2', '[::1]', 'inner.test', '0x7f000002', '169.254.169.254']) {
      const outer = await listen(() => `http://${host}:${inner.port}/`);
      await expect(get(`http://127.0.0.1:${outer.port}/`, allowing)).rejects.toThrow(RefusedAddress);
      expect(outer.connections()).toBe(1);
    }
    const file = await listen(() => 'file:///etc/passwd');
    await expect(get(`http://127.0.0.1:${file.port}/`, allowing)).rejects.toThrow(RefusedAddress);
    expect(inner.connections()).toBe(0);
  });

  it('follows redirects it may follow, and not for ever', async () => {
    const allowing = new AddressGuard(['127.0.0.1']);
    const inner = await listen();
    const outer = await listen(() => `http://127.0.0.1:${inner.port}/`);
    const response = await get(`http://127.0.0.1:${outer.port}/`, allowing);
    expect(String((await response.toArray()).join(''))).toBe('inside');
    const loop: { port: number } = await listen(() => `http://127.0.0.1:${loop.port}/`);
    await expect(get(`http://127.0.0.1:${loop.port}/`, allowing, 2)).rejects.toThrow(/too many times/);
  });

  it('ends when its signal says so', async () => {
    const silent = createServer(() => {});
    servers.push(silent);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    if (typeof address !== 'object' || address === null) throw new Error('not listening');
    const url = new URL(`http://127.0.0.1:${address.port}/`);
    const soon = AbortSignal.timeout(100);
    const request = { guard: new AddressGuard(['127.0.0.1']), method: 'GET' as const, signal: soon, maxRedirects: 0 };
    await expect(guardedRequest(url, request)).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
