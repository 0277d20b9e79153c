import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Warning } from '@sotto/contracts';
import { FileBlobStore } from '@sotto/storage';
import { concat, ffmpeg, pause, temporaryFolder, tone } from '@sotto/testkit';
import { decode } from '../src/media/decode.ts';
import { findMediaTools, type MediaTools } from '../src/media/ffmpeg-binary.ts';
import { storeUpload } from './upload.ts';

let folder: string;
let blobs: FileBlobStore;
let tools: MediaTools;

beforeAll(async () => {
  folder = await temporaryFolder('media-channels');
  blobs = new FileBlobStore(join(folder, 'blobs'));
  tools = await findMediaTools(process.env.PATH ?? '');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function channelsOf(path: string): Promise<{ channels: Int16Array[]; warnings: string[] }> {
  const warnings: string[] = [];
  const parts: Int16Array[][] = [];
  const decoding = {
    blobs,
    tools,
    limits: { maxDurationMs: 60_000, timeoutMs: 30_000 },
    isSplit: true,
    warn: (warning: Warning) => warnings.push(warning.code),
    inBackground: false,
    signal: new AbortController().signal,
  };
  for await (const channels of decode(await storeUpload(blobs, path, 'flac'), decoding)) parts.push(channels);
  const count = parts[0]?.length ?? 0;
  const channels = Array.from({ length: count }, (_, channel) =>
    concat(...parts.map((part) => part[channel] ?? pause(0))),
  );
  return { channels, warnings };
}

/** 1: the same, but for its loudness. */
function likeness(a: Int16Array, b: Int16Array): number {
  const product = (x: Int16Array, y: Int16Array) => x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b) + 1);
}

const hertzOf = (channel: number): number => 200 + 100 * channel;

describe('ffmpeg keeps channels apart, each where it is', () => {
  it.each([
    ['mono', 1, ['one_channel']],
    ['stereo', 2, []],
    ['5.1', 6, []],
    ['7.1', 8, []],
  ])('%s', async (layout, count, expected) => {
    const path = join(folder, `${count}.flac`);
    const tones = Array.from({ length: count }, (_, channel) => `0.5*sin(2*PI*${hertzOf(channel)}*t)`).join('|');
    await ffmpeg('-f', 'lavfi', '-i', `aevalsrc=${tones}:c=${layout}:s=48000:d=1`, path);
    const { channels, warnings } = await channelsOf(path);
    expect([channels.length, warnings]).toEqual([count, expected]);
    for (const [channel, pcm] of channels.entries()) {
      expect(Math.abs(pcm.length - 16_000)).toBeLessThan(50);
      expect(likeness(tone(1000, hertzOf(channel)), pcm)).toBeGreaterThan(0.99);
    }
  });
});
