import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { describeWith } from '@sotto/testkit';
import type { SherpaEngine } from '../src/sherpa/sherpa-engine.ts';
import { openInstalled, voicesFolder } from './installed-voices.ts';
import { speechEngineContract } from './speech-engine-contract.ts';

jest.setTimeout(600_000);

const kokoro = await voicesFolder('kokoro');

describeWith(kokoro, 'Kokoro', (dir) => {
  speechEngineContract(() => openInstalled('kokoro', dir), { stringsToSpeak: 4 });
});

describeWith(kokoro, "Kokoro's voices", (dir) => {
  let engine: SherpaEngine;
  const say = (voice: string, language = 'en-us') =>
    engine.speak({ text: 'Hello there.', voice, language, speed: 1 }, new AbortController().signal);
  const bytes = (samples: Int16Array) => Buffer.from(samples);

  beforeAll(async () => {
    engine = await openInstalled('kokoro', dir);
  });
  afterAll(() => engine.close());

  it('are all in the file, and each has its own way', async () => {
    const [heart, michael] = [await say('af_heart'), await say('am_michael')];
    expect(bytes(heart).equals(bytes(michael))).toBe(false);
  });

  it('are the same after a blend was loaded, which lies between them', async () => {
    const heart = await say('af_heart');
    const before = engine.pid;
    const blend = await say('af_heart(1)+am_michael(1)');
    expect(engine.pid).not.toBe(before);
    expect([bytes(heart), bytes(await say('am_michael'))].some((each) => each.equals(bytes(blend)))).toBe(false);
    expect(bytes(await say('af_heart')).equals(bytes(heart))).toBe(true);
    // All of one voice is that voice.
    expect(bytes(await say('af_heart(99)+af_heart(1)')).equals(bytes(heart))).toBe(true);
    expect(bytes(await say('am_michael(2)+af_heart(2)')).equals(bytes(blend))).toBe(true);
  });

  it('speak other languages than their own', async () => {
    const english = await say('af_heart');
    expect(bytes(await say('af_heart', 'fr')).equals(bytes(english))).toBe(false);
  });

  it('are no others than those of the list, also in a blend', async () => {
    for (const voice of ['zf_xiaobei', 'af_heart+zf_xiaobei', 'blend_0']) {
      await expect(say(voice)).rejects.toMatchObject({ code: 'invalid_parameter' });
    }
  });
});
