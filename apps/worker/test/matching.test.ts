/**
 * Voices made of Kokoro's to be like a sample: step by step, by whoever is alive, and gone when they are deleted.
 *
 * @busy Kokoro keeps every core busy.
 * @long
 */
import { createHash, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, jest } from '@jest/globals';
import { type MatchingRun, SPEAKER_MODEL_FACTS } from '@sotto/contracts';
import { acceptWork, connectRedis, disconnect, Matchings, OwnVoices } from '@sotto/queue';
import { voiceFileKey, voiceFileName } from '@sotto/storage';
import {
  describeWith,
  linkModel,
  linkVoices,
  matchingParts,
  nanoModelDir,
  temporaryFolder,
  waitFor,
} from '@sotto/testkit';
import { removeVoiceFiles } from '../src/runs/voice-files.ts';
import { DELIVERY, Fleet } from './fleet.ts';
import { spokenText } from './spoken.ts';

jest.setTimeout(900_000);

const MINUTE_MS = 60_000;
const parts = await matchingParts();

describeWith(parts, 'a voice that is matched', ({ speakerModel, voices }) => {
  let fleet: Fleet;
  let modelDir: string;
  let redis: ReturnType<typeof connectRedis>;
  let ownVoices: OwnVoices;
  let matchings: Matchings;

  async function start(): Promise<void> {
    modelDir = await temporaryFolder('matching');
    await linkModel(join(await nanoModelDir(), 'ggml-sotto-nano.bin'), modelDir);
    await linkModel(speakerModel, modelDir);
    await linkVoices(voices, modelDir);
    fleet = await Fleet.start({ modelDir });
    redis = connectRedis(fleet.redis.url, 'worker');
    ownVoices = new OwnVoices(redis, fleet.settings);
    matchings = new Matchings(redis, fleet.settings);
  }

  afterEach(async () => {
    await disconnect(redis);
    await fleet.close();
    await rm(modelDir, { recursive: true, force: true });
  });

  const hex = () => randomUUID().replaceAll('-', '');

  /** Accepts a search as the API does; the target is any direction, which the nearest voice and a step towards it exist for. */
  async function submit(generations: number): Promise<MatchingRun> {
    const [voiceId, consent, requestId] = [`voice_${hex()}`, `cons_${hex()}`, randomUUID()];
    const numbers = Float32Array.from({ length: 256 }, (_, i) => Math.sin(i * i));
    const heard = { model: SPEAKER_MODEL_FACTS.name, embedding: Buffer.from(numbers.buffer).toString('base64') };
    const common = { name: 'Own', createdAtMs: Date.now(), blobKey: voiceFileKey(null, voiceId) };
    await ownVoices.putConsent(null, { ...common, id: consent, language: 'en', ...heard });
    await ownVoices.putVoice(null, { ...common, id: voiceId, consent, jobId: requestId });
    const bytes = Buffer.from(JSON.stringify(heard));
    const writer = await fleet.blobs.createWriter('uploads', requestId);
    await writer.write(bytes);
    const { key: blobKey } = await writer.commit();
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const { run } = await acceptWork(fleet.runs, fleet.producer, {
      kind: 'matching',
      workKey: null,
      modelDigest: null,
      requestId,
      input: { blobKey, sha256, bytes: bytes.length, characters: 5_000, fileName: 'Own' },
      options: { voiceId, language: 'es', generations, seed: 1 },
      delivery: DELIVERY,
      lane: 'batch',
      keyId: null,
      fileName: 'Own',
      nowMs: Date.now(),
    });
    // All of Kokoro's voices have been heard, by a worker that is gone.
    for (const index of [0, 1, 2]) await matchings.put(run.id, { index, heard: { af_heart: 0.2, am_adam: 0.1 } });
    return run as MatchingRun;
  }

  const runOf = async (id: string) => (await fleet.runs.run(id)) as MatchingRun;
  const ended = (id: string) =>
    waitFor(async () => (await runOf(id)).status !== 'processing', { what: 'the search', timeoutMs: 10 * MINUTE_MS });
  const stepsDone = (id: string, least: number) =>
    waitFor(async () => (await matchings.steps(id)).length >= least, { what: 'a step', timeoutMs: 10 * MINUTE_MS });

  const begun = (id: string) =>
    waitFor(async () => (await runOf(id)).stepsTotal !== null, { what: 'the search to begin', timeoutMs: MINUTE_MS });

  it('is made by whoever is left when its worker is killed, and then speaks; texts go first', async () => {
    await start();
    const victim = await fleet.addWorker(['prepare', 'speak']);
    const { id, options } = await submit(2);
    await stepsDone(id, 4);
    victim.process.kill9();
    await fleet.addWorker(['prepare', 'speak']);
    await spokenText(fleet, 'Somebody is waiting for this.', { voice: 'af_heart' });
    expect((await runOf(id)).status).toBe('processing');
    await ended(id);
    const run = await runOf(id);
    expect(run).toMatchObject({ status: 'completed', lane: 'batch', progress: 100, characters: 5_000, error: null });
    expect(run.stepsDone).toBe(run.stepsTotal);
    const voice = await ownVoices.voice(null, options.voiceId);
    const { matched } = voice ?? {};
    expect(matched).toMatchObject({ engine: 'kokoro', language: expect.stringMatching(/^[a-z]{2}/) });
    expect(matched?.similarity).toBeGreaterThanOrEqual(matched?.nearest.similarity ?? 1);
    expect(matched?.mix.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 3);
    const { result } = await spokenText(fleet, 'This is what it sounds like.', { voice: options.voiceId });
    expect(result).toMatchObject({ engine: 'kokoro', voice: options.voiceId });
    await fleet.blobs.delete(result.audio.blobKey);
  });

  it('is looked for no more once it is deleted, and nothing of it stays', async () => {
    await start();
    const { id, options } = await submit(50);
    const writer = await fleet.blobs.createWriter('voices', voiceFileName(null, options.voiceId));
    await writer.write(new Uint8Array(10));
    await writer.commit();
    await fleet.addWorker(['prepare', 'speak']);
    await begun(id);
    // What the sweep does, without its wait for younger ones.
    const files = { blobs: fleet.blobs, ownVoices, leftoverAgeMs: -1_000 };
    expect(await removeVoiceFiles(files, new AbortController().signal)).toBe(0);
    // As an API that was killed right after it had deleted the record.
    const [voice] = await ownVoices.voices(null);
    await ownVoices.delete(null, voice?.consent ?? '');
    await ended(id);
    expect((await runOf(id)).error?.code).toBe('voice_not_found');
    expect(await removeVoiceFiles(files, new AbortController().signal)).toBe(1);
    await fleet.noBlobs();
  });
});
