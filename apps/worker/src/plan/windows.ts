import type { Span, Window } from '@sotto/contracts';

/** Whisper reads 30 s at once; a second is left for rounding inside the engine. */
export const MAX_WINDOW_MS = 29_000;

/** The time between two others where a cut hurts least (see EnergyProfile.quietestMs). */
export type QuietestMs = (fromMs: number, toMs: number) => number;

/**
 * Packs runs of talk into windows, as full as they go: a window is a list of spans of the recording, so the pauses
 * between them are shortened to the padding of their runs. A run goes undivided into the window where it fits; one longer
 * than a window is cut at the quietest point of each window's last third, and its rest shares a window with what follows.
 * @param runs sorted, not overlapping (see speechRuns); every millisecond of them lands in exactly one window.
 */
export function planWindows(runs: Span[], quietestMs: QuietestMs, maxWindowMs: number = MAX_WINDOW_MS): Window[] {
  const windows: Span[][] = [];
  let leftMs = 0;
  for (const piece of runs.flatMap((run) => cutLong(run, quietestMs, maxWindowMs))) {
    const lengthMs = piece.endMs - piece.startMs;
    const current = windows.at(-1);
    if (current !== undefined && lengthMs <= leftMs) {
      append(current, piece);
      leftMs -= lengthMs;
    } else {
      windows.push([{ ...piece }]);
      leftMs = maxWindowMs - lengthMs;
    }
  }
  return windows.map((spans, index) => ({ index, spans }));
}

/** Spans that touch are one: there is no seam to map across. */
function append(spans: Span[], piece: Span): void {
  const last = spans.at(-1);
  if (last !== undefined && last.endMs === piece.startMs) last.endMs = piece.endMs;
  else spans.push({ ...piece });
}

function cutLong(run: Span, quietestMs: QuietestMs, maxWindowMs: number): Span[] {
  const pieces: Span[] = [];
  let startMs = run.startMs;
  while (run.endMs - startMs > maxWindowMs) {
    const latest = startMs + maxWindowMs;
    const earliest = latest - Math.floor(maxWindowMs / 3);
    const cutMs = Math.min(latest, Math.max(earliest, Math.round(quietestMs(earliest, latest))));
    pieces.push({ startMs, endMs: cutMs });
    startMs = cutMs;
  }
  pieces.push({ startMs, endMs: run.endMs });
  return pieces;
}

export function spansMs(spans: Span[]): number {
  return spans.reduce((sum, span) => sum + span.endMs - span.startMs, 0);
}
