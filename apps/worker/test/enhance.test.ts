import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Container, Enhancement, Span, Warning } from '@sotto/contracts';
import { packagedFfmpeg } from '@sotto/ffmpeg';
import { FileBlobStore } from '@sotto/storage';
import { concat, ffmpeg, noise, pause, speakWithTimes, temporaryFolder, tone, waitFor, writeWav } from '@sotto/testkit';
import { decode } from '../src/media/decode.ts';
import { findMediaTools, type MediaTools } from '../src/media/ffmpeg-binary.ts';
import { filterDelay } from '../src/media/filter-delay.ts';
import { SAMPLE_RATE, SAMPLES_PER_MS } from '../src/media/pcm.ts';
import { loadSilero } from '../src/speech/silero.ts';
import { SOUNDS } from './sounds.ts';
import { storeUpload } from './upload.ts';

jest.setTimeout(60_000);

let folder: string;
let blobs: FileBlobStore;
const system = await findMediaTools(process.env.PATH ?? '');
const packaged: MediaTools = { ...system, ffmpegPath: packagedFfmpeg() };
/** Their noise reductions lag behind by different times. */
const BOTH: [string, MediaTools][] = [
  ["the system's ffmpeg", system],
  ['the packaged ffmpeg', packaged],
];
const TREATMENTS = ['level', 'denoise'] as const;

beforeAll(async () => {
  folder = await temporaryFolder('enhance');
  blobs = new FileBlobStore(join(folder, 'blobs'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Options {
  container?: Container;
  tools?: MediaTools;
  signal?: AbortSignal;
  maxDurationMs?: number;
}

async function enhancedFile(path: string, enhance: Enhancement | undefined, options: Options = {}) {
  const upload = await storeUpload(blobs, path, options.container ?? 'wav');
  const warnings: Warning[] = [];
  const parts: Int16Array[] = [];
  const stream = decode(upload, {
    blobs,
    tools: options.tools ?? system,
    limits: { maxDurationMs: options.maxDurationMs ?? 600_000, timeoutMs: 30_000 },
    warn: (warning) => warnings.push(warning),
    enhance,
    isSplit: false,
    inBackground: false,
    signal: options.signal ?? new AbortController().signal,
  });
  for await (const [pcm] of stream) parts.push(pcm);
  return { pcm: concat(...parts), warnings: warnings.map(({ code }) => code) };
}

async function enhanced(samples: Int16Array, enhance: Enhancement | undefined, options: Options = {}) {
  const path = join(folder, 'recording.wav');
  await writeWav(path, samples);
  return enhancedFile(path, enhance, options);
}

const scaled = (samples: Int16Array, factor: number, offset = 0) =>
  samples.map((sample) => Math.round(sample * factor + offset));
const mixed = (a: Int16Array, b: Int16Array) => a.map((sample, at) => sample + (b[at] ?? 0));
const mean = (samples: Int16Array) => samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
const levelDb = (samples: Int16Array) =>
  10 * Math.log10(samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / samples.length);

function speechOf(sound: Int16Array): Span[] {
  const detector = loadSilero().newDetector();
  detector.accept(sound);
  return detector.finish();
}

const msOf = (spans: readonly Span[]): number => spans.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);

/** Where the loudest sample lies between two times. */
function loudestMs(samples: Int16Array, fromMs: number, toMs: number): number {
  let best = fromMs * SAMPLES_PER_MS;
  for (let at = best; at < toMs * SAMPLES_PER_MS; at++) {
    if (Math.abs(samples[at] ?? 0) > Math.abs(samples[best] ?? 0)) best = at;
  }
  return best / SAMPLES_PER_MS;
}

/** ffmpeg processes that this process started. */
function ownFfmpegs(): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const parent = / (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) \S/, ''))?.[1];
      return Number(parent) === process.pid && readlinkSync(`/proc/${pid}/exe`).includes('ffmpeg');
    } catch {
      return false;
    }
  });
}

describe.each(BOTH)('with %s', (_name, tools) => {
  it.each(TREATMENTS)('%s leaves every click where it was', async (enhance) => {
    // 61.5 s: the part that is measured, and what follows it.
    const clicksMs = [1_000, 20_003, 61_007];
    const samples = noise(61_500, 30);
    for (const atMs of clicksMs) samples[atMs * SAMPLES_PER_MS] = 30_000;
    const { pcm } = await enhanced(samples, enhance, { tools });
    expect(pcm).toHaveLength(samples.length);
    for (const atMs of clicksMs) {
      expect(Math.abs(loudestMs(pcm, atMs - 400, atMs + 400) - atMs)).toBeLessThan(0.5);
    }
  });

  it.each(TREATMENTS)('%s leaves each word where it was', async (enhance) => {
    const spoken = await speakWithTimes('seven small boats left the harbour before the storm came');
    const samples = concat(pause(2_000), spoken.samples, pause(700), spoken.samples);
    const { pcm } = await enhanced(mixed(scaled(samples, 0.05), noise(samples.length / SAMPLES_PER_MS, 30)), enhance, {
      tools,
    });
    expect(pcm).toHaveLength(samples.length);
    expect(Math.abs(lagOf(samples, pcm))).toBeLessThan(SAMPLES_PER_MS);
  });

  it('denoise takes away more than half of the noise', async () => {
    const { samples: words } = await speakWithTimes('seven small boats left the harbour before the storm came');
    const silence = 3_000;
    const clean = concat(pause(silence), words);
    const noisy = mixed(clean, noise(clean.length / SAMPLES_PER_MS, 500));
    const denoise = await enhanced(noisy, 'denoise', { tools });
    const noiseOf = (sound: Int16Array) => levelDb(sound.subarray(8_000, 40_000)) - levelDb(sound.subarray(48_000));
    expect(noiseOf(noisy) - noiseOf(denoise.pcm)).toBeGreaterThan(3);
    expect(denoise.warnings).toEqual(['enhanced']);
  });
});

/** By how many samples `b` lags behind `a`, where they are most alike. */
function lagOf(a: Int16Array, b: Int16Array): number {
  let best = { lag: 0, product: Number.NEGATIVE_INFINITY };
  for (let lag = -640; lag <= 640; lag++) {
    let product = 0;
    for (let at = 1_000; at < a.length - 1_000; at++) product += (a[at] ?? 0) * (b[at + lag] ?? 0);
    if (product > best.product) best = { lag, product };
  }
  return best.lag;
}

describe('level', () => {
  it('brings up what is so quiet that no speech is found in it, wherever it is', async () => {
    const { samples: words } = await speakWithTimes('seven small boats left the harbour before the storm came');
    const samples = concat(words, pause(1_500), scaled(words, 0.001), pause(1_500), words);
    const { pcm } = await enhanced(samples, 'level');
    const [fromMs, toMs] = [words.length / SAMPLES_PER_MS + 1_500, (2 * words.length) / SAMPLES_PER_MS + 1_500];
    const speechIn = (sound: Int16Array) =>
      speechOf(sound).filter(({ startMs, endMs }) => endMs > fromMs && startMs < toMs);
    expect(speechIn(samples)).toEqual([]);
    expect(speechIn(pcm).length).toBeGreaterThan(0);
  });

  it.each(Object.entries(SOUNDS))('finds no more speech in %s, quiet as it may be', async (_name, make) => {
    const sound = make(20_000);
    for (const factor of [1, 0.003]) {
      const { pcm } = await enhanced(scaled(sound, factor), 'level');
      // Laughter is nearly speech: one fit may count.
      expect(msOf(speechOf(pcm))).toBeLessThanOrEqual(msOf(speechOf(sound)) + 500);
    }
  });

  it('takes away an offset', async () => {
    const { samples: words } = await speakWithTimes('seven small boats left the harbour');
    const { pcm } = await enhanced(scaled(words, 0.05, 10_000), 'level');
    expect(Math.abs(mean(pcm.subarray(SAMPLE_RATE / 2)))).toBeLessThan(20);
    expect(levelDb(pcm)).toBeGreaterThan(levelDb(scaled(words, 0.05)) + 6);
  });

  it('never exceeds full scale', async () => {
    const loud = tone(3_000, 400, 32_767).map((sample) => Math.max(-20_000, Math.min(20_000, sample * 3)));
    const { pcm } = await enhanced(concat(scaled(loud, 0.01), loud), 'level');
    expect(pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)).toBeLessThan(32_767);
  });
});

describe('what is odd', () => {
  it.each(['auto', ...TREATMENTS] as const)('%s leaves silence silent', async (enhance) => {
    const { pcm, warnings } = await enhanced(pause(2_000), enhance);
    expect(pcm).toEqual(pause(2_000));
    expect(warnings).toEqual([]);
  });

  it.each(['auto', ...TREATMENTS] as const)('%s takes 0.1 s, 8 bits, one bit and clipping', async (enhance) => {
    const short = await enhanced(tone(100, 440, 500), enhance);
    expect(short.pcm).toHaveLength(1_600);
    const coarse = join(folder, 'coarse.wav');
    await writeWav(`${coarse}.wav`, concat(tone(700, 300, 300), noise(300, 200)));
    await ffmpeg('-i', `${coarse}.wav`, '-c:a', 'pcm_u8', coarse);
    expect((await enhancedFile(coarse, enhance)).pcm).toHaveLength(SAMPLE_RATE);
    const square = tone(1_000, 300).map((sample) => (sample > 0 ? 32_767 : -32_768));
    expect((await enhanced(square, enhance)).pcm).toHaveLength(SAMPLE_RATE);
  });

  it('makes silence of what is no number, and spoils nothing near it', async () => {
    const path = join(folder, 'nan.wav');
    const samples = Float32Array.from(tone(10_000, 400, 8_000), (sample) => sample / 32_768);
    samples.set([Number.NaN, Number.POSITIVE_INFINITY, 1e30, Number.NEGATIVE_INFINITY], 80_000);
    await writeFile(`${path}.raw`, Buffer.from(samples.buffer));
    await ffmpeg('-f', 'f32le', '-ar', '16000', '-ac', '1', '-i', `${path}.raw`, '-c:a', 'pcm_f32le', path);
    const { pcm } = await enhancedFile(path, 'level');
    expect(pcm).toHaveLength(samples.length);
    expect(levelDb(pcm.subarray(72_000, 88_000))).toBeGreaterThan(-22);
  });

  it('is told by ffmpeg where a container is broken, as without it', async () => {
    const path = join(folder, 'cut.flac');
    const whole = join(folder, 'whole.wav');
    await writeWav(whole, tone(8_000, 440, 300));
    await ffmpeg('-i', whole, `${path}.flac`);
    const bytes = await readFile(`${path}.flac`);
    await writeFile(path, bytes.subarray(0, bytes.length * 0.6));
    const { warnings } = await enhancedFile(path, 'level', { container: 'flac' });
    expect(warnings).toEqual(expect.arrayContaining(['enhanced', 'truncated_media']));
    await writeFile(path, noise(1_000).subarray(0, 0));
    await expect(enhancedFile(path, 'level', { container: 'flac' })).rejects.toMatchObject({
      code: 'undecodable_media',
    });
  });

  it('is no longer than what is accepted', async () => {
    const long = enhanced(tone(3_000, 440, 300), 'level', { maxDurationMs: 2_000 });
    await expect(long).rejects.toMatchObject({ code: 'audio_too_long' });
    expect(ownFfmpegs()).toEqual([]);
  });
});

it('ends with its reader, and when the work is cancelled', async () => {
  const path = join(folder, 'long.flac');
  await ffmpeg('-f', 'lavfi', '-i', 'anoisesrc=duration=600:sample_rate=48000:amplitude=0.1', path);
  const cancel = new AbortController();
  const cancelled = enhancedFile(path, 'denoise', {
    container: 'flac',
    signal: cancel.signal,
    maxDurationMs: 3_600_000,
  });
  const outcome = expect(cancelled).rejects.toThrow('enough');
  await waitFor(() => ownFfmpegs().length > 1, { what: 'both ffmpegs to run' });
  cancel.abort(new Error('enough'));
  await outcome;
  expect(ownFfmpegs()).toEqual([]);

  const upload = await storeUpload(blobs, path, 'flac');
  const limits = { maxDurationMs: 3_600_000, timeoutMs: 30_000 };
  const { signal } = new AbortController();
  const setting = { blobs, tools: system, limits, isSplit: false, warn: () => {}, inBackground: true, signal };
  for await (const [pcm] of decode(upload, { ...setting, enhance: 'level' })) {
    expect(pcm.length).toBeGreaterThan(0);
    break;
  }
  expect(ownFfmpegs()).toEqual([]);
});

it('leaves the sound as it is, and says so, where ffmpeg lacks the filters', async () => {
  const bare = join(folder, 'bare-ffmpeg');
  await writeFile(
    bare,
    `#!/bin/sh\ncase "$*" in *-af*) echo 'No such filter' >&2; exit 1;; esac\nexec ${system.ffmpegPath} "$@"\n`,
  );
  await chmod(bare, 0o755);
  const tools: MediaTools = { ffmpegPath: bare, prlimitPath: null, cage: null };
  const samples = tone(2_000, 440, 300);
  const { pcm, warnings } = await enhanced(samples, 'level', { tools });
  expect(warnings).toEqual(['not_enhanced']);
  expect(pcm).toEqual(samples);
  expect(await filterDelay(tools)).toBeNull();
});

it('stays bit for bit what it was when nothing is asked', async () => {
  const samples = concat(tone(500, 440, 300), noise(500, 100));
  expect(await enhanced(samples, undefined)).toEqual({ pcm: samples, warnings: [] });
});
