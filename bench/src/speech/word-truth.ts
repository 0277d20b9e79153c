import { type SpokenWord, speakWithTimes } from '@sotto/testkit';
import type { SpeechEngine } from '@sotto/voices';
import { SENTENCES, SPEEDS, VOICES } from '../engine/sentences.ts';
import { resampled } from './resampled.ts';

/** A sentence, 16 kHz, and the words of it whose beginnings are known. */
export interface TimedSentence {
  text: string;
  samples: Int16Array;
  words: SpokenWord[];
}

/** A piece of speech is as long as this many words of it. */
const GROUP_WORDS = 3;
/** A sample of speech, and none of the silence that engines leave around it. */
const LOUD = 100;

/** Connected sentences of espeak-ng, which says itself when each word begins. */
export async function espeakSentences(count: number): Promise<TimedSentence[]> {
  const sentences: TimedSentence[] = [];
  for (const [index, text] of SENTENCES.slice(0, count).entries()) {
    const voice = VOICES[index % VOICES.length] ?? VOICES[0];
    const { samples, words } = await speakWithTimes(text, { voice, speed: SPEEDS[index % SPEEDS.length] ?? 150 });
    sentences.push({ text, samples, words });
  }
  return sentences;
}

/**
 * Other engines do not say when a word begins. So a few words at a time are spoken, and laid one after the other without a
 * pause: the first word of each group begins where its sound does.
 */
export async function joinedSentences(
  engine: SpeechEngine,
  by: { voice: string; language: string },
  count: number,
): Promise<TimedSentence[]> {
  const sentences: TimedSentence[] = [];
  for (const text of SENTENCES.slice(0, count)) {
    const all = text.split(' ');
    const parts: Int16Array[] = [];
    const words: SpokenWord[] = [];
    let length = 0;
    for (let from = 0; from < all.length; from += GROUP_WORDS) {
      const said = all.slice(from, from + GROUP_WORDS).join(' ');
      const piece = { text: said, ...by, speed: 1 };
      const samples = await engine.speak(piece, new AbortController().signal);
      const loud = samples.findIndex((sample) => Math.abs(sample) > LOUD);
      words.push({ word: all[from] ?? '', startMs: ((length + loud) / engine.sampleRateHz) * 1000 });
      parts.push(samples);
      length += samples.length;
    }
    const joined = new Int16Array(length);
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    sentences.push({ text, samples: resampled(joined, engine.sampleRateHz), words });
  }
  return sentences;
}
