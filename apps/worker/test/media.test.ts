/** @long */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { chmod, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { CONTAINER_NAMES, type Container } from '@sotto/contracts';
import { packagedFfmpeg } from '@sotto/ffmpeg';
import { FileBlobStore } from '@sotto/storage';
import {
  concat,
  encodeWav,
  ffmpeg,
  mustRun,
  noise,
  pause,
  SPEECH_FORMATS,
  type SpeechFormat,
  speak,
  temporaryFolder,
  tone,
  waitFor,
  writeInFormat,
  writeWav,
} from '@sotto/testkit';
import { decode } from '../src/media/decode.ts';
import { findMediaTools, type MediaTools } from '../src/media/ffmpeg-binary.ts';
import { storeUpload } from './upload.ts';

jest.setTimeout(60_000);

let folder: string;
let blobs: FileBlobStore;
let tools: MediaTools;
let speech: Int16Array;
let speechWav: string;

const MIXED = { isSplit: false, warn: () => {}, inBackground: true };

beforeAll(async () => {
  folder = await temporaryFolder('media');
  blobs = new FileBlobStore(join(folder, 'blobs'));
  tools = await findMediaTools(process.env.PATH ?? '');
  const spoken = await speak('one two three four five six seven');
  speech = concat(spoken.samples, pause(500), tone(2000, 1000), pause(300), spoken.samples);
  speechWav = join(folder, 'speech.wav');
  await writeWav(speechWav, speech);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Options {
  maxDurationMs?: number;
  timeoutMs?: number;
  signal?: AbortSignal;
  tools?: MediaTools;
}

async function decoded(path: string, container: Container, options: Options = {}) {
  const upload = await storeUpload(blobs, path, container);
  const warnings: string[] = [];
  const parts: Int16Array[] = [];
  const stream = decode(upload, {
    blobs,
    tools: options.tools ?? tools,
    limits: { maxDurationMs: options.maxDurationMs ?? 60_000, timeoutMs: options.timeoutMs ?? 30_000 },
    isSplit: false,
    warn: (warning) => warnings.push(warning.code),
    inBackground: true,
    signal: options.signal ?? new AbortController().signal,
  });
  for await (const [pcm] of stream) parts.push(pcm);
  return { pcm: concat(...parts), warnings };
}

/** How alike two recordings are at their best alignment within 125 ms (codecs delay); 1: the same. */
function likeness(a: Int16Array, b: Int16Array): number {
  let best = { shift: 0, likeness: -1 };
  for (let shift = -2000; shift <= 2000; shift++) {
    const found = correlation(a, b, shift, 97);
    if (found > best.likeness) best = { shift, likeness: found };
  }
  return correlation(a, b, best.shift, 1);
}

function correlation(a: Int16Array, b: Int16Array, shift: number, step: number): number {
  let product = 0;
  let powerA = 0;
  let powerB = 0;
  for (let i = 2000; i < Math.min(a.length, b.length) - 2000; i += step) {
    const x = a[i] ?? 0;
    const y = b[i + shift] ?? 0;
    product += x * y;
    powerA += x * x;
    powerB += y * y;
  }
  return product / Math.sqrt(powerA * powerB + 1);
}

/** The first sample that can be heard. */
const firstSound = (pcm: Int16Array): number => pcm.findIndex((sample) => Math.abs(sample) > 1000);

/** AMR wideband, which nothing here encodes: frames of 20 ms in its lowest rate (RFC 4867, 5.3), all bits zero. */
function wideband(frames: number): Buffer {
  const frame = Buffer.alloc(18);
  frame[0] = 0b0_0000_1_00;
  return Buffer.concat([Buffer.from('#!AMR-WB\n'), ...Array<Buffer>(frames).fill(frame)]);
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

/** Text read as media has nothing in it. */
const REFUSED = /^(undecodable_media|no_audio_stream|audio_too_short)$/;

/** What a vocoder leaves of the wave's shape. AMR also leaves out silence at the end. */
const VOCODER_LIKENESS = 0.5;

describe('decoding', () => {
  it.each(SPEECH_FORMATS)('$extension', async (format: SpeechFormat & { container: Container }) => {
    const path = join(folder, `coded.${format.extension}`);
    await writeInFormat(format, speechWav, path);
    const { pcm, warnings } = await decoded(path, format.container);
    expect(warnings).toEqual([]);
    const missing = speech.length - pcm.length;
    expect(missing).toBeGreaterThan(-16 * 150);
    expect(missing).toBeLessThan(16 * (format.isVocoder ? 300 : 150));
    expect(likeness(speech, pcm)).toBeGreaterThan(format.isVocoder ? VOCODER_LIKENESS : 0.93);
  });

  it('amr wideband', async () => {
    const path = join(folder, 'coded.awb');
    await writeFile(path, wideband(100));
    const { pcm, warnings } = await decoded(path, 'amr');
    expect([pcm.length, warnings]).toEqual([2 * 16_000, []]);
  });

  it('keeps the times of what follows the silence that a telephone leaves out', async () => {
    const [spoken, path] = [join(folder, 'quiet.wav'), join(folder, 'quiet.amr')];
    const samples = concat(pause(10_000), (await speak('one two three')).samples);
    await writeWav(spoken, samples);
    await mustRun('sox', ['-V1', '-D', spoken, '-r', '8000', '-t', 'amr-nb', path]);
    const { pcm, warnings } = await decoded(path, 'amr');
    expect(warnings).toEqual([]);
    expect(Math.abs(firstSound(pcm) - firstSound(samples))).toBeLessThan(16 * 100);
  });

  it('takes the sound out of video', async () => {
    const path = join(folder, 'picture.mp4');
    const picture = ['-f', 'lavfi', '-i', 'testsrc=size=160x120:rate=10'];
    await ffmpeg(...picture, '-i', speechWav, '-shortest', '-c:v', 'mpeg4', '-c:a', 'aac', path);
    expect(likeness(speech, (await decoded(path, 'mp4')).pcm)).toBeGreaterThan(0.93);
  });

  it('resamples WAV as well as ffmpeg does', async () => {
    for (const rate of ['44100', '48000', '8000']) {
      const path = join(folder, `rate-${rate}.wav`);
      await ffmpeg('-i', speechWav, '-ar', rate, '-ac', '2', path);
      const ours = await decoded(path, 'wav');
      const back = join(folder, `back-${rate}.flac`);
      await ffmpeg('-i', path, '-ar', '16000', '-ac', '1', back);
      const theirs = await decoded(back, 'flac');
      expect(Math.abs(ours.pcm.length - theirs.pcm.length)).toBeLessThanOrEqual(16);
      expect(likeness(ours.pcm, theirs.pcm)).toBeGreaterThan(0.9995);
    }
  });

  it('leaves WAV of other kinds to ffmpeg', async () => {
    const path = join(folder, 'mulaw.wav');
    await ffmpeg('-i', speechWav, '-c:a', 'pcm_mulaw', '-ar', '8000', path);
    expect((await decoded(path, 'wav')).pcm.length).toBe(speech.length);
  });

  it('works with the packaged ffmpeg where the system has none', async () => {
    const none = await findMediaTools(folder);
    expect(none).toEqual({ ffmpegPath: packagedFfmpeg(), prlimitPath: null, cage: null });
    for (const { extension, container } of SPEECH_FORMATS) {
      const { pcm } = await decoded(join(folder, `coded.${extension}`), container, { tools: none });
      expect([extension, Math.abs(speech.length - pcm.length) < 16 * 300]).toEqual([extension, true]);
    }
    const { pcm } = await decoded(join(folder, 'coded.mp3'), 'mp3', { tools: none });
    expect(likeness(speech, pcm)).toBeGreaterThan(0.93);
  });

  it('makes silence of NaN', async () => {
    const path = join(folder, 'nan.mkv');
    const samples = new Float32Array(16_000).fill(Number.NaN, 4000, 12_000);
    await writeFile(`${path}.raw`, Buffer.from(samples.buffer));
    await ffmpeg('-f', 'f32le', '-ar', '16000', '-ac', '1', '-i', `${path}.raw`, '-c:a', 'pcm_f32le', path);
    const { pcm } = await decoded(path, 'matroska');
    expect(pcm).toEqual(new Int16Array(16_000));
  });
});

describe('what cannot be decoded', () => {
  it('says when there is no sound', async () => {
    const path = join(folder, 'mute.mp4');
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc=size=64x64:rate=5:duration=1', '-c:v', 'mpeg4', path);
    await expect(decoded(path, 'mp4')).rejects.toMatchObject({ code: 'no_audio_stream' });
  });

  it('refuses noise behind a valid beginning', async () => {
    const path = join(folder, 'noise.mp4');
    const head = (await readFile(join(folder, 'coded.m4a'))).subarray(0, 24);
    await writeFile(path, Buffer.concat([head, encodeWav(noise(2000))]));
    await expect(decoded(path, 'mp4')).rejects.toMatchObject({ code: 'undecodable_media' });
  });

  it.each(['wav', 'flac'] as const)('refuses 0.02 s of %s', async (container) => {
    const path = join(folder, `short.${container}`);
    await writeWav(join(folder, 'short-source.wav'), tone(20));
    await ffmpeg('-i', join(folder, 'short-source.wav'), path);
    await expect(decoded(path, container)).rejects.toMatchObject({ code: 'audio_too_short' });
  });

  it.each(['wav', 'mp3', 'flac'] as const)('stops %s at the longest duration accepted', async (container) => {
    const path = container === 'wav' ? speechWav : join(folder, `coded.${container}`);
    await expect(decoded(path, container, { maxDurationMs: 1500 })).rejects.toMatchObject({ code: 'audio_too_long' });
  });

  it('counts samples, whatever the header says', async () => {
    const path = join(folder, 'liar.flac');
    const file = await readFile(join(folder, 'coded.flac'));
    file.writeUIntBE(1, 23, 3);
    await writeFile(path, file);
    await expect(decoded(path, 'flac', { maxDurationMs: 1500 })).rejects.toMatchObject({ code: 'audio_too_long' });
  });

  it('never follows a playlist or a script, whatever it was taken for', async () => {
    const secret = join(folder, 'secret.wav');
    await writeWav(secret, tone(1000));
    const scripts = [`#EXTM3U\n#EXTINF:10,\nfile://${secret}\n`, `ffconcat version 1.0\nfile '${secret}'\n`];
    for (const script of scripts) {
      const path = join(folder, 'script.mp3');
      await writeFile(path, script);
      for (const container of CONTAINER_NAMES.filter((name) => name !== 'pcm')) {
        const outcome = await decoded(path, container).catch((error: unknown) => error);
        expect([container, outcome]).toMatchObject([container, { code: expect.stringMatching(REFUSED) }]);
      }
    }
  });
});

describe('what can be decoded in part', () => {
  it.each([
    ['mp4', 'mp4', ['-c:a', 'aac', '-movflags', '+faststart']],
    ['mkv', 'matroska', ['-c:a', 'flac']],
    ['flac', 'flac', []],
    ['aiff', 'aiff', []],
    ['au', 'au', []],
  ] as [string, Container, string[]][])('warns of a truncated %s', async (extension, container, args) => {
    const path = join(folder, `cut.${extension}`);
    await ffmpeg('-i', speechWav, ...args, path);
    await truncate(path, Math.floor((await readFile(path)).length * 0.6));
    const { pcm, warnings } = await decoded(path, container);
    expect(warnings).toEqual(['truncated_media']);
    expect(pcm.length).toBeGreaterThan(speech.length * 0.3);
    expect(pcm.length).toBeLessThan(speech.length * 0.9);
  });

  it.each([
    ['mp2', 'mp3'],
    ['w64', 'w64'],
    ['ts', 'mpegts'],
    ['mpg', 'mpegps'],
  ] as [string, Container][])('cannot tell that %s was cut, and takes what is there', async (extension, container) => {
    const whole = await readFile(join(folder, `coded.${extension}`));
    const path = join(folder, `cut.${extension}`);
    await writeFile(path, whole.subarray(0, Math.floor(whole.length * 0.6)));
    const { pcm } = await decoded(path, container);
    expect(pcm.length).toBeGreaterThan(speech.length * 0.3);
    expect(pcm.length).toBeLessThan(speech.length * 0.9);
  });

  it('cannot read an mp4 that has lost its index', async () => {
    const path = join(folder, 'no-index.mp4');
    await ffmpeg('-i', speechWav, '-c:a', 'aac', path);
    await truncate(path, Math.floor((await readFile(path)).length * 0.6));
    await expect(decoded(path, 'mp4')).rejects.toMatchObject({ code: 'undecodable_media', detail: /index/ });
  });
});

describe('stopping', () => {
  it('ends ffmpeg when the work is cancelled, when time is up, when the reader leaves', async () => {
    const path = join(folder, 'long.flac');
    await ffmpeg('-f', 'lavfi', '-i', 'anoisesrc=duration=600:sample_rate=48000:amplitude=0.1', path);
    const cancel = new AbortController();
    const cancelled = decoded(path, 'flac', { signal: cancel.signal, maxDurationMs: 3_600_000 });
    const outcome = expect(cancelled).rejects.toThrow('enough');
    await waitFor(() => ownFfmpegs().length > 0, { what: 'ffmpeg to run' });
    cancel.abort(new Error('enough'));
    await outcome;
    expect(ownFfmpegs()).toEqual([]);

    const late = decoded(path, 'flac', { timeoutMs: 150, maxDurationMs: 3_600_000 });
    await expect(late).rejects.toMatchObject({ code: 'decode_timeout' });
    expect(ownFfmpegs()).toEqual([]);

    const upload = await storeUpload(blobs, path, 'flac');
    const limits = { maxDurationMs: 3_600_000, timeoutMs: 30_000 };
    const signal = new AbortController().signal;
    for await (const [pcm] of decode(upload, { ...MIXED, blobs, tools, limits, signal })) {
      expect(pcm.length).toBeGreaterThan(0);
      break;
    }
    expect(ownFfmpegs()).toEqual([]);
  });
});

describe('time', () => {
  const LIMIT_MS = 1000;
  const HOUR_MS = 3_600_000;
  let long: string;
  let lengthMs: number;

  beforeAll(async () => {
    long = join(folder, 'minutes.flac');
    lengthMs = 120_000;
    await ffmpeg('-f', 'lavfi', '-i', `anoisesrc=duration=${lengthMs / 1000}:sample_rate=16000:amplitude=0.1`, long);
  });

  /** Takes one piece, does something, takes the rest; resolves to the length of all. */
  async function decodedAround(meanwhile: () => Promise<void>): Promise<number> {
    const upload = await storeUpload(blobs, long, 'flac');
    const limits = { maxDurationMs: HOUR_MS, timeoutMs: LIMIT_MS };
    const signal = new AbortController().signal;
    const pieces = decode(upload, { ...MIXED, blobs, tools, limits, signal });
    let samples = 0;
    for await (const [pcm] of pieces) {
      if (samples === 0) await meanwhile();
      samples += pcm.length;
    }
    return samples / 16;
  }

  const passed = async (ms: number) => {
    const startedMs = performance.now();
    await waitFor(() => performance.now() - startedMs > ms, { what: `${ms} ms to pass` });
  };

  it('does not count while the decoder is stopped', async () => {
    let stoppedMs = 0;
    const length = await decodedAround(async () => {
      const pid = Number(ownFfmpegs()[0]);
      process.kill(pid, 'SIGSTOP');
      // Stopped while its output is asked for: it continues in the background.
      void passed(2.5 * LIMIT_MS).then(() => {
        stoppedMs = 2.5 * LIMIT_MS;
        process.kill(pid, 'SIGCONT');
      });
    });
    expect([length, stoppedMs]).toEqual([lengthMs, 2.5 * LIMIT_MS]);
  });

  it('does not count while nobody asks for more', async () => {
    expect(await decodedAround(() => passed(2 * LIMIT_MS))).toBe(lengthMs);
  });

  it.each([
    ['burns processor time', 'while :; do :; done', /processor time/],
    ['hangs', 'exec sleep 60', /without progress/],
  ])('ends a decoder that %s', async (_what, script, detail) => {
    const ffmpegPath = join(folder, 'odd-ffmpeg');
    await writeFile(ffmpegPath, `#!/bin/sh\n${script}\n`);
    await chmod(ffmpegPath, 0o755);
    const outcome = decoded(long, 'flac', { tools: { ...tools, ffmpegPath }, timeoutMs: 300 });
    await expect(outcome).rejects.toMatchObject({ code: 'decode_timeout', detail });
    expect(ownFfmpegs()).toEqual([]);
  });

  it('does not take what a killed decoder left for the whole recording', async () => {
    const killed = decodedAround(async () => {
      process.kill(Number(ownFfmpegs()[0]), 'SIGKILL');
    });
    await expect(killed).rejects.toMatchObject({ code: 'internal_error' });
  });
});
