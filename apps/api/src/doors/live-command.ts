import type { LiveFormat, LiveMark, LiveOptions } from '@sotto/contracts';

/** What a client of any protocol wants of its live session, in its order. */
export type LiveCommand =
  /** How audio comes from now on, and what is made of it. The format changes only before the first audio. */
  | { type: 'configure'; format: LiveFormat; options: LiveOptions }
  /** Whole samples in that format. */
  | { type: 'audio'; bytes: Buffer }
  | { type: LiveMark }
  /** The client is there, although it sends nothing. */
  | { type: 'touch' }
  /** No more audio comes. */
  | { type: 'finish' };

/** What becomes of something that a client sent: commands for its session, and answers that need no session. */
export interface Translated<Message> {
  commands: LiveCommand[];
  messages: Message[];
}

export const NOTHING: Translated<never> = { commands: [], messages: [] };

/** Milliseconds that so many bytes last. */
export function durationMsOf(bytes: number, { encoding, sampleRate }: LiveFormat): number {
  return (bytes * 1_000) / (sampleRate * (encoding === 'pcm_s16le' ? 2 : 1));
}
