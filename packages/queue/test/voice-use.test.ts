/** What voices have spoken, by day: counted as a text ends, once, and gone with a voice that is deleted. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RedisServer } from '@sotto/testkit';
import { MOST_VOICES } from '../src/access/voice-use.ts';
import { type OwnVoice, OwnVoices, periodsAt, Usage, type VoiceUse } from '../src/index.ts';
import { attachInput, Bench, startRedis } from './harness.ts';

let server: RedisServer;
let bench: Bench;
let usage: Usage['voices'];
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  usage = new Usage(bench.redis, bench.settings).voices;
});
afterEach(() => bench.close());

const TODAY = periodsAt(Date.now()).day;
const RESULT = { text: 'spoken' };
const joe: VoiceUse = { voice: 'joe', kind: 'stock', characters: 20, audioMs: 1500 };
const blend: VoiceUse = { voice: 'a(2)+b(1)', kind: 'blend', characters: 5, audioMs: 100 };

const accept = async (keyId: string | null, more: object = {}) =>
  (await bench.runs.attach(attachInput({ keyId, ...more }))).run;
const ofKey = (keyId: string | null) => usage.ofKey(keyId, TODAY, TODAY);
const ofAll = () => usage.ofAll(TODAY, TODAY);
const day = (voice: string, jobs: number, characters: number, audioMs: number) => {
  return { day: TODAY, voice, jobs, characters, audioMs };
};

describe('the use of voices', () => {
  it('is counted for the key and for all together, once for each text that is completed', async () => {
    for (const keyId of ['k1', 'k1', 'k2']) {
      const run = await accept(keyId);
      for (const _ of ['first', 'a worker that was thought dead']) await bench.runs.complete(run, RESULT, [joe, blend]);
      await bench.runs.cancel(run);
    }
    expect(await ofKey('k1')).toEqual([day('joe', 2, 40, 3000), day('a(2)+b(1)', 2, 10, 200)]);
    expect(await ofKey('k2')).toEqual([day('joe', 1, 20, 1500), day('a(2)+b(1)', 1, 5, 100)]);
    expect(await ofAll()).toEqual([day('joe', 3, 60, 4500), day('blend', 3, 15, 300)]);
    expect(await ofKey(null)).toEqual([]);
    expect(await bench.lasting()).toEqual([]);
  });

  it('is nothing of what failed, was cancelled, or is charged to nobody', async () => {
    await bench.runs.fail(await accept('k1'), { code: 'speech_failed', detail: 'a test' });
    await bench.runs.cancel(await accept('k1'));
    await bench.runs.complete(await accept('k1', { isPaid: true }), RESULT, [joe]);
    expect([await ofKey('k1'), await ofAll()]).toEqual([[], []]);
  });

  it('is of the day a text was accepted, and no longer kept than that', async () => {
    const run = await accept('k1', { nowMs: Date.now() - 3 * 86_400_000 });
    await bench.runs.complete(run, RESULT, [joe]);
    const then = periodsAt(Date.now() - 3 * 86_400_000).day;
    expect(await ofKey('k1')).toEqual([]);
    expect(await usage.ofKey('k1', then, TODAY)).toMatchObject([{ day: then, jobs: 1 }]);
    const [own, all] = await Promise.all(
      ['k1', '*'].map((key) => bench.redis.pexpiretime(`${bench.settings.prefix}:usage:${key}:${then}`)),
    );
    expect(all).toBeGreaterThan(0);
    expect(Math.abs(Number(all) - Number(own))).toBeLessThan(1000);
  });

  it('has no more voices in a day than are kept apart', async () => {
    const many = Array.from({ length: MOST_VOICES + 5 }, (_, i): VoiceUse => ({ ...blend, voice: `a(${i + 1})+b(1)` }));
    for (const _ of [1, 2]) await bench.runs.complete(await accept('k1'), RESULT, many);
    const counted = await ofKey('k1');
    expect(counted).toHaveLength(MOST_VOICES + 1);
    expect(counted[0]).toEqual(day('other', 10, 50, 1000));
    expect(counted.slice(1).every(({ jobs }) => jobs === 2)).toBe(true);
    expect(await ofAll()).toHaveLength(1);
  });
});

describe('the use of an own voice', () => {
  const id = (stem: string) => `${stem}_${randomUUID().replaceAll('-', '')}`;
  const recorded = { name: 'Anna', createdAtMs: 1, blobKey: 'voices/1' };

  async function own(keyId: string): Promise<{ consent: string; voice: OwnVoice; voices: OwnVoices }> {
    const voices = new OwnVoices(bench.redis, bench.settings);
    const consent = id('cons');
    await voices.putConsent(keyId, { ...recorded, id: consent, language: 'en', model: 'm', embedding: 'AAAA' });
    const voice = { ...recorded, id: id('voice'), consent, jobId: randomUUID() };
    expect(await voices.putVoice(keyId, voice)).toBe('stored');
    return { consent, voice, voices };
  }
  const useOf = ({ id: voice }: OwnVoice): VoiceUse => ({ voice, kind: 'own', characters: 7, audioMs: 70 });

  it('is its key’s, and one with that of all others for operators; it goes with the voice, and with its consent', async () => {
    for (const doomed of ['voice', 'consent'] as const) {
      const { consent, voice, voices } = await own('k1');
      await bench.runs.complete(await accept('k1'), RESULT, [joe, useOf(voice)]);
      expect(await ofKey('k1')).toContainEqual(day(voice.id, 1, 7, 70));
      expect(await voices.delete('k1', doomed === 'voice' ? voice.id : consent)).toContain(voice.id);
      expect((await ofKey('k1')).map((one) => one.voice)).toEqual(['joe']);
    }
    expect(await ofAll()).toContainEqual(day('own', 2, 14, 140));
    expect(await bench.redis.hgetall(`${bench.settings.prefix}:usage:k1:${TODAY}`)).toMatchObject({ voices: '1' });
  });

  it('is not counted any more when the voice is gone before its text is done, and goes with its key', async () => {
    const { voice, voices } = await own('k1');
    const run = await accept('k1');
    await voices.delete('k1', voice.id);
    await bench.runs.complete(run, RESULT, [useOf(voice)]);
    expect(await ofKey('k1')).toEqual([]);
    const { voice: second } = await own('k1');
    await bench.runs.complete(await accept('k1'), RESULT, [useOf(second)]);
    await voices.deleteAll('k1');
    expect([await ofKey('k1'), await voices.voices('k1')]).toEqual([[], []]);
  });
});
