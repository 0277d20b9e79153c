import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { concat, encodeWav, pause, type Service, startService, tone } from '@sotto/testkit';
import type { Redis } from 'ioredis';
import { ACCEPTED, type BadInput, FAILED } from './reference/bad-input.ts';
import { leavesNothing } from './support/fleet.ts';
import { accepted, ended } from './support/jobs.ts';
import { made, wav } from './support/media.ts';
import { expectError, type Recording, send, transcribe } from './support/replies.ts';
import { phrase } from './support/speech.ts';

const MAX_DURATION_SECONDS = 20;
let service: Service;
let redis: Redis;

beforeAll(async () => {
  service = await startService({ workers: 1, env: { MAX_DURATION: String(MAX_DURATION_SECONDS) } });
  redis = service.redis.client();
});

afterAll(async () => {
  await service?.close();
});

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc=size=64x64:rate=10'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=440:sample_rate=16000'];

/** `moov` before `mdat` (fast start) or after it. */
const movie = (...flags: string[]): Promise<Uint8Array> =>
  made('mp4', ...PICTURE, ...SOUND, '-t', '8', '-shortest', ...flags);

const firstPart = (file: Uint8Array, part: number): Uint8Array => file.subarray(0, Math.floor(file.length * part));

/** A recording whose header tells of one second only. */
function lyingWav(): Uint8Array {
  const file = encodeWav(concat(tone((MAX_DURATION_SECONDS + 5) * 1000), pause(1_000)));
  file.writeUInt32LE(36 + 32_000, 4);
  file.writeUInt32LE(32_000, 40);
  return file;
}

/** An mp3 without its length header; its first frame's bit rate promises a tenth of what comes. */
const lyingMp3 = (): Promise<Uint8Array> =>
  made('mp3', ...SOUND, '-t', String(MAX_DURATION_SECONDS + 5), '-write_xing', '0', '-b:a', '32k');

const FAILING: Record<keyof typeof FAILED, () => Promise<Recording>> = {
  silentVideo: async () => ({ bytes: await made('mp4', ...PICTURE, '-t', '1'), name: 'film.mp4' }),
  truncatedWithoutIndex: async () => ({ bytes: firstPart(await movie(), 0.6), name: 'film.mp4' }),
  short: async () => ({ bytes: wav(20) }),
  long: async () => ({ bytes: wav((MAX_DURATION_SECONDS + 1) * 1000) }),
  longLie: async () => ({ bytes: await lyingMp3(), name: 'song.mp3' }),
};

describe('a recording that a worker cannot use', () => {
  const rows = Object.entries(FAILED) as [keyof typeof FAILED, BadInput][];

  it.each(rows)('%s: is told as documented, and only the job stays', async (name, { status, code }) => {
    const recording = await FAILING[name]();
    expectError(await transcribe(service.url, recording), status, code ?? '');
    await leavesNothing(service, redis);
    const id = await accepted(service.url, recording.bytes);
    const job = await ended(service.url, id);
    expect(job).toMatchObject({ status: 'failed', error: code, detail: expect.stringMatching(/./) });
    expect(job.failed_at).toBeDefined();
    expectError(await send(`${service.url}/jobs/${id}/result`), status, code ?? '');
    await leavesNothing(service, redis);
    expect((await send(`${service.url}/health/live`)).status).toBe(200);
  });

  it('is read as far as its WAV header says, not as far as the file goes', async () => {
    const reply = await transcribe(service.url, { bytes: lyingWav() });
    expect({ status: reply.status, duration: reply.json?.duration }).toEqual({ status: 200, duration: 1 });
  });
});

/** 32-bit float WAV whose samples are all NaN. */
function nanWav(): Uint8Array {
  const samples = 16_000;
  const file = Buffer.alloc(44 + samples * 4);
  encodeWav(pause(0)).copy(file);
  file.writeUInt32LE(file.length - 8, 4);
  file.writeUInt16LE(3, 20);
  file.writeUInt32LE(64_000, 28);
  file.writeUInt16LE(4, 32);
  file.writeUInt16LE(32, 34);
  file.writeUInt32LE(samples * 4, 40);
  for (let at = 44; at < file.length; at += 4) file.writeFloatLE(Number.NaN, at);
  return file;
}

const FINE: Record<keyof typeof ACCEPTED, () => Promise<Recording>> = {
  names: async () => ({ ...(await phrase(31)), name: '../../etc/\u{1F399}.wav' }),
  truncatedWithIndex: async () => ({ bytes: firstPart(await movie('-movflags', '+faststart'), 0.6), name: 'film.mp4' }),
  nan: async () => ({ bytes: nanWav() }),
};

describe('an odd recording', () => {
  const rows = Object.entries(ACCEPTED) as [keyof typeof ACCEPTED, BadInput][];

  it.each(rows)('%s: is transcribed all the same', async (name, { status }) => {
    const reply = await transcribe(service.url, await FINE[name]());
    expect({ status: reply.status, text: reply.text }).toEqual({ status, text: expect.stringContaining('"text"') });
    if (name === 'truncatedWithIndex') expect(reply.text).toMatch(/"code":"\w*(trunc|incomplete|damaged|broken)\w*"/);
    if (name === 'nan') expect(reply.json).toMatchObject({ text: '', language: null });
    await leavesNothing(service, redis);
  });
});
