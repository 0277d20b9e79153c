/**
 * One test for each fault of whisper.cpp that was met: the engine must not have it.
 *
 * @alone It measures what faults cost, and how fast a window is aborted.
 */
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SottoError } from '@sotto/contracts';
import { describeWith, mustRun, noise, pause, readWav, temporaryFolder, tinyEnModelDir } from '@sotto/testkit';
import { WhisperModel, type WindowTranscript } from '../src/index.ts';
import { nanoPath, nanoPhrases, packed, type SpokenUtterance } from './engine-fixtures.ts';

const OPTIONS = { device: 'cpu', slots: 1, threads: 1 } as const;

const fastest = async (times: number, run: () => Promise<number>): Promise<number> => {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i += 1) best = Math.min(best, await run());
  return best;
};

const withoutTime = ({ decodeMs: _, ...rest }: WindowTranscript) => rest;

describe('faults of whisper.cpp', () => {
  let model: WhisperModel;
  let phrase: SpokenUtterance;
  let english: Int16Array;

  beforeAll(async () => {
    model = await WhisperModel.load(await nanoPath(), OPTIONS);
    const phrases = (await nanoPhrases(9, 41)).filter(({ language }) => language === 'en');
    [phrase] = phrases as [SpokenUtterance];
    english = packed(phrases, 500);
  });

  afterAll(() => model.close());

  it('the probability of no speech is that of the first token, not of an empty row', async () => {
    const silent = await model.transcribe(pause(5_000), { language: 'en' });
    const spoken = await model.transcribe(phrase.samples, { language: 'en' });
    expect(silent.noSpeechProbability).toBeGreaterThan(0.3);
    expect(spoken.noSpeechProbability).toBeLessThan(0.05);
    expect(spoken.noSpeechProbability).not.toBeCloseTo(1 / 51_865, 7);
  });

  it('an abort does not wait for the end of an encoder pass', async () => {
    const full = await fastest(3, async () => {
      const begun = performance.now();
      await model.detectLanguage(english);
      return performance.now() - begun;
    });
    const aborted = await fastest(5, async () => {
      const controller = new AbortController();
      let asked = 0;
      const work = model.transcribe(
        english,
        {},
        {
          signal: controller.signal,
          onProgress: () => {
            asked ||= performance.now();
            controller.abort();
          },
        },
      );
      await expect(work).rejects.toMatchObject({ code: 'job_cancelled' });
      return performance.now() - asked;
    });
    expect(aborted).toBeLessThan(full / 2);
  });

  it('a draw does not depend on what came before', async () => {
    const options = { language: 'en', temperature: 0.8, temperatureIncrement: 0 } as const;
    const first = await model.transcribe(english, options);
    await model.transcribe(noise(3_000), { language: 'en', temperature: 0.6, beamSize: 3 });
    expect(withoutTime(await model.transcribe(english, options))).toEqual(withoutTime(first));
    const beams = await model.transcribe(english, { language: 'en', beamSize: 5 });
    await model.transcribe(phrase.samples, { language: 'en', temperature: 1 });
    expect(withoutTime(await model.transcribe(english, { language: 'en', beamSize: 5 }))).toEqual(withoutTime(beams));
  });

  it('what was encoded to detect the language is not encoded again', async () => {
    const short = phrase.samples;
    const detection = await fastest(5, async () => {
      const begun = performance.now();
      await model.detectLanguage(short);
      return performance.now() - begun;
    });
    const given = await fastest(5, async () => (await model.transcribe(short, { language: 'en' })).decodeMs);
    const detected = await fastest(5, async () => (await model.transcribe(short, {})).decodeMs);
    expect(detected).toBeLessThan(given + detection / 2);
  });

  it('inputs of less than 200 samples are read within their bounds', async () => {
    for (const length of [1, 2, 100, 199, 200, 201]) {
      expect((await model.transcribe(new Int16Array(length), { language: 'en' })).segments).toEqual([]);
    }
  });

  it('leaves a row usable after an abort while decoding', async () => {
    const before = await model.transcribe(english, { language: 'en' });
    for (const reason of [undefined, new SottoError('shutting_down', 'The worker stops.')]) {
      const controller = new AbortController();
      const work = model.transcribe(
        english,
        { language: 'en' },
        {
          signal: controller.signal,
          onProgress: (fraction) => {
            if (fraction >= 0.5) controller.abort(reason);
          },
        },
      );
      await expect(work).rejects.toMatchObject({ code: reason?.code ?? 'job_cancelled' });
      expect(withoutTime(await model.transcribe(english, { language: 'en' }))).toEqual(withoutTime(before));
    }
  });

  it('lets go of a waiting window at once', async () => {
    const running = model.transcribe(english, { language: 'en' });
    const controller = new AbortController();
    const order: string[] = [];
    const waiting = model
      .transcribe(english, {}, { signal: controller.signal })
      .catch((error: SottoError) => order.push(error.code));
    controller.abort();
    await Promise.all([running.then(() => order.push('done')), waiting]);
    expect(order).toEqual(['job_cancelled', 'done']);
  });
});

describeWith(await tinyEnModelDir(), 'the fast and the portable backend', (folder) => {
  it('find the same text in real speech, with the same confidence', async () => {
    const recording = createRequire(import.meta.url).resolve('nodejs-whisper/cpp/whisper.cpp/samples/jfk.mp3');
    const wav = join(await temporaryFolder('jfk'), 'jfk.wav');
    await mustRun('ffmpeg', ['-v', 'error', '-i', recording, '-ar', '16000', '-ac', '1', wav]);
    const samples = await readWav(wav);
    await rm(dirname(wav), { recursive: true });
    const tokens = async (backend: 'auto' | 'portable') => {
      const model = await WhisperModel.load(join(folder, 'ggml-tiny.en.bin'), { ...OPTIONS, backend });
      if (backend === 'portable') expect(model.info.backend).toBe('portable');
      const { segments } = await model.transcribe(samples, {});
      await model.close();
      return segments.flatMap((segment) => segment.tokens);
    };
    const [fast, portable] = [await tokens('auto'), await tokens('portable')];
    expect(fast.length).toBeGreaterThan(20);
    expect(fast.map(({ id }) => id)).toEqual(portable.map(({ id }) => id));
    const apart = fast.map(({ probability }, index) => Math.abs(probability - (portable[index]?.probability ?? 0)));
    expect(Math.max(...apart)).toBeLessThan(0.01);
  });
});
