import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { describeWith } from '@sotto/testkit';
import { EspeakEngine, type SpeechEngine } from '../src/index.ts';
import { evened, MOST_PEAK_DB, TARGET_LUFS } from '../src/loudness/even.ts';
import { EvenEngine } from '../src/loudness/even-engine.ts';
import { integratedLoudness } from '../src/loudness/integrated-loudness.ts';
import { openInstalled, voicesFolder } from './installed-voices.ts';
import { speechEngineContract } from './speech-engine-contract.ts';

jest.setTimeout(300_000);

const SENTENCES = [
  'Nobody knows exactly when the first people came to this island.',
  'She opened the letter, read it twice, and put it back into the drawer.',
  'In winter the mountain road is closed because of heavy snow.',
];
const { signal } = new AbortController();

/** What ffmpeg's ebur128, which others have tested, says of it. */
async function judged(samples: Int16Array, rateHz: number): Promise<{ lufs: number; peakDb: number }> {
  const input = ['-f', 's16le', '-ar', String(rateHz), '-ac', '1', '-i', 'pipe:0'];
  const filter = ['-filter_complex', 'ebur128=peak=true', '-f', 'null', '-'];
  const said = await new Promise<string>((resolve, reject) => {
    const child = execFile('ffmpeg', ['-hide_banner', '-nostats', ...input, ...filter], (error, _, stderr) =>
      error ? reject(error) : resolve(stderr),
    );
    child.stdin?.end(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
  });
  const last = (pattern: RegExp) => Number([...said.matchAll(pattern)].at(-1)?.[1]);
  return { lufs: last(/I:\s+(-?[\d.]+) LUFS/g), peakDb: last(/Peak:\s+(-?[\d.]+) dBFS/g) };
}

async function spoken(engine: SpeechEngine, voice: string): Promise<Int16Array> {
  const language = engine.voices().find(({ id }) => id === voice)?.languages[0] ?? 'en-us';
  const all: number[] = [];
  for (const text of SENTENCES) all.push(...(await engine.speak({ text, voice, language, speed: 1 }, signal)));
  return Int16Array.from(all);
}

describe("espeak-ng's voices", () => {
  let espeak: EspeakEngine;
  beforeAll(async () => {
    espeak = await EspeakEngine.open();
  });
  afterAll(() => espeak.close());

  it.each(['espeak', 'espeak-f'])('%s is measured as ffmpeg does', async (voice) => {
    const samples = await spoken(espeak, voice);
    const { lufs } = await judged(samples, espeak.sampleRateHz);
    expect(Math.abs((integratedLoudness(samples, espeak.sampleRateHz) ?? 0) - lufs)).toBeLessThan(0.1);
  });

  it('even with far too much gain, no peak is too high for ffmpeg', async () => {
    const loud = evened(await spoken(espeak, 'espeak'), 15, espeak.sampleRateHz);
    expect((await judged(loud, espeak.sampleRateHz)).peakDb).toBeLessThanOrEqual(MOST_PEAK_DB);
  });
});

/** How far voices may be from the target; they were 10 LU apart. */
const NEAR_LU = 1;

async function expectEven(engine: SpeechEngine, voice: string): Promise<void> {
  const { lufs, peakDb } = await judged(await spoken(engine, voice), engine.sampleRateHz);
  expect(Math.abs(lufs - TARGET_LUFS)).toBeLessThanOrEqual(NEAR_LU);
  expect(peakDb).toBeLessThanOrEqual(MOST_PEAK_DB);
}

describe('even: espeak-ng', () => {
  speechEngineContract(async () => new EvenEngine(await EspeakEngine.open()), { stringsToSpeak: 30 });

  it.each(['espeak', 'espeak-f'])('%s is as loud as all others', async (voice) => {
    const engine = new EvenEngine(await EspeakEngine.open());
    await expectEven(engine, voice);
    await engine.close();
  });
});

describeWith(await voicesFolder('joe'), "even: Piper's joe", (dir) => {
  it('is as loud as all others', async () => {
    const engine = new EvenEngine(await openInstalled('joe', dir));
    await expectEven(engine, 'joe');
    await engine.close();
  });
});

describeWith(await voicesFolder('kokoro'), 'even: Kokoro', (dir) => {
  it('is as loud as all others, with any voice and with blends', async () => {
    const engine = new EvenEngine(await openInstalled('kokoro', dir));
    for (const voice of ['af_heart', 'am_michael', 'af_aoede', 'am_fenrir(1)+af_heart(1)']) {
      await expectEven(engine, voice);
    }
    await engine.close();
  });
});
