import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SottoError } from '@sotto/contracts';
import { concat, noise, pause, wordErrors } from '@sotto/testkit';
import { WhisperModel } from '../src/index.ts';
import { nanoPath, nanoPhrases, packed, type SpokenUtterance, textOf } from './engine-fixtures.ts';

const OPTIONS = { device: 'cpu', slots: 1, threads: 1 } as const;

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof SottoError) return error.code;
  throw new Error('expected a SottoError', { cause: error });
}

describe('the engine', () => {
  let nano: string;
  let model: WhisperModel;
  let phrases: SpokenUtterance[];

  beforeAll(async () => {
    nano = await nanoPath();
    model = await WhisperModel.load(nano, OPTIONS);
    phrases = await nanoPhrases(9, 11);
  });

  afterAll(() => model.close());

  it('tells what it has loaded', () => {
    expect(model.info).toMatchObject({
      multilingual: true,
      vocabularySize: 51865,
      melBins: 80,
      type: 'nano',
      slots: 1,
    });
    expect(model.info.device).toBe('cpu');
    expect(model.info.alignmentHeads).toEqual([
      { layer: 2, head: 0 },
      { layer: 2, head: 3 },
    ]);
  });

  it('hears the words of three languages and says which language', async () => {
    let errors = 0;
    let words = 0;
    for (const { text, language, samples } of phrases) {
      const given = await model.transcribe(samples, { language });
      const detected = await model.transcribe(samples, {});
      expect(given).toMatchObject({ language, languageProbability: null });
      expect(detected.language).toBe(language);
      expect(detected.languageProbability).toBeGreaterThan(0.5);
      expect(textOf(detected)).toBe(textOf(given));
      const heard = wordErrors(text, textOf(given));
      errors += heard.errors;
      words += heard.words;
    }
    expect(errors / words).toBeLessThan(0.1);
  });

  it('gives the probability of every language, adding up to one', async () => {
    const german = phrases.find(({ language }) => language === 'de');
    const { language, probability, probabilities } = await model.detectLanguage(german?.samples ?? pause(1_000));
    expect(language).toBe('de');
    expect(probabilities.de).toBe(probability);
    expect(Object.keys(probabilities)).toHaveLength(99);
    expect(Object.values(probabilities).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 3);
  });

  it('takes Float32 and Int16 samples alike', async () => {
    const samples = phrases[0]?.samples ?? pause(1_000);
    const floats = Float32Array.from(samples, (sample) => sample / 32_768);
    const both = await Promise.all([model.transcribe(samples, {}), model.transcribe(floats, {})]);
    expect(both[1].segments).toEqual(both[0].segments);
  });

  it('translates', async () => {
    for (const { language, samples, translation } of phrases.filter((phrase) => phrase.language !== 'en')) {
      const transcript = await model.transcribe(samples, { language, task: 'translate' });
      expect(wordErrors(translation, textOf(transcript)).errors).toBeLessThanOrEqual(1);
    }
  });

  it('takes a prompt as text that went before: it does no harm, and may not be repeated', async () => {
    let errors = 0;
    let words = 0;
    for (const phrase of phrases) {
      const pcm = packed([phrase], 300);
      const transcript = await model.transcribe(pcm, { language: phrase.language, prompt: 'hello world good morning' });
      const heard = wordErrors(phrase.text, textOf(transcript));
      errors += heard.errors;
      words += heard.words;
    }
    expect(errors / words).toBeLessThan(0.1);
    const pcm = phrases[0]?.samples ?? pause(1_000);
    const [prompted, bare] = [await model.transcribe(pcm, { prompt: 'hello' }), await model.transcribe(pcm, {})];
    expect(prompted.avgLogProbability).not.toBe(bare.avgLogProbability);
  });

  it.each([
    ['silence', pause(20_000)],
    ['noise', noise(20_000)],
    ['a fifth of a second of silence', pause(200)],
    ['one sample', new Int16Array(1)],
    ['numbers that are none', new Float32Array(32_000).fill(Number.NaN)],
    ['infinity', new Float32Array(32_000).fill(Number.POSITIVE_INFINITY)],
  ])('makes no words of %s', async (_name, pcm) => {
    expect(textOf(await model.transcribe(pcm, { language: 'en' }))).toBe('');
  });

  it('reports progress that never falls, and each segment once, with its times in order', async () => {
    const pcm = concat(
      ...phrases.filter(({ language }) => language === 'en').flatMap(({ samples }) => [pause(700), samples]),
    );
    const progress: number[] = [];
    const told: unknown[] = [];
    const transcript = await model.transcribe(
      pcm,
      { language: 'en' },
      { onProgress: (fraction) => progress.push(fraction), onSegment: (segment) => told.push(segment) },
    );
    expect(progress[0]).toBe(0);
    expect(progress.at(-1)).toBe(1);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.length).toBeGreaterThan(3);
    expect(told).toEqual(transcript.segments);
    const starts = transcript.segments.flatMap(({ tokens }) => tokens.map(({ startMs }) => startMs));
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(starts[0]).toBeGreaterThan(500);
    const end = (pcm.length / 16_000) * 1_000;
    for (const { startMs, endMs, tokens } of transcript.segments) {
      expect(startMs).toBeLessThanOrEqual(endMs);
      expect(endMs).toBeLessThanOrEqual(end);
      for (const token of tokens) expect(token.endMs).toBeGreaterThanOrEqual(token.startMs);
    }
  });

  it('says where its time went, of every stage that there was', async () => {
    const before = model.stageMs();
    const { decodeMs } = await model.transcribe(phrases[0]?.samples ?? pause(1_000), { language: 'en' });
    const after = model.stageMs();
    const stages = ['mel', 'encode', 'decode', 'align'] as const;
    for (const stage of stages) expect(after[stage]).toBeGreaterThan(before[stage]);
    const worked = stages.reduce((sum, stage) => sum + after[stage] - before[stage], 0);
    expect(worked).toBeCloseTo(decodeMs, 0);
  });

  it('is as sure of a text whatever the temperature it was decoded with', async () => {
    let compared = 0;
    for (const { samples, language } of phrases) {
      const tokens = await Promise.all(
        [0, 0.3].map(async (temperature) => {
          const { segments } = await model.transcribe(samples, { language, temperature, bestOf: 1 });
          return segments.flatMap((segment) => segment.tokens);
        }),
      );
      const [cold = [], warm = []] = tokens;
      if (cold.map(({ id }) => id).join() !== warm.map(({ id }) => id).join()) continue;
      cold.forEach(({ probability }, i) => {
        expect(Math.abs(probability - (warm[i]?.probability ?? 0))).toBeLessThan(1e-3);
      });
      compared += cold.length;
    }
    expect(compared).toBeGreaterThan(10);
  });

  it('leaves token times out when they are not wanted', async () => {
    const { segments } = await model.transcribe(phrases[0]?.samples ?? pause(1_000), { wordTimes: false });
    expect(segments[0]?.tokens[0]).toMatchObject({ startMs: -1, endMs: -1 });
  });

  it('gives the same from several slots at once as from one after the other', async () => {
    const several = await WhisperModel.load(nano, { ...OPTIONS, slots: 3 });
    const answers = async (of: WhisperModel) => {
      const transcripts = await Promise.all(phrases.map(({ samples }) => of.transcribe(samples, { beamSize: 2 })));
      return transcripts.map(({ decodeMs: _, ...rest }) => rest);
    };
    try {
      expect(await answers(several)).toEqual(await answers(model));
    } finally {
      await several.close();
    }
  });

  it('never writes what it may not, and takes the other options of a search', async () => {
    const pcm = packed(phrases.filter(({ language }) => language === 'en').slice(0, 2), 300);
    const free = await model.transcribe(pcm, { language: 'en' });
    const [first] = free.segments.flatMap(({ tokens }) => tokens);
    const barred = await model.transcribe(pcm, { language: 'en', suppressTokens: [-1, first?.id ?? 0] });
    const ids = barred.segments.flatMap(({ tokens }) => tokens.map(({ id }) => id));
    expect(ids.length).toBeGreaterThan(2);
    expect(ids).not.toContain(first?.id);
    for (const search of [{ patience: 2 }, { patience: 0.5 }, { lengthPenalty: 1 }, { lengthPenalty: 0 }]) {
      const found = await model.transcribe(pcm, { language: 'en', beamSize: 3, ...search });
      expect(textOf(found)).toBe(textOf(free));
    }
  });

  it('chooses as many slots as are of use, and tells what one takes', async () => {
    const auto = await WhisperModel.load(nano, { ...OPTIONS, slots: 'auto' });
    await auto.close();
    expect(auto.info.slots).toBeGreaterThanOrEqual(1);
    expect(auto.info.slots).toBeLessThanOrEqual(8);
    expect(auto.info.bytesPerSlot).toBeGreaterThan(5e6);
    expect(auto.info.bytesPerSlot).toBeLessThan(60e6);
  });

  it('answers in order of arrival', async () => {
    const finished: number[] = [];
    const run = (samples: Int16Array, index: number) => model.transcribe(samples, {}).then(() => finished.push(index));
    await Promise.all(phrases.map(({ samples }, index) => run(samples, index)));
    expect(finished).toEqual(phrases.map((_, index) => index));
  });

  it.each([
    ['a misspelt option', { langauge: 'en' }],
    ['a temperature out of range', { temperature: 1.5 }],
    ['too many beams', { beamSize: 6 }],
    ['a language that is none', { language: 'xx' }],
  ])('refuses %s', async (_name, options) => {
    expect(await codeOf(model.transcribe(pause(1_000), options as never))).toBe('invalid_parameter');
  });

  it('refuses what it cannot take', async () => {
    expect(await codeOf(model.transcribe(new Int16Array(0), {}))).toBe('invalid_parameter');
    expect(await codeOf(model.transcribe(pause(30_001), {}))).toBe('invalid_parameter');
    expect(await codeOf(model.transcribe([0, 0] as never, {}))).toBe('invalid_parameter');
    expect(await codeOf(model.transcribe(pause(1_000), { language: 'yue' }))).toBe('language_not_supported');
    expect(await codeOf(WhisperModel.load(nano, { ...OPTIONS, slots: 0 }))).toBe('invalid_parameter');
    expect(await codeOf(WhisperModel.load(nano, { ...OPTIONS, thread: 2 } as never))).toBe('invalid_parameter');
    expect(await codeOf(WhisperModel.load(nano, { ...OPTIONS, device: 'cuda' }))).toBe('model_load_failed');
  });

  it('logs to the one who asked', async () => {
    const lines: string[] = [];
    const talking = await WhisperModel.load(nano, { ...OPTIONS, onLog: (_level, text) => lines.push(text) });
    await talking.close();
    expect(lines.join('\n')).toContain('n_audio_layer = 3');
  });

  it('closes more than once, in the middle of work, and takes nothing afterwards', async () => {
    const closing = await WhisperModel.load(nano, { ...OPTIONS, slots: 2 });
    const work = phrases.map(({ samples }) => codeOf(closing.transcribe(samples, {})));
    await Promise.all([closing.close(), closing.close()]);
    expect(new Set(await Promise.all(work))).toEqual(new Set(['shutting_down']));
    expect(await codeOf(closing.transcribe(pause(1_000), {}))).toBe('shutting_down');
    await closing.close();
  });

  it('does not grow over 200 windows', async () => {
    const samples = phrases.map((phrase) => phrase.samples);
    const run = async (count: number) => {
      for (let i = 0; i < count; i += 1)
        await model.transcribe(samples[i % samples.length] ?? pause(1_000), { beamSize: 1 + (i % 2) });
    };
    await run(20);
    const before = process.memoryUsage.rss();
    await run(200);
    expect(process.memoryUsage.rss() - before).toBeLessThan(30e6);
  }, 120_000);
});
