import type { Span } from '@sotto/contracts';

/**
 * Finds speech in a recording that streams by: `accept` any number of times, then `finish` once.
 * What it finds is raw: not padded, not bridged (see speechRuns).
 */
export interface SpeechDetector {
  accept(pcm: Int16Array): void;
  /** Segments of speech in recording time, sorted. */
  finish(): Span[];
}

export interface SpeechDetection {
  /** Shown in the log and as a warning when it is the lesser one. */
  readonly name: 'silero' | 'energy';
  newDetector(): SpeechDetector;
}
