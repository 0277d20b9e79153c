import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SottoError } from '@sotto/contracts';
import { concat, describeWith, pause, type SpokenWord, speakWithTimes, tinyEnModelDir } from '@sotto/testkit';
import { WhisperModel, type WindowTranscript } from '../src/index.ts';
import { nanoPath, nanoPhrases, packed } from './engine-fixtures.ts';

interface HeardWord {
  text: string;
  startMs: number;
}

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}']/gu, '');

/** Words as their first tokens are timed; a token that begins with a space begins a word. */
function heardWords({ segments }: WindowTranscript): HeardWord[] {
  const words: { bytes: Uint8Array[]; startMs: number }[] = [];
  for (const { tokens } of segments) {
    tokens.forEach((token, index) => {
      const open = words.at(-1);
      if (open === undefined || index === 0 || token.bytes[0] === 0x20)
        words.push({ bytes: [token.bytes], startMs: token.startMs });
      else open.bytes.push(token.bytes);
    });
  }
  return words
    .map(({ bytes, startMs }) => ({ text: plain(Buffer.concat(bytes).toString('utf8')), startMs }))
    .filter(({ text }) => text !== '');
}

/** Errors in ms of the words that were heard right, matched in order (longest common subsequence). */
function startErrors(spoken: SpokenWord[], heard: HeardWord[]): number[] {
  const equal = (i: number, j: number) => plain(spoken[i]?.word ?? '') === heard[j]?.text;
  const longest = Array.from({ length: spoken.length + 1 }, () => new Int32Array(heard.length + 1));
  const at = (i: number, j: number) => longest[i]?.[j] ?? 0;
  for (let i = spoken.length - 1; i >= 0; i -= 1) {
    for (let j = heard.length - 1; j >= 0; j -= 1) {
      const row = longest[i] ?? new Int32Array();
      row[j] = equal(i, j) ? 1 + at(i + 1, j + 1) : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const errors: number[] = [];
  for (let i = 0, j = 0; i < spoken.length && j < heard.length; ) {
    if (equal(i, j)) errors.push((heard[j++]?.startMs ?? 0) - (spoken[i++]?.startMs ?? 0));
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return errors;
}

const shareWithin = (errors: number[], ms: number): number =>
  errors.filter((error) => Math.abs(error) <= ms).length / errors.length;

describe('word starts of sotto-nano', () => {
  it('are within 150 ms of the truth for 85 % and more, with pauses before and between phrases', async () => {
    const model = await WhisperModel.load(await nanoPath(), { device: 'cpu', slots: 1, threads: 1 });
    const errors: number[] = [];
    let spoken = 0;
    for (const phrase of await nanoPhrases(45, 31)) {
      const pauseMs = 300 + (spoken % 5) * 200;
      const heard = heardWords(await model.transcribe(packed([phrase], pauseMs), { language: phrase.language }));
      const words = phrase.words.map(({ word, startMs }) => ({ word, startMs: startMs + pauseMs }));
      errors.push(...startErrors(words, heard));
      spoken += words.length;
    }
    await model.close();
    expect(errors.length / spoken).toBeGreaterThan(0.9);
    expect(shareWithin(errors, 150)).toBeGreaterThanOrEqual(0.85);
  });
});

/** Connected speech: it begins at once, pauses are short, words run into each other. */
const SENTENCES = [
  'The old ship sailed slowly into the harbor before the storm arrived.',
  'She bought seven green apples and a loaf of fresh bread.',
  'My brother works at the hospital near the river every night.',
  'They walked through the forest until the sun began to set.',
  'Nobody knew the answer, so the teacher explained it again.',
  'The train to London leaves at nine, but today it is late.',
  'He wrote a long letter to his friend in another country.',
  'We need more money to finish building the new bridge.',
  'Scientists discovered a new planet far beyond our system.',
  'The judge asked the witness to repeat the whole sentence.',
  'Three soldiers guarded the gate of the ancient castle.',
  'Time passes quickly when you are having fun with friends.',
];
const VOICES = ['en-us', 'en', 'en-us+f2', 'en-us+m3'];

describeWith(await tinyEnModelDir(), 'word starts of tiny.en', (folder) => {
  it('are within 200 ms of the truth for 80 % and more of connected speech', async () => {
    const model = await WhisperModel.load(join(folder, 'ggml-tiny.en.bin'), {
      device: 'cpu',
      slots: 1,
      threads: 1,
    });
    const errors: number[] = [];
    for (let first = 0; first < SENTENCES.length; first += 3) {
      const pcm: Int16Array[] = [];
      const words: SpokenWord[] = [];
      let atMs = 0;
      for (const [index, sentence] of SENTENCES.slice(first, first + 3).entries()) {
        const gap = pause(200 + 300 * index);
        const speech = await speakWithTimes(sentence, { voice: VOICES[(first / 3) % VOICES.length] ?? 'en-us' });
        atMs += gap.length / 16;
        words.push(...speech.words.map(({ word, startMs }) => ({ word, startMs: startMs + atMs })));
        atMs += speech.durationMs;
        pcm.push(gap, speech.samples);
      }
      errors.push(...startErrors(words, heardWords(await model.transcribe(concat(...pcm), {}))));
    }
    await model.close();
    expect(errors.length).toBeGreaterThan(80);
    expect(shareWithin(errors, 200)).toBeGreaterThanOrEqual(0.8);
  });

  it('of a text that is given are within 100 ms of the truth for 90 %, in the words of the text', async () => {
    const model = await WhisperModel.load(join(folder, 'ggml-tiny.en.bin'), { device: 'cpu', slots: 1, threads: 1 });
    const errors: number[] = [];
    for (const voice of VOICES) {
      for (const sentence of SENTENCES) {
        const { samples, words } = await speakWithTimes(sentence, { voice });
        const heard = heardWords(await model.transcribe(samples, { given: sentence, tailMs: 1_000 }));
        expect(heard.map(({ text }) => text)).toEqual(sentence.split(' ').map(plain));
        errors.push(...startErrors(words, heard));
      }
    }
    await expect(model.transcribe(new Int16Array(32_000), { given: ' '.repeat(9) })).rejects.toThrow(SottoError);
    await expect(model.transcribe(new Int16Array(32_000), { given: 'ab '.repeat(600) })).rejects.toThrow(
      'longer than the decoder reads',
    );
    await model.close();
    expect(errors.length).toBeGreaterThan(150);
    expect(shareWithin(errors, 100)).toBeGreaterThanOrEqual(0.9);
  });
});
