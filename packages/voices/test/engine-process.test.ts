import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { describeWith, waitFor } from '@sotto/testkit';
import { openSherpa } from '../src/catalog/open-sherpa.ts';
import { openEngines, voicesEntry } from '../src/index.ts';
import { runtimePackage } from '../src/install/places.ts';
import { EngineProcess } from '../src/sherpa/engine-process.ts';
import type { SherpaEngine } from '../src/sherpa/sherpa-engine.ts';
import { openInstalled, voicesFolder } from './installed-voices.ts';

jest.setTimeout(300_000);

const SENTENCE = 'The children ran outside and played in the snow.';
const never = new AbortController().signal;
const piece = (text = SENTENCE) => ({ text, voice: 'joe', language: 'en-us', speed: 1 });

const isRunning = (pid: number | undefined): boolean => {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
};

describeWith(await voicesFolder('joe'), 'the process of an engine', (dir) => {
  let engine: SherpaEngine;
  beforeAll(async () => {
    engine = await openInstalled('joe', dir);
  });
  afterAll(() => engine.close());

  it('is there from the first piece on, until it is closed', async () => {
    const other = await openInstalled('joe', dir);
    expect(other.pid).toBeUndefined();
    await other.speak(piece('Hello.'), never);
    const { pid } = other;
    expect(isRunning(pid)).toBe(true);
    await other.close();
    expect(isRunning(pid)).toBe(false);
  });

  it('costs one piece when it is killed, and is there again for the next', async () => {
    await engine.speak(piece('Hello.'), never);
    const killed = engine.pid;
    const lost = engine.speak(piece(`${SENTENCE} `.repeat(8)), never);
    const next = engine.speak(piece(), never);
    const failed = expect(lost).rejects.toMatchObject({
      code: 'speech_failed',
      detail: expect.stringMatching(/SIGKILL/),
    });
    process.kill(killed ?? 0, 'SIGKILL');
    await failed;
    expect((await next).length).toBeGreaterThan(0);
    expect(engine.pid).not.toBe(killed);
  });

  it('ends with the one that started it, however that ends', async () => {
    const script = new URL('./speaking-child.ts', import.meta.url).pathname;
    const args = ['--import', 'tsx', '--conditions=@sotto/source', script, dir];
    const parent = execFile(process.execPath, args);
    const pid = await new Promise<number>((resolve) => parent.stdout?.once('data', (text) => resolve(Number(text))));
    expect(isRunning(pid)).toBe(true);
    parent.kill('SIGKILL');
    await waitFor(() => !isRunning(pid), { what: 'the end of the process that speaks' });
  });

  it('says why when sherpa-onnx ends it: the reason is its cause', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sotto-voice-'));
    await writeFile(join(folder, 'model.onnx'), 'no model');
    await writeFile(join(folder, 'tokens.txt'), 'no tokens');
    const files = { model: join(folder, 'model.onnx'), tokens: join(folder, 'tokens.txt'), dataDir: folder };
    const setup = { package: runtimePackage(dir), model: { vits: files }, threads: 1, voicesFile: null, blends: [] };
    await expect(EngineProcess.start(setup)).rejects.toMatchObject({ code: 'speech_failed' });
    await expect(EngineProcess.start({ ...setup, package: folder })).rejects.toMatchObject({
      code: 'speech_failed',
      detail: expect.stringMatching(/says: Cannot find module/),
    });
    await rm(folder, { recursive: true });
  });
});

describeWith(await voicesFolder('joe'), 'damaged voices', (dir) => {
  let copy: string;
  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), 'sotto-voices-'));
  });
  afterAll(() => rm(copy, { recursive: true, force: true }));
  const fresh = () =>
    cp(dir, copy, { recursive: true, filter: (path) => !/\/\.|\/kokoro/.test(path.slice(dir.length)) });
  const open = () => openSherpa(voicesEntry('joe'), { dir: copy, threads: 1 });

  it('are no engine when a file is cut, and the others speak', async () => {
    await fresh();
    await truncate(join(copy, 'joe/model.onnx'), 1_000_000);
    await expect(open()).rejects.toMatchObject({
      code: 'model_load_failed',
      detail: expect.stringMatching(/1000000 bytes/),
    });
    const engines = await openEngines({ dir: copy });
    expect(engines.engines.map(({ name }) => name)).toEqual(['espeak']);
    expect(engines.problems).toEqual([expect.stringMatching(/damaged: model.onnx/)]);
    await engines.close();
  });

  it('are not loaded when a byte has changed', async () => {
    await fresh();
    const tokens = await readFile(join(copy, 'joe/tokens.txt'), 'utf8');
    await writeFile(join(copy, 'joe/tokens.txt'), tokens.replace('a', 'b'));
    const engine = await open();
    await expect(engine?.speak(piece(), never)).rejects.toMatchObject({ code: 'model_load_failed' });
    await engine?.close();
  });

  it.each(['{', '{"format":2}', '{"format":1,"files":{"../x":{"bytes":1,"sha256":""}}}'])(
    'say so when the description is %s',
    async (text) => {
      await fresh();
      await writeFile(join(copy, 'joe/voice.json'), text);
      await expect(open()).rejects.toMatchObject({ code: 'model_load_failed' });
    },
  );

  it('say so when what they run in is missing', async () => {
    await fresh();
    await rm(join(copy, 'espeak-ng-data-1.52'), { recursive: true });
    await expect(open()).rejects.toMatchObject({ detail: expect.stringMatching(/what it runs in is missing/) });
  });
});
