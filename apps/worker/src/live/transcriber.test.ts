import { describe, expect, it } from '@jest/globals';
import type { Span, Word } from '@sotto/contracts';
import fc from 'fast-check';
import { type LiveText, LiveTranscriber, type LiveTranscriberOptions } from './transcriber.ts';

const SAMPLES_PER_MS = 16;
const USUAL: LiveTranscriberOptions = {
  endpoints: { threshold: 0.5, prefixMs: 300, silenceMs: 500 },
  prompt: null,
  patience: 1,
};

/** A script of what is said when. Every sample of speech is 1, of silence 0; a decoder reads the script. */
class Script {
  readonly words: Word[] = [];
  readonly prompts: (string | null)[] = [];
  #pcm: number[] = [];

  say(text: string): this {
    for (const word of text.split(' ')) {
      const startMs = this.lengthMs;
      this.#fill(320, 1);
      this.words.push({ word: ` ${word}`, startMs, endMs: this.lengthMs, confidence: 1 });
    }
    return this;
  }

  rest(ms: number): this {
    this.#fill(ms, 0);
    return this;
  }

  get lengthMs(): number {
    return this.#pcm.length / SAMPLES_PER_MS;
  }

  /** The last word of a pass is not understood yet. */
  readonly ears = {
    listen: (pcm: Int16Array): number[] => {
      const probabilities = [];
      for (let at = 0; at + 512 <= pcm.length; at += 512) probabilities.push(pcm[at] === 1 ? 0.95 : 0.05);
      return probabilities;
    },
    decode: async (_: Int16Array, { startMs, endMs }: Span, prompt: string | null) => {
      this.prompts.push(prompt);
      const within = this.words.filter((word) => word.startMs >= startMs - 100 && word.startMs < endMs);
      const words = within.map((word) => (word.endMs > endMs ? { ...word, word: ' um', endMs } : word));
      return { words, language: 'en' };
    },
  };

  /** Plays it in pieces, with a pass whenever there are so many milliseconds to be heard. */
  async play(transcriber: LiveTranscriber, { fromMs = 0, toMs = this.lengthMs, stepMs = 640, pieceMs = 64 } = {}) {
    const told: LiveText[] = [];
    for (let at = fromMs; at < toMs; at += pieceMs) {
      const pcm = Int16Array.from(this.#pcm.slice(at * SAMPLES_PER_MS, Math.min(toMs, at + pieceMs) * SAMPLES_PER_MS));
      told.push(...transcriber.accept(pcm));
      while (transcriber.isDue || transcriber.unheardMs >= stepMs) told.push(...(await transcriber.pass()));
    }
    return told;
  }

  #fill(ms: number, value: number): void {
    for (let sample = 0; sample < ms * SAMPLES_PER_MS; sample += 1) this.#pcm.push(value);
  }
}

const finalText = (told: readonly LiveText[]): string =>
  told
    .flatMap((text) => (text.type === 'final' ? text.words : []))
    .map(({ word }) => word)
    .join('')
    .trim();
const endpointsOf = (told: readonly LiveText[]) =>
  told.filter(({ type }) => type === 'speech_started' || type === 'speech_stopped');
const typesOf = (told: readonly LiveText[]): string[] => told.map(({ type }) => type);

describe('LiveTranscriber', () => {
  it('says what is likely at once, what is final soon, and all of it at the end of the utterance', async () => {
    const script = new Script().rest(960).say('one two three four five six').rest(960);
    const told = await script.play(new LiveTranscriber(script.ears, USUAL));
    expect(typesOf(told).slice(0, 2)).toEqual(['speech_started', 'partial']);
    expect(typesOf(told).slice(-2)).toEqual(['speech_stopped', 'final']);
    expect(typesOf(told).filter((type) => type === 'final').length).toBeGreaterThan(1);
    expect(finalText(told)).toBe('one two three four five six');
  });

  it('tells utterances apart, and tells the model what was said before', async () => {
    const script = new Script().say('first of all').rest(16_000).say('and then').rest(960);
    const told = await script.play(new LiveTranscriber(script.ears, { ...USUAL, prompt: 'Names: Ann.' }));
    const ends = told.filter((text) => text.type === 'final' && text.isLast);
    expect(ends.map(({ utterance }) => utterance)).toEqual([0, 1]);
    expect(script.prompts[0]).toBe('Names: Ann.');
    expect(script.prompts.at(-1)).toBe('Names: Ann. first of all');
  });

  it('hears what was said shortly before again with the next utterance, and tells it once', async () => {
    const script = new Script().say('first of all').rest(960).say('and then').rest(960);
    let longestMs = 0;
    const ears = {
      ...script.ears,
      decode: (pcm: Int16Array, span: Span, prompt: string | null) => {
        longestMs = Math.max(longestMs, span.endMs - span.startMs);
        return script.ears.decode(pcm, span, prompt);
      },
    };
    const told = await script.play(new LiveTranscriber(ears, USUAL));
    expect(finalText(told)).toBe('first of all and then');
    expect(longestMs).toBeGreaterThan(2_000);
  });

  it('never hears more than half a minute at once, however long somebody speaks', async () => {
    const script = new Script().say(Array.from({ length: 300 }, (_, at) => `w${at}`).join(' ')).rest(960);
    let longestMs = 0;
    const ears = {
      ...script.ears,
      decode: (pcm: Int16Array, span: Span, prompt: string | null) => {
        longestMs = Math.max(longestMs, span.endMs - span.startMs);
        return script.ears.decode(pcm, span, prompt);
      },
    };
    const told = await script.play(new LiveTranscriber(ears, USUAL));
    expect(finalText(told)).toBe(script.words.map(({ word }) => word.trim()).join(' '));
    expect(longestMs).toBeLessThan(29_000);
  });

  it('waits longer for the end of a sentence that is not finished, where it is asked to', async () => {
    const script = new Script().say('I was thinking that').rest(1_280).say('we could go.').rest(960);
    const calm = await script.play(new LiveTranscriber(script.ears, { ...USUAL, patience: 4 }));
    expect(typesOf(calm).filter((type) => type === 'speech_started')).toHaveLength(1);
    const usual = await script.play(new LiveTranscriber(script.ears, USUAL));
    expect(typesOf(usual).filter((type) => type === 'speech_started')).toHaveLength(2);
  });

  it('ends utterances only when it is told to, where there are no endpoints', async () => {
    const script = new Script().say('one two').rest(1_920).say('three four');
    const transcriber = new LiveTranscriber(script.ears, { ...USUAL, endpoints: null });
    const told = await script.play(transcriber);
    expect(typesOf(told)).not.toContain('speech_stopped');
    expect(typesOf(transcriber.reach('commit', '9-0'))).toEqual(['speech_stopped', 'committed']);
    expect(transcriber.reach('commit', '9-0')).toEqual([]);
    const last = await transcriber.pass();
    expect(finalText([...told, ...last])).toBe('one two three four');
    expect(transcriber.reach('commit', '9-1')).toEqual([{ type: 'committed', utterance: null, atMs: script.lengthMs }]);
  });

  it('forgets what its client does not want, and hears what comes next', async () => {
    const script = new Script().say('one two');
    const transcriber = new LiveTranscriber(script.ears, { ...USUAL, endpoints: null });
    await script.play(transcriber, { stepMs: 10_000 });
    expect(transcriber.reach('clear', '9-0')).toEqual([{ type: 'cleared', utterance: 0, atMs: script.lengthMs }]);
    const fromMs = script.lengthMs;
    script.say('three');
    const told = await script.play(transcriber, { fromMs });
    expect(finalText([...told, ...transcriber.finish(), ...(await transcriber.pass())])).toBe('three');
  });

  it('never hears more than half a minute at once, although nobody says a word', async () => {
    const script = new Script().rest(70_000);
    let longestMs = 0;
    const ears = {
      ...script.ears,
      decode: (pcm: Int16Array, span: Span, prompt: string | null) => {
        longestMs = Math.max(longestMs, span.endMs - span.startMs);
        return script.ears.decode(pcm, span, prompt);
      },
    };
    const transcriber = new LiveTranscriber(ears, { ...USUAL, endpoints: null });
    expect(finalText(await script.play(transcriber))).toBe('');
    expect(longestMs).toBeGreaterThan(20_000);
    expect(longestMs).toBeLessThan(29_000);
  });

  it('goes on at any checkpoint, with no word twice and none lost', async () => {
    const word = fc.constantFrom('yes', 'no', 'well', 'so', 'the');
    const part = fc.record({
      text: fc.array(word, { minLength: 1, maxLength: 60 }),
      restMs: fc.integer({ min: 1, max: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 4 }), fc.nat(1_000), async (parts, share) => {
        const script = new Script();
        for (const { text, restMs } of parts) script.say(text.join(' ')).rest(restMs * 128);
        script.rest(1_024);
        const diesMs = Math.floor((script.lengthMs * share) / 1_000 / 64) * 64;
        const first = new LiveTranscriber(script.ears, USUAL);
        const told = await script.play(first, { toMs: diesMs });
        const { checkpoint } = first;
        const second = new LiveTranscriber(script.ears, USUAL, structuredClone(checkpoint));
        told.push(...(await script.play(second, { fromMs: checkpoint.fromMs })));
        expect(finalText(told)).toBe(script.words.map(({ word: said }) => said.trim()).join(' '));
        const whole = await script.play(new LiveTranscriber(script.ears, USUAL));
        expect(endpointsOf(told)).toEqual(endpointsOf(whole));
      }),
      { numRuns: 40 },
    );
  });
});
