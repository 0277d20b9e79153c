import type { Span } from '@sotto/contracts';

/**
 * Finds speech in a stream of samples: `accept` any number of times, then `finish` once. Its segments are raw: neither
 * padded nor joined over short pauses (see speechRuns).
 */
export interface SpeechDetector {
  accept(pcm: Int16Array): void;
  /** Segments of speech in recording time, sorted. */
  finish(): Span[];
}

export interface SpeechDetection {
  /** Named in the log, and in a warning when it is `energy`. */
  readonly name: 'silero' | 'energy';
  /** @param threshold how likely speech must be to be found, from 0 to 1, where the detector knows; left out: as likely as not */
  newDetector(threshold?: number): SpeechDetector;
}
