import type { CaptionOptions } from '@sotto/contracts';
import type { Cue } from './cue.ts';

type Timing = Pick<CaptionOptions, 'minCueMs' | 'maxCueMs' | 'minGapMs' | 'maxCharactersPerSecond'>;

/**
 * Cues that follow each other: in order, none empty, none longer than `maxCueMs`, always `minGapMs` apart. Where the next
 * cue leaves room a cue stays for `minCueMs` and until it can have been read. Where the words themselves leave no room
 * for the gap, half of what is said is shown at least, and the next cue comes late.
 */
export function settleCues(cues: readonly Cue[], durationMs: number, timing: Timing): Cue[] {
  let floorMs = 0;
  return cues.map((cue, index) => {
    const startMs = Math.max(cue.startMs, floorMs);
    const next = cues[index + 1];
    const roomMs = next === undefined ? Math.max(durationMs, cue.endMs) : next.startMs - timing.minGapMs;
    const spokenMs = Math.max(Math.min(cue.endMs, roomMs), Math.ceil((startMs + cue.endMs) / 2));
    const wantedMs = Math.min(startMs + Math.max(timing.minCueMs, readingMs(cue, timing)), roomMs);
    const endMs = Math.min(Math.max(spokenMs, wantedMs, startMs + 1), startMs + timing.maxCueMs);
    floorMs = endMs + timing.minGapMs;
    return { ...cue, startMs, endMs };
  });
}

function readingMs({ lines }: Cue, { maxCharactersPerSecond }: Timing): number {
  if (maxCharactersPerSecond === null) return 0;
  return Math.ceil((1000 * characterCount(lines.join(' '))) / maxCharactersPerSecond);
}

/** As readers count them: blanks too, marks not. */
export function characterCount(text: string): number {
  return text.replace(/[\p{M}\p{Cf}]/gu, '').match(/./gsu)?.length ?? 0;
}
