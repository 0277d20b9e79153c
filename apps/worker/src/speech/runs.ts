import type { Span } from '@sotto/contracts';

export interface SpeechOptions {
  /** Pauses shorter than this are part of the speech. */
  bridgeMs: number;
  /** Kept on both sides of speech, but no more than half the way to its neighbour: detectors find onsets late. */
  padMs: number;
}

/**
 * Twice 600 ms: pauses up to 1.2 s stay as they are, longer ones last 1.2 s. Less confuses a model about where phrases
 * begin and end (docs/architecture.md has the figures).
 */
export const SPEECH_OPTIONS: SpeechOptions = { bridgeMs: 300, padMs: 600 };

/** Speech with room around it. */
export interface SpeechRun extends Span {
  /** How long nobody spoke before it, padding included; for the first, since the recording's start. */
  pauseBeforeMs: number;
}

/**
 * Runs of speech with room around them, out of the segments that a detector found: sorted, not overlapping, within the
 * recording. Two runs touch where their padding meets, in the middle of the pause between them.
 * @param segments in any order; they may overlap.
 */
export function speechRuns(segments: Span[], durationMs: number, options: SpeechOptions = SPEECH_OPTIONS): SpeechRun[] {
  return padded(bridged(inside(segments, durationMs), options.bridgeMs), durationMs, options.padMs);
}

function inside(segments: Span[], durationMs: number): Span[] {
  return segments
    .map(({ startMs, endMs }) => ({ startMs: Math.max(0, startMs), endMs: Math.min(durationMs, endMs) }))
    .filter(({ startMs, endMs }) => endMs > startMs)
    .sort((a, b) => a.startMs - b.startMs);
}

function bridged(segments: Span[], bridgeMs: number): Span[] {
  const runs: Span[] = [];
  for (const segment of segments) {
    const last = runs.at(-1);
    if (last !== undefined && segment.startMs - last.endMs < bridgeMs) {
      last.endMs = Math.max(last.endMs, segment.endMs);
    } else {
      runs.push({ ...segment });
    }
  }
  return runs;
}

function padded(runs: Span[], durationMs: number, padMs: number): SpeechRun[] {
  return runs.map((run, i) => {
    const before = runs[i - 1];
    const after = runs[i + 1];
    const startLimit = before === undefined ? 0 : middle(before, run);
    const endLimit = after === undefined ? durationMs : middle(run, after);
    return {
      startMs: Math.max(startLimit, run.startMs - padMs),
      endMs: Math.min(endLimit, run.endMs + padMs),
      pauseBeforeMs: run.startMs - (before?.endMs ?? 0),
    };
  });
}

function middle(before: Span, after: Span): number {
  return Math.floor((before.endMs + after.startMs) / 2);
}
