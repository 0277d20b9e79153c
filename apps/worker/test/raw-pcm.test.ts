import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LanguageRun, Upload } from '@sotto/contracts';
import { CATALOG, newRun } from '@sotto/queue';
import { FileBlobStore } from '@sotto/storage';
import { concat, temporaryFolder, tone } from '@sotto/testkit';
import { decode } from '../src/media/decode.ts';
import { BYTES_PER_SAMPLE, pcmBytes, SAMPLE_RATE } from '../src/media/pcm.ts';
import { RightOfWay } from '../src/models/right-of-way.ts';
import type { PrepareDeps } from '../src/runs/decode-to-storage.ts';
import { prepare } from '../src/runs/make-plan.ts';
import { energyDetection } from '../src/speech/energy-detector.ts';
import { DELIVERY } from './fleet.ts';
import { storeUpload } from './upload.ts';

/** None of this may need ffmpeg. */
const tools = { ffmpegPath: '/nonexistent/ffmpeg', prlimitPath: null, cage: null };
const limits = { maxDurationMs: 60_000, timeoutMs: 30_000 };
const signal = new AbortController().signal;

let folder: string;
let blobs: FileBlobStore;

beforeAll(async () => {
  folder = await temporaryFolder('raw-pcm');
  blobs = new FileBlobStore(join(folder, 'blobs'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function stored(bytes: Uint8Array, maxDurationMs?: number): Promise<Upload> {
  const path = join(folder, 'audio_file');
  await writeFile(path, bytes);
  const upload = await storeUpload(blobs, path, 'pcm');
  return maxDurationMs === undefined ? upload : { ...upload, maxDurationMs };
}

async function decoded(upload: Upload): Promise<Int16Array> {
  const parts: Int16Array[] = [];
  const decoding = { blobs, tools, limits, isSplit: false, warn: () => {}, inBackground: false, signal };
  for await (const [pcm] of decode(upload, decoding)) parts.push(pcm);
  return concat(...parts);
}

describe('samples without a container', () => {
  it('come back bit for bit; half a sample at the end is dropped', async () => {
    const samples = tone(500, 440);
    const torn = Buffer.concat([pcmBytes(samples), Buffer.from([7])]);
    expect(await decoded(await stored(torn))).toEqual(samples);
  });

  it('are refused when they are shorter than 0.1 s', async () => {
    await expect(decoded(await stored(pcmBytes(tone(20))))).rejects.toMatchObject({ code: 'audio_too_short' });
  });
});

describe('a limit that came with the upload', () => {
  it('replaces the general one, whether higher or lower', async () => {
    const minute = pcmBytes(tone(61_000));
    await expect(decoded(await stored(minute))).rejects.toMatchObject({ code: 'audio_too_long' });
    expect(await decoded(await stored(minute, 62_000))).toHaveLength(61 * SAMPLE_RATE);
    const short = stored(pcmBytes(tone(2_000)), 1_500);
    await expect(decoded(await short)).rejects.toMatchObject({ code: 'audio_too_long' });
  });
});

describe('a run that wants only the language', () => {
  const run = (input: Upload): LanguageRun => {
    const made = newRun(
      {
        kind: 'language',
        workKey: null,
        modelDigest: null,
        requestId: crypto.randomUUID(),
        input,
        options: { model: null, vad: false },
        delivery: DELIVERY,
        lane: 'interactive',
        keyId: null,
        fileName: input.fileName,
        nowMs: 0,
      },
      CATALOG,
    );
    if (made.kind !== 'language') throw new Error('another kind of run');
    return made;
  };

  it('plans a few windows, and looks at no more than ten minutes', async () => {
    const deps: PrepareDeps = {
      blobs,
      mediaTools: tools,
      decodeLimits: { ...limits, maxDurationMs: 3_600_000 },
      rightOfWay: new RightOfWay(),
      onEvent: () => {},
      speechDetection: energyDetection,
    };
    const elevenMinutes = new Uint8Array(11 * 60 * SAMPLE_RATE * BYTES_PER_SAMPLE);
    const plan = await prepare(run(await stored(elevenMinutes)), deps, signal);
    expect(plan.durationMs).toBeGreaterThanOrEqual(600_000);
    expect(plan.durationMs).toBeLessThan(601_000);
    expect(plan.windows).toHaveLength(3);
    expect(plan.windows[0]?.spans[0]?.startMs).toBe(0);
  });
});
