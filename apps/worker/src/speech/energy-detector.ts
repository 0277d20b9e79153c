import type { Span } from '@sotto/contracts';
import type { SpeechDetection, SpeechDetector } from './detector.ts';
import { EnergyProfile, FRAME_MS } from './energy-profile.ts';

/** Speech is this much louder than the background noise ... */
const ABOVE_NOISE_DB = 9;
/** ... and at least this loud. */
const FLOOR_DB = -55;
/** The noise level is the loudness that a tenth of the frames stays below. */
const NOISE_QUANTILE = 0.1;
const MIN_SPEECH_FRAMES = 8;
const MAX_DIP_FRAMES = 20;

/**
 * Stands in where Silero cannot be loaded: speech is whatever is clearly louder than the recording's own noise. It
 * takes music and slamming doors for speech, but misses none.
 */
export const energyDetection: SpeechDetection = { name: 'energy', newDetector: () => new EnergyDetector() };

class EnergyDetector implements SpeechDetector {
  readonly #profile = new EnergyProfile();

  accept(pcm: Int16Array): void {
    this.#profile.accept(pcm);
  }

  finish(): Span[] {
    return loudSpans(this.#profile.frames);
  }
}

/** @param frames mean squares of 10 ms frames */
export function loudSpans(frames: Float32Array): Span[] {
  if (frames.length === 0) return [];
  const levels = frames.map(decibels);
  const noise = Float32Array.from(levels).sort()[Math.floor(levels.length * NOISE_QUANTILE)] ?? FLOOR_DB;
  const threshold = Math.max(FLOOR_DB, noise + ABOVE_NOISE_DB);
  const spans: { from: number; to: number }[] = [];
  levels.forEach((level, frame) => {
    if (level < threshold) return;
    const last = spans.at(-1);
    if (last !== undefined && frame - last.to <= MAX_DIP_FRAMES) last.to = frame + 1;
    else spans.push({ from: frame, to: frame + 1 });
  });
  return spans
    .filter(({ from, to }) => to - from >= MIN_SPEECH_FRAMES)
    .map(({ from, to }) => ({ startMs: from * FRAME_MS, endMs: to * FRAME_MS }));
}

function decibels(meanSquare: number): number {
  return 10 * Math.log10(meanSquare + 1e-12);
}
