import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { root } from '../setup/root.mjs';
import { servicesWith } from './compose-file.mjs';
import { folderWith } from './temporary-folder.mjs';

const SERVICES = { api: ['api'], worker: ['worker', 'worker-gpu'] };

/** What a container decides itself, whatever `.env` says: addresses and folders inside it, and what it is there for. */
const OWN = {
  api: ['TEMP_DIR', 'WHISPER_MODEL_DIR', 'HOST', 'PORT', 'AUDIT_LOG_FILE'],
  worker: ['TEMP_DIR', 'WHISPER_MODEL_DIR', 'SOTTO_ROLES', 'WHISPER_DEVICE', 'WORKER_HEALTH_HOST', 'METRICS_PORT'],
};

/** `NAME` -> who reads it, from the table of docs/configuration.md. */
function documented() {
  const text = readFileSync(join(root, 'docs/configuration.md'), 'utf8');
  const [, table = ''] = /<!-- names -->(.*?)<!-- \/names -->/s.exec(text) ?? [];
  const rows = [...table.matchAll(/^\| `(\w+)` \| [^|]*\| ([a-z, ]+) \|/gm)];
  return rows.map(([, name, readers]) => ({ name, readers: readers.split(', ') }));
}

/** Recognisable; a port must be one. */
const sampleOf = (name) => (name === 'PORT' ? '18000' : `value-of-${name}`);

const namesOf = (app) => documented().flatMap(({ name, readers }) => (readers.includes(app) ? [name] : []));

describe.each(Object.keys(SERVICES))('docker-compose.yml hands what .env says on to the %s', (app) => {
  const names = namesOf(app);
  const services = servicesWith(Object.fromEntries(names.map((name) => [name, sampleOf(name)])));

  it('each documented setting, but for those that the container decides', () => {
    expect(names.length).toBeGreaterThan(20);
    const expected = Object.fromEntries(
      names.filter((name) => !OWN[app].includes(name)).map((name) => [name, sampleOf(name)]),
    );
    for (const service of SERVICES[app]) expect(services[service].environment).toMatchObject(expected);
  });

  it('and those with a value of their own', () => {
    for (const service of SERVICES[app]) {
      for (const name of OWN[app]) {
        expect(services[service].environment[name]).toMatch(/./);
        expect(services[service].environment[name]).not.toBe(sampleOf(name));
      }
    }
  });
});

describe('the Redis of docker-compose.yml', () => {
  const started = [];
  afterEach(async () => {
    for (const child of started.splice(0)) {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    }
  });

  /** Runs its command, on a port of our own. @returns redis-cli, with the environment of the container */
  async function run(env) {
    const { redis } = servicesWith(env);
    const [command, ...args] = redis.command;
    const port = await freePort();
    const child = spawn(command, [...args, '--port', String(port), '--bind', '127.0.0.1', '--dir', folderWith({})], {
      stdio: 'ignore',
    });
    started.push(child);
    const cli = (words, auth = redis.environment.REDISCLI_AUTH) => {
      const cliEnv = { PATH: process.env.PATH, REDISCLI_AUTH: auth };
      return spawnSync('redis-cli', ['-p', String(port), ...words], { encoding: 'utf8', env: cliEnv }).stdout.trim();
    };
    while (!/PONG|NOAUTH/.test(cli(['ping']))) await delay(20);
    return cli;
  }

  it('keeps an append-only file, makes no snapshots, forgets nothing and is bounded', async () => {
    const cli = await run({ REDIS_MAXMEMORY: '64mb' });
    const setting = (name) => cli(['config', 'get', name]).split('\n')[1] ?? '';
    expect(cli(['ping'])).toBe('PONG');
    expect({
      appendonly: setting('appendonly'),
      appendfsync: setting('appendfsync'),
      save: setting('save'),
      maxmemory: setting('maxmemory'),
      policy: setting('maxmemory-policy'),
    }).toEqual({
      appendonly: 'yes',
      appendfsync: 'everysec',
      save: '',
      maxmemory: String(64 * 1024 * 1024),
      policy: 'noeviction',
    });
  });

  it('wants the password that .env gives it, which its health check and the apps know', async () => {
    const env = { REDIS_PASSWORD: 'a3/f1' };
    const cli = await run(env);
    expect(cli(['ping'], '')).toContain('NOAUTH');
    expect(cli(['ping'])).toBe('PONG');
    const { api, worker } = servicesWith(env);
    for (const { environment } of [api, worker]) {
      expect(environment).toMatchObject({ REDIS_URL: 'redis://redis:6379/0', REDIS_PASSWORD: 'a3/f1' });
    }
  });
});

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
