import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeWith, isAlive, speak, tinyEnModelDir, waitFor, wordErrorRate } from '@sotto/testkit';
import { childrenOf, type Home, makeHome } from './home.ts';
import { run } from './run.ts';

const ENGLISH = 'hello world one two three';
const tinyEn = await tinyEnModelDir();

/** Folders that a temporary service makes; another test's may be among them. */
const ownFolders = () => readdirSync(tmpdir()).filter((name) => /^sotto-[A-Za-z0-9]{6}$/.test(name));

describe('sotto transcribe, with no service running', () => {
  let home: Home;
  beforeEach(async () => {
    home = await makeHome();
  });
  afterEach(() => home.remove());

  it('starts one, prints the text and leaves nothing behind', async () => {
    const { path } = await speak(ENGLISH, { voice: 'en-us', speed: 130 });
    const before = ownFolders();
    // Nothing has been run there before: not even the folder exists. The key is meant for a service elsewhere.
    const env = { SOTTO_HOME: join(home.folder, 'new'), API_KEY: 'of another service' };
    const child = await home.sotto(['transcribe', path], env);
    const seen = new Set<number>();
    await waitFor(
      async () => {
        for (const { pid } of await childrenOf(child.pid)) seen.add(pid);
        return child.exit;
      },
      { what: 'the transcript', timeoutMs: 100_000, intervalMs: 50 },
    );
    expect(child.exit).toEqual({ code: 0, signal: null });
    expect(child.stdout).toBe(ENGLISH);
    expect(child.stderr).toContain('No Sotto is running here: starting a temporary one');
    // Redis, the API and the worker; more where the machine is asked about.
    expect(seen.size).toBeGreaterThanOrEqual(3);
    expect([...seen].filter(isAlive)).toEqual([]);
    expect(ownFolders().filter((name) => !before.includes(name))).toEqual([]);
    // The library is that of the service that keeps running.
    expect(existsSync(join(env.SOTTO_HOME, 'data', 'library'))).toBe(false);
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const { path } = await speak(ENGLISH, { voice: 'en-us', speed: 130 });
    const child = await home.sotto(['transcribe', path]);
    await waitFor(async () => (await childrenOf(child.pid)).length >= 3, { what: 'its processes', timeoutMs: 60_000 });
    const family = (await childrenOf(child.pid)).map(({ pid }) => pid);
    child.signal('SIGINT');
    expect(await child.ended).toEqual({ code: 130, signal: null });
    expect(family.filter(isAlive)).toEqual([]);
  });

  it('uses the service that runs here', async () => {
    const { path } = await speak(ENGLISH, { voice: 'en-us', speed: 130 });
    const up = await home.up(['--no-self-test']);
    try {
      expect(up.output).not.toContain('Self-test');
      expect(await run(home, ['transcribe', '--quiet', path])).toEqual({ code: 0, stdout: ENGLISH, stderr: '' });
      const doctor = await run(home, ['doctor']);
      expect(doctor.code).toBe(0);
      expect(doctor.stdout).toMatch(new RegExp(`service +healthy at ${home.url}, workers: 1, model: sotto-nano`));
    } finally {
      await up.stop(60_000);
    }
  });
});

describeWith(tinyEn, 'real speech with tiny.en', (modelDir) => {
  it('reads President Kennedy word for word', async () => {
    const home = await makeHome();
    try {
      const package_ = createRequire(import.meta.url).resolve('nodejs-whisper/package.json');
      const jfk = join(dirname(package_), 'cpp/whisper.cpp/samples/jfk.mp3');
      const env = { WHISPER_MODEL: 'tiny.en', WHISPER_MODEL_DIR: modelDir };
      const { code, stdout } = await run(home, ['transcribe', '-q', jfk], env);
      expect(code).toBe(0);
      const said =
        'And so my fellow Americans ask not what your country can do for you ask what you can do for your country';
      expect(wordErrorRate(said, stdout)).toBe(0);
    } finally {
      await home.remove();
    }
  });
});
