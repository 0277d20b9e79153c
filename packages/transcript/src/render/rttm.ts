import { speakerId } from '@sotto/contracts';
import { givenNameOf } from '../speakers/name-of.ts';
import type { Renderer } from './rendered.ts';

/** NIST's Rich Transcription Time Marked: a line for each turn of a speaker. Nothing, where speakers are not known. */
export const renderRttm: Renderer = (transcript, { title }) => {
  const recording = fieldOf(title) ?? 'recording';
  const lines = (transcript.turns ?? []).map(({ startMs, endMs, speaker }) => {
    const name = fieldOf(givenNameOf(transcript, speaker)) ?? speakerId(speaker);
    return `SPEAKER ${recording} 1 ${seconds(startMs)} ${seconds(endMs - startMs)} <NA> <NA> ${name} <NA> <NA>\n`;
  });
  return lines.join('');
};

/** Blanks end a field. */
const fieldOf = (text: string | null | undefined): string | null => text?.trim().replace(/[\s\p{Cc}]+/gu, '_') || null;

const seconds = (ms: number): string => (ms / 1000).toFixed(3);
