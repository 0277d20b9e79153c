import type { Segment, Transcript, Word, Wording } from '@sotto/contracts';
import { worded } from '@sotto/transcript';

/** Words as their reader wants them written. Rules look at what is told at once. */
export function wordedWords(words: readonly Word[], wording: Wording, language: string | null): Word[] {
  if (words.length === 0) return [];
  const text = words.map(({ word }) => word).join('');
  const [startMs, endMs] = [words[0]?.startMs ?? 0, words.at(-1)?.endMs ?? 0];
  const unknown = { confidence: 0, avgLogprob: 0, noSpeechProb: 0, compressionRatio: 1, temperature: 0 };
  const segment: Segment = { id: 0, startMs, endMs, text, ...unknown, tokens: [], words: [...words], flags: [] };
  const transcript: Transcript = {
    text,
    language,
    languageProbability: null,
    durationMs: endMs,
    segments: [segment],
    dropped: [],
    model: '',
    task: 'transcribe',
    processingMs: 0,
    warnings: [],
  };
  return worded(transcript, wording).segments.flatMap((changed) => changed.words);
}
