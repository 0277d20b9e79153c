import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import type { Span } from '@sotto/contracts';
import {
  concat,
  ffmpeg,
  noise,
  pause,
  readWav,
  seededRandom,
  shareWithin,
  temporaryFolder,
  tone,
} from '@sotto/testkit';
import type { SpeechDetection } from '../src/speech/detector.ts';
import { speechRuns } from '../src/speech/runs.ts';
import { loadSilero } from '../src/speech/silero.ts';
import { JFK } from './pieces.ts';
import { sherpaSegments } from './sherpa.ts';
import { SOUNDS } from './sounds.ts';
import { makeTalk } from './talk.ts';

jest.setTimeout(60_000);

const silero: SpeechDetection = loadSilero();

/** @param pieceSamples how the samples come: decoders give pieces of any size */
function detect(samples: Int16Array, pieceSamples = 8000): Span[] {
  const detector = silero.newDetector();
  for (let at = 0; at < samples.length; at += pieceSamples) detector.accept(samples.subarray(at, at + pieceSamples));
  return detector.finish();
}

describe('Silero', () => {
  it('finds every phrase of a talk, and its edges', async () => {
    const talk = await makeTalk(60_000, { from: 1000, to: 3000 }, 7);
    const found = detect(talk.samples);
    const runs = speechRuns(found, talk.samples.length / 16);
    const lost = talk.phrases.filter(({ startMs, endMs }) => {
      return !runs.some((run) => run.startMs <= startMs && endMs <= run.endMs);
    });
    expect(lost).toEqual([]);
    const nearest = (ms: number) => Math.min(...found.map(({ startMs }) => Math.abs(startMs - ms)));
    expect(
      shareWithin(
        talk.phrases.map(({ startMs }) => nearest(startMs)),
        200,
      ),
    ).toBeGreaterThan(0.95);
  });

  it('gives the same segments however the samples come', async () => {
    const { samples } = await makeTalk(15_000, { from: 500, to: 1500 }, 8);
    const whole = detect(samples, samples.length);
    for (const pieceSamples of [333, 512, 4096]) expect(detect(samples, pieceSamples)).toEqual(whole);
  });

  it('hears each recording as if it were the first, one after another and several at once', async () => {
    const { samples } = await makeTalk(15_000, { from: 500, to: 1500 }, 9);
    // Ends in the middle of speech, which must not be heard in the next one.
    const torn = samples.subarray(0, 16 * 2500);
    const alone = (of: Int16Array) => {
      const detector = loadSilero().newDetector();
      detector.accept(of);
      return detector.finish();
    };
    const detectors = [samples, torn, samples].map((of) => ({ of, detector: silero.newDetector() }));
    for (const { of, detector } of detectors) detector.accept(of.subarray(0, 16 * 1000));
    for (const { of, detector } of detectors) detector.accept(of.subarray(16 * 1000));
    for (const { of, detector } of detectors) expect(detector.finish()).toEqual(alone(of));
    for (const again of [torn, samples, torn, samples]) expect(detect(again)).toEqual(alone(again));
    expect(alone(torn).length).toBeGreaterThan(0);
  });

  it('finds nothing in silence, noise, a tone, or nothing at all', () => {
    for (const samples of [pause(20_000), noise(20_000, 2000), tone(5000, 150), pause(0)]) {
      expect(detect(samples)).toEqual([]);
    }
  });

  describe('finds what sherpa-onnx finds with the same model, to the millisecond', () => {
    const same = (samples: Int16Array) => {
      const expected = sherpaSegments(samples);
      expect(detect(samples)).toEqual(expected);
      return expected;
    };

    it('in real speech, loud and quiet, clean and in noise, whole and torn', async () => {
      const folder = await temporaryFolder('silero');
      const wav = join(folder, 'kennedy.wav');
      await ffmpeg('-i', JFK, '-ar', '16000', '-ac', '1', '-c:a', 'pcm_s16le', wav);
      const kennedy = await readWav(wav);
      await rm(folder, { recursive: true });
      const hiss = noise(Math.ceil(kennedy.length / 16), 500, 6);
      const random = seededRandom(12);
      expect(same(kennedy).length).toBeGreaterThan(1);
      same(kennedy.map((value) => Math.trunc(value / 30)));
      same(kennedy.map((value, i) => Math.max(-32_768, Math.min(32_767, value + (hiss[i] ?? 0)))));
      for (let piece = 0; piece < 20; piece++) {
        const from = Math.floor(random() * kennedy.length);
        same(kennedy.subarray(from, from + Math.floor(random() * 5 * 16_000)));
      }
      // Phrases over and over, without a pause: talk that is longer than a segment may be.
      const lengthsMs = detect(kennedy).flatMap(({ startMs, endMs }) => {
        const phrase = kennedy.subarray((startMs + 300) * 16, (endMs - 250) * 16);
        const copies = Math.ceil((75 * 16_000) / phrase.length);
        return same(concat(...Array.from({ length: copies }, () => phrase))).map(
          (segment) => segment.endMs - segment.startMs,
        );
      });
      expect(lengthsMs.filter((lengthMs) => lengthMs > 60_000).length).toBeGreaterThan(1);
    });

    it('in a talk with pauses, and in sounds in which nobody speaks', async () => {
      expect(same((await makeTalk(60_000, { from: 200, to: 2000 }, 10)).samples).length).toBeGreaterThan(10);
      for (const sound of Object.values(SOUNDS)) same(sound(5000));
      for (const length of [0, 511, 512, 575, 576, 1024]) same(noise(100, 9000).subarray(0, length));
    });
  });
});
