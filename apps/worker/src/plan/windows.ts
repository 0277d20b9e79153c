import type { Span, Window } from '@sotto/contracts';
import type { SpeechRun } from '../speech/runs.ts';

export interface WindowLimits {
  /** Whisper reads 30 s at once; a second is left for rounding inside the engine. */
  maxMs: number;
  /** A window that holds this much is ended at its longest pause rather than filled up. */
  enoughMs: number;
}

export const WINDOW_LIMITS: WindowLimits = { maxMs: 29_000, enoughMs: 19_000 };

/** The time between two others where a cut hurts least (see EnergyProfile.quietestMs). */
export type QuietestMs = (fromMs: number, toMs: number) => number;

/**
 * Packs runs of talk into windows: a window is a list of spans of the recording, so long pauses between them are shortened to
 * the padding of their runs. A window ends at the longest pause after `enoughMs` of it, where a sentence most likely ends: a
 * model loses words at both sides of a border that divides one. A run goes undivided into the window where it fits; one longer
 * than a window is cut at the quietest point of each window's last third.
 * @param runs sorted, not overlapping (see speechRuns); every millisecond of them lands in exactly one window.
 */
export function planWindows(
  runs: readonly SpeechRun[],
  quietestMs: QuietestMs,
  limits: WindowLimits = WINDOW_LIMITS,
): Window[] {
  const pieces = runs.flatMap((run) => cutLong(run, quietestMs, limits));
  const windows: Window[] = [];
  for (let from = 0; from < pieces.length; ) {
    const to = windowEnd(pieces, from, limits);
    windows.push({ index: windows.length, spans: joined(pieces.slice(from, to)) });
    from = to;
  }
  return windows;
}

/** The piece before which the window that begins with piece `from` ends; the later of equal pauses. */
function windowEnd(pieces: readonly SpeechRun[], from: number, { maxMs, enoughMs }: WindowLimits): number {
  let best: number | null = null;
  let lengthMs = 0;
  for (let at = from; at < pieces.length; at++) {
    const piece = pieces[at];
    if (piece === undefined) break;
    const pauseMs = piece.pauseBeforeMs;
    if (lengthMs >= enoughMs && (best === null || pauseMs >= (pieces[best]?.pauseBeforeMs ?? 0))) best = at;
    lengthMs += piece.endMs - piece.startMs;
    if (lengthMs > maxMs) return best ?? at;
  }
  return pieces.length;
}

/** Spans that touch are one: there is no seam to map across. */
function joined(pieces: readonly Span[]): Span[] {
  const spans: Span[] = [];
  for (const { startMs, endMs } of pieces) {
    const last = spans.at(-1);
    if (last !== undefined && last.endMs === startMs) last.endMs = endMs;
    else spans.push({ startMs, endMs });
  }
  return spans;
}

function cutLong(run: SpeechRun, quietestMs: QuietestMs, { maxMs }: WindowLimits): SpeechRun[] {
  const pieces: SpeechRun[] = [];
  let { startMs, pauseBeforeMs } = run;
  while (run.endMs - startMs > maxMs) {
    const latest = startMs + maxMs;
    const earliest = latest - Math.floor(maxMs / 3);
    const cutMs = Math.min(latest, Math.max(earliest, Math.round(quietestMs(earliest, latest))));
    pieces.push({ startMs, endMs: cutMs, pauseBeforeMs });
    startMs = cutMs;
    pauseBeforeMs = 0;
  }
  return [...pieces, { startMs, endMs: run.endMs, pauseBeforeMs }];
}
