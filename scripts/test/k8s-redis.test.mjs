import { execFile, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { env } from 'node:process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { root } from '../setup/root.mjs';
import { folderWith } from './temporary-folder.mjs';

const scripts = join(root, 'k8s/chart/files/redis');
const PASSWORD = '0123456789abcdef';
const running = new Map();

/** The scripts of the chart's pods, with an address of the loopback range for each pod. */
class Group {
  constructor(addresses, { port, sentinelPort }) {
    this.addresses = addresses;
    this.folder = folderWith({});
    this.ports = { redis: port, sentinel: sentinelPort };
  }

  start(kind, address) {
    const data = join(this.folder, `${kind}-${address}`);
    mkdirSync(data, { recursive: true });
    const { redis, sentinel } = this.ports;
    const child = spawn('sh', [join(scripts, `start-${kind}.sh`)], {
      stdio: 'ignore',
      env: {
        PATH: env.PATH,
        SELF: address,
        FIRST: this.addresses[0],
        SENTINELS: this.addresses.length > 1 ? this.addresses.join(' ') : '',
        PASSWORD,
        MAXMEMORY: '64mb',
        DATA: data,
        BIND: address,
        REDIS_PORT: redis,
        SENTINEL_PORT: sentinel,
      },
    });
    running.set(`${kind} ${address}`, child);
  }

  async kill(kind, address) {
    const child = running.get(`${kind} ${address}`);
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** Lines that redis-cli prints; a failure is what it printed then. */
  async ask(kind, address, words, password = PASSWORD) {
    const args = ['-h', address, '-p', this.ports[kind], '--raw', ...words];
    const answer = promisify(execFile)('redis-cli', args, { env: { PATH: env.PATH, REDISCLI_AUTH: password } });
    const { stdout } = await answer.catch((error) => ({ stdout: `${error.stdout}${error.stderr}` }));
    return stdout.trim().split('\n');
  }
}

async function freePort(host) {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, host, resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

async function waitFor(what, condition, timeoutMs = 60_000) {
  const until = Date.now() + timeoutMs;
  for (let last; ; ) {
    last = await condition();
    if (last) return last;
    if (Date.now() > until) throw new Error(`Gave up waiting for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

afterEach(async () => {
  for (const child of running.values()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
  }
  running.clear();
});

describe('the Redis of the chart', () => {
  it('takes nobody without the password, forgets nothing, and writes no snapshots', async () => {
    const address = '127.0.0.1';
    const group = new Group([address], { port: await freePort(address), sentinelPort: await freePort(address) });
    group.start('redis', address);
    const ask = (...words) => group.ask('redis', address, words);
    await waitFor('Redis', async () => (await ask('ping'))[0] === 'PONG');
    expect((await group.ask('redis', address, ['get', 'x'], ''))[0]).toMatch(/^NOAUTH/);
    expect(await ask('config', 'get', 'save')).toEqual(['save']);
    expect(await ask('config', 'get', 'appendonly')).toEqual(['appendonly', 'yes']);
    expect(await ask('config', 'get', 'maxmemory')).toEqual(['maxmemory', String(64 * 2 ** 20)]);
    expect(await ask('config', 'get', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    // A kernel that kills it, a reload, and another kill: what it had confirmed is there.
    await ask('set', 'kept', 'yes');
    for (const _kill of [1, 2]) {
      await waitFor('an fsync', async () => (await ask('info', 'persistence')).includes('aof_pending_bio_fsync:0\r'));
      await group.kill('redis', address);
      group.start('redis', address);
      await waitFor('Redis', async () => (await ask('ping'))[0] === 'PONG');
      expect(await ask('get', 'kept')).toEqual(['yes']);
    }
  }, 60_000);
});

const describeFull = env.SOTTO_TEST_K8S === '1' ? describe : describe.skip;

describeFull('three with sentinels (pnpm test:k8s)', () => {
  it('choose another master when theirs dies, and it joins them as a replica when it is back', async () => {
    const addresses = ['127.0.0.11', '127.0.0.12', '127.0.0.13'];
    const [first] = addresses;
    const group = new Group(addresses, { port: await freePort(first), sentinelPort: await freePort(first) });
    for (const address of addresses) {
      group.start('redis', address);
      group.start('sentinel', address);
    }
    const role = async (address) => (await group.ask('redis', address, ['role']))[0];
    const replicas = async (address) =>
      (await group.ask('redis', address, ['info', 'replication'])).filter((line) =>
        /^slave\d.*state=online/.test(line),
      );
    const masterSeenBy = async (address) =>
      (await group.ask('sentinel', address, ['sentinel', 'get-master-addr-by-name', 'sotto']))[0];
    await waitFor('two replicas', async () => (await replicas(first)).length === 2);
    // They ask the master for its replicas every ten seconds, and choose among those they know.
    for (const address of addresses) {
      const known = async () => {
        const fields = await group.ask('sentinel', address, ['sentinel', 'master', 'sotto']);
        return ['num-slaves', 'num-other-sentinels'].map((name) => fields[fields.indexOf(name) + 1]).join(' ');
      };
      await waitFor('sentinels to know everybody', async () => (await known()) === '2 2');
    }
    expect(await group.ask('redis', first, ['set', 'kept', 'yes'])).toEqual(['OK']);
    expect(await group.ask('redis', first, ['wait', '2', '5000'])).toEqual(['2']);

    await group.kill('redis', first);
    const other = addresses[1];
    const next = await waitFor('a failover', async () => {
      const seen = await masterSeenBy(other);
      return addresses.includes(seen) && seen !== first && seen;
    });
    await waitFor('it to be the master', async () => (await role(next)) === 'master');
    expect(await group.ask('redis', next, ['get', 'kept'])).toEqual(['yes']);

    group.start('redis', first);
    await waitFor('the old one to be a replica', async () => (await role(first)) === 'slave');
    await waitFor('two replicas again', async () => (await replicas(next)).length === 2);
    expect(await group.ask('redis', next, ['set', 'written', 'after'])).toEqual(['OK']);
  }, 180_000);
});
