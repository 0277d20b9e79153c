import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openClone } from '../src/clone/open-clone.ts';
import { type Engines, openEngines, type SpeechEngine } from '../src/index.ts';
import { ESPEAK_DATA_NAME } from '../src/install/places.ts';
import { fakeClone, recording, writeManifest } from './fake-sherpa.ts';
import { speechEngineContract } from './speech-engine-contract.ts';

const never = new AbortController().signal;
type Fake = Awaited<ReturnType<typeof fakeClone>>;

const opened = async (engine: 'zipvoice' | 'pocket', dir: string): Promise<SpeechEngine> => {
  const found = await openClone(engine, { dir, threads: 1 });
  if (found === null) throw new Error('it is not there');
  return found;
};
const told = async ({ folder }: Fake): Promise<Record<string, unknown>[]> =>
  (await readFile(join(folder, 'told.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe.each(['zipvoice', 'pocket'] as const)('%s, with a program that only plays it', (name) => {
  let fake: Fake;
  beforeAll(async () => {
    fake = await fakeClone(name);
  });
  afterAll(() => rm(fake.dir, { recursive: true }));

  speechEngineContract(() => opened(name, fake.dir), { stringsToSpeak: 10 });

  it('is told its files, and the recording of the voice with what is said in it', async () => {
    await writeManifest(fake.dir, name, { ...fake.manifest, steps: 4 });
    await rm(join(fake.folder, 'told.jsonl'), { force: true });
    const engine = await opened(name, fake.dir);
    const say = (voice: string) => engine.speak({ text: 'Good day.', voice, language: 'de', speed: 2 }, never);
    const [anna, ben] = [await say(`${name}-anna`), await say(`${name}-ben`)];
    await engine.close();
    expect(Buffer.from(anna.buffer).equals(Buffer.from(ben.buffer))).toBe(false);
    const [{ config } = { config: null }, first, second] = await told(fake);
    const parts = Object.entries(fake.manifest.files).map(([part, file]) => [part, join(fake.folder, file.name)]);
    const data = name === 'zipvoice' && { dataDir: join(fake.dir, ESPEAK_DATA_NAME) };
    expect(config).toMatchObject({ model: { [name]: { ...Object.fromEntries(parts), ...data }, numThreads: 1 } });
    const common = { text: 'Good day.', speed: 2, referenceSampleRate: 16_000, numSteps: 4 };
    expect(first).toMatchObject({ ...common, referenceText: 'This is Anna.', referenceSamples: 48_000 });
    expect(second).toMatchObject({ ...common, referenceText: 'And this is Ben.', referenceSamples: 32_000 });
  });
});

describe('weights that an operator has brought', () => {
  let fake: Fake;
  let engines: Engines | null = null;
  beforeEach(async () => {
    fake = await fakeClone('zipvoice');
  });
  afterEach(async () => {
    await engines?.close();
    engines = null;
    await rm(fake.dir, { recursive: true });
  });

  it('speak what nothing better does, and whatever names their voices, and are gone with their folder', async () => {
    engines = await openEngines({ dir: fake.dir });
    expect(engines.engines.map(({ name }) => name)).toEqual(['zipvoice', 'espeak']);
    expect(engines.resolve({ voice: 'auto', language: 'en' })).toMatchObject({
      engine: 'zipvoice',
      voice: 'zipvoice-anna',
    });
    expect(engines.resolve({ voice: 'zipvoice-ben', language: 'auto' })).toMatchObject({ language: 'en-us' });
    await rm(join(fake.folder, 'clone.json'));
    await engines.refresh();
    expect(engines.engines.map(({ name }) => name)).toEqual(['espeak']);
  });

  const file = { name: 'anna.wav', sha256: '0'.repeat(64) };
  it.each<[string, (fake: Fake) => unknown, string | RegExp]>([
    ['no JSON', () => '{', 'is not JSON'],
    ['a field that nobody knows', ({ manifest }) => ({ ...manifest, url: 'x' }), 'url'],
    ['another format', ({ manifest }) => ({ ...manifest, format: 2 }), 'format'],
    ['another engine', ({ manifest }) => ({ ...manifest, engine: 'xtts' }), 'engine'],
    ['no part', ({ manifest: { files: _, ...rest } }) => rest, 'files'],
    ['a part less', ({ manifest }) => ({ ...manifest, files: { encoder: file } }), 'files.decoder'],
    [
      'a way out',
      ({ manifest }) => withVoice(manifest, { recording: { ...file, name: '../anna.wav' } }),
      'in this folder',
    ],
    [
      'a path',
      ({ manifest }) => withVoice(manifest, { recording: { ...file, name: '/etc/passwd' } }),
      'in this folder',
    ],
    [
      'a file that is not there',
      ({ manifest }) => withVoice(manifest, { recording: { ...file, name: 'eve.wav' } }),
      'no file eve.wav',
    ],
    ['no hash', ({ manifest }) => withVoice(manifest, { recording: { ...file, sha256: 'abc' } }), '64 hexadecimal'],
    [
      'a voice twice',
      ({ manifest }) => ({ ...manifest, voices: [manifest.voices[0], manifest.voices[0]] }),
      'an id twice',
    ],
    ['a voice without its text', ({ manifest }) => withVoice(manifest, { text: ' ' }), 'text'],
    [
      'a recording that is none',
      ({ manifest }) => withVoice(manifest, { recording: { ...file, name: 'tokens.bin' } }),
      'no WAV file',
    ],
  ])('say what is wrong with %s, and the others speak', async (_what, broken, why) => {
    await writeManifest(fake.dir, 'zipvoice', broken(fake));
    engines = await openEngines({ dir: fake.dir });
    expect(engines.engines.map(({ name }) => name)).toEqual(['espeak']);
    expect(engines.problems).toEqual([expect.stringContaining('The weights of zipvoice cannot be used')]);
    expect(engines.problems).toEqual([expect.stringMatching(why)]);
  });

  it('are not loaded when a file is not what is written down, and need a recording of some seconds', async () => {
    await writeFile(join(fake.folder, 'decoder.bin'), 'something else');
    const engine = await opened('zipvoice', fake.dir);
    const piece = { text: 'Hi.', voice: 'zipvoice-anna', language: 'en-us', speed: 1 };
    await expect(engine.speak(piece, never)).rejects.toMatchObject({
      code: 'model_load_failed',
      detail: expect.stringContaining('decoder.bin has changed'),
    });
    await engine.close();
    await writeFile(join(fake.folder, 'anna.wav'), recording(31, 3));
    await expect(opened('zipvoice', fake.dir)).rejects.toMatchObject({ detail: expect.stringContaining('31.0 s') });
    await rm(join(fake.dir, ESPEAK_DATA_NAME), { recursive: true });
    await expect(opened('zipvoice', fake.dir)).rejects.toMatchObject({
      detail: expect.stringContaining('install joe'),
    });
  });
});

const withVoice = (manifest: Fake['manifest'], change: object) => ({
  ...manifest,
  voices: [{ ...manifest.voices[0], ...change }],
});
