import type { EditedSegment } from '@sotto/transcript';
import { useEffect, useState } from 'react';
import type { Player } from '../player/player.ts';

export interface CurrentWord {
  segmentId: string;
  /** -1: the line is being said, and no word of it yet. */
  word: number;
}

/** What is being said at a moment. @param segments by start */
export function wordAt(segments: readonly EditedSegment[], atMs: number): CurrentWord | null {
  const segment = segments[lastStarted(segments, atMs)];
  if (segment === undefined || atMs > segment.endMs) return null;
  return { segmentId: segment.id, word: lastStarted(segment.words, atMs) };
}

/** Index of the last that has begun, -1: none has. */
function lastStarted(parts: readonly { startMs: number }[], atMs: number): number {
  let [low, high] = [0, parts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((parts[middle]?.startMs ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Changes when the word does, not with every frame. */
export function useCurrentWord(player: Player | null, segments: readonly EditedSegment[]): CurrentWord | null {
  const [current, setCurrent] = useState<CurrentWord | null>(null);
  useEffect(() => {
    if (player === null) return;
    const kept = segments.filter(({ state }) => state === 'kept');
    return player.watch((atMs) => {
      const found = atMs === 0 && player.audio.paused ? null : wordAt(kept, atMs);
      setCurrent((before) => (before?.segmentId === found?.segmentId && before?.word === found?.word ? before : found));
    });
  }, [player, segments]);
  return current;
}
