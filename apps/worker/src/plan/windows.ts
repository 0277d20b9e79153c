import type { Window } from '@sotto/contracts';
import type { SpeechRun } from '../speech/runs.ts';
import { joinSpans } from './join-spans.ts';

export interface WindowLimits {
  /** Whisper reads 30 s at once; one second is left for rounding inside the engine. */
  maxMs: number;
  /** A window with this much in it ends at its longest pause instead of being filled up. */
  enoughMs: number;
}

export const WINDOW_LIMITS: WindowLimits = { maxMs: 29_000, enoughMs: 19_000 };

/** The best place to cut between two times (see EnergyProfile.quietestMs). */
export type QuietestMs = (fromMs: number, toMs: number) => number;

/**
 * Packs runs of speech into windows. A window is a list of spans of the recording, so that long pauses shrink to the
 * padding of the runs beside them. It ends at its longest pause after `enoughMs`, where a sentence most likely ends: a
 * model loses words on both sides of a border that divides a sentence. A run that fits into a window is not divided; a
 * longer one is cut at the quietest point in the last third of each window.
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
    windows.push({ index: windows.length, spans: joinSpans(pieces.slice(from, to)) });
    from = to;
  }
  return windows;
}

/**
 * Index of the piece that begins the next window, after one that begins with piece `from`; the later of equal pauses.
 */
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
