/** @long */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import {
  comparableWords,
  describeWith,
  ffmpeg,
  temporaryFolder as folderFor,
  mustRun,
  REPOSITORY,
  readWav,
  tinyEnModelDir,
  whisperCli,
  writeWav,
} from '@sotto/testkit';
import { importModel, type Quantisation, WhisperModel } from '../src/index.ts';
import { nanoPath, nanoPhrases, packed, textOf } from './engine-fixtures.ts';
import { temporaryFolder } from './models-fixtures.ts';
import { type Content, ggmlContent, hfFolder, withLayers } from './models-hf-fixtures.ts';

jest.setTimeout(300_000);

const cli = await whisperCli();
const tinyEn = await tinyEnModelDir();

const KENNEDY = join(REPOSITORY, 'packages/whisper/node_modules/nodejs-whisper/cpp/whisper.cpp/samples/jfk.mp3');

/** Without flash attention, whose upstream looks at frames that do not exist, and without random tries (see patch 0002). */
async function cliText(model: string, wav: string, beamSize: number): Promise<string> {
  const switches = ['-nfa', '-nf', '-np', '-oj', '-t', '1', '-bs', String(beamSize), '-l', 'en'];
  await mustRun('value' in cli ? cli.value : '', ['-m', model, '-f', wav, '-of', wav, ...switches]);
  const { transcription } = JSON.parse(await readFile(`${wav}.json`, 'utf8')) as { transcription: { text: string }[] };
  return transcription
    .map(({ text }) => text)
    .join('')
    .trim();
}

const folderOf = (content: Content) => hfFolder(content, { dtype: 'F32' });

async function imported(folder: string, quantize?: Quantisation): Promise<string> {
  return (await importModel(folder, { name: 'mine', modelDir: await temporaryFolder(), quantize })).path;
}

interface Window {
  samples: Int16Array;
  wav: string;
}

/** The texts of these windows, greedy and with beams. */
async function ourTexts(path: string, windows: Window[], beamSizes = [1, 5]): Promise<string[]> {
  const model = await WhisperModel.load(path, { device: 'cpu', slots: 1, threads: 1 });
  const found: string[] = [];
  try {
    for (const { samples } of windows) {
      for (const beamSize of beamSizes) {
        const options = { language: 'en', beamSize, temperatureIncrement: 0 } as const;
        found.push(textOf(await model.transcribe(samples, options)));
      }
    }
  } finally {
    await model.close();
  }
  return found;
}

async function cliTexts(path: string, windows: Window[], beamSizes = [1, 5]): Promise<string[]> {
  const found: string[] = [];
  for (const { wav } of windows) for (const beamSize of beamSizes) found.push(await cliText(path, wav, beamSize));
  return found;
}

/** Ours and whisper-cli's, side by side: each has one thread. */
async function texts(path: string, windows: Window[], beamSizes?: number[]) {
  const [ours, theirs] = await Promise.all([ourTexts(path, windows, beamSizes), cliTexts(path, windows, beamSizes)]);
  return { ours, theirs };
}

describeWith(cli, 'a window of an imported model', () => {
  let folder: string;
  let nano: Content;
  let nanoFolder: string;
  let windows: Window[];
  let said: string[];

  beforeAll(async () => {
    folder = await folderFor('models-windows');
    nano = await ggmlContent(await nanoPath());
    nanoFolder = await folderOf(nano);
    const phrases = (await nanoPhrases(30, 33)).filter(({ language }) => language === 'en');
    const samples = [packed(phrases.slice(0, 2), 600), packed(phrases.slice(2, 6), 600)];
    windows = samples.map((each, index) => ({ samples: each, wav: join(folder, `${index}.wav`) }));
    for (const { samples: each, wav } of windows) await writeWav(wav, each);
    said = await ourTexts(await nanoPath(), windows);
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('is that of the model it was made from, and of whisper-cli', async () => {
    const { ours, theirs } = await texts(await imported(nanoFolder), windows);
    expect(ours).toEqual(theirs);
    expect(ours).toEqual(said);
    expect(ours.every((text) => text.split(' ').length > 4)).toBe(true);
  });

  it.each([
    ['turbo-like: an encoder twice as deep as the decoder', [0, 1, 2, null, null, null], [0, 1, 2]],
    ['a decoder deeper than the encoder', [0, 1, 2], [0, null, 1, null, 2]],
  ])('is the same with layers that change nothing: %s', async (_what, encoder, decoder) => {
    const content = withLayers(withLayers(nano, 'encoder', encoder), 'decoder', decoder);
    const { ours, theirs } = await texts(await imported(await folderOf(content)), windows);
    expect(ours).toEqual(theirs);
    expect(ours).toEqual(said);
  });

  // Untrained, it hesitates between words at every step: beams would follow the last bit of a sum.
  it.each([
    ['first and last decoder layer', [0, 2]],
    ['one decoder layer', [2]],
  ])("is whisper-cli's of a model with layers taken out: %s", async (_what, decoder) => {
    const folder = await folderOf(withLayers(nano, 'decoder', decoder));
    const { ours, theirs } = await texts(await imported(folder), windows, [1]);
    expect(ours).toEqual(theirs);
  });

  it.each(['q8_0', 'q5_0', 'q5_1'] as const)("is whisper-cli's of quantised weights: %s", async (quantize) => {
    const { ours, theirs } = await texts(await imported(nanoFolder, quantize), windows);
    expect(ours).toEqual(theirs);
  });
});

describeWith(tinyEn, "real speech with tiny.en's weights", (modelDir) => {
  const withCli = 'value' in cli ? it : it.skip;
  let folder: string;
  let tinyEnFolder: string;
  let kennedy: Window;

  beforeAll(async () => {
    folder = await folderFor('models-windows');
    tinyEnFolder = await folderOf(await ggmlContent(join(modelDir, 'ggml-tiny.en.bin')));
    const wav = join(folder, 'jfk.wav');
    await ffmpeg('-i', KENNEDY, '-ar', '16000', '-ac', '1', wav);
    kennedy = { wav, samples: await readWav(wav) };
  });

  afterAll(() => rm(folder, { recursive: true }));

  withCli.each([undefined, 'q8_0', 'q5_0', 'q5_1'] as const)("is whisper-cli's: %s", async (quantize) => {
    const { ours, theirs } = await texts(await imported(tinyEnFolder, quantize), [kennedy]);
    expect(ours.map(comparableWords)).toEqual(theirs.map(comparableWords));
    expect(ours[0]).toMatch(/ask not what your country can do for you/i);
  });
});
