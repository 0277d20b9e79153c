import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { FileBlobStore } from '@sotto/storage';
import { pcmBytes } from '../media/pcm.ts';
import { readSpans } from './audio.ts';

let folder: string;
let blobs: FileBlobStore;
let audioKey: string;

/** Ten milliseconds, each of its own value. */
const samples = Int16Array.from({ length: 160 }, (_, at) => 1 + Math.floor(at / 16));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-audio-'));
  blobs = new FileBlobStore(folder);
  const writer = await blobs.createWriter('audio');
  await writer.write(pcmBytes(samples));
  audioKey = (await writer.commit()).key;
});

afterAll(() => rm(folder, { recursive: true }));

const span = (startMs: number, endMs: number) => ({ startMs, endMs });

async function valuesOf(spans: { startMs: number; endMs: number }[], muted?: { startMs: number; endMs: number }[]) {
  const pcm = await readSpans(blobs, { audioKey, spans, muted });
  return Array.from(pcm.filter((_, at) => at % 16 === 0));
}

it('joins spans end to end', async () => {
  expect(await valuesOf([span(0, 2), span(5, 8)])).toEqual([1, 2, 6, 7, 8]);
});

it('is silent where it is muted, and nowhere else', async () => {
  expect(await valuesOf([span(0, 4), span(6, 10)], [span(2, 7), span(9, 100)])).toEqual([1, 2, 0, 0, 0, 8, 9, 0]);
  expect(await valuesOf([span(2, 4)], [span(0, 2), span(4, 9)])).toEqual([3, 4]);
});

it('has all that the plan says', async () => {
  await expect(valuesOf([span(8, 11)])).rejects.toMatchObject({ code: 'blob_missing' });
});
