import type { EditedSegment } from '@sotto/transcript';
import { useMemo, useState } from 'react';

export interface Selection {
  /** The line that keys act on. */
  active: EditedSegment | undefined;
  /** Ids of several lines; empty: only the active one is meant. */
  selected: ReadonlySet<string>;
  /** What an action is for: those that are selected, else the active one. */
  targets: readonly EditedSegment[];
  indexOf(id: string | null): number;
  /** @param isRange the lines from where the selection began become selected */
  activate(id: string | undefined, isRange?: boolean): void;
  move(by: number, isRange?: boolean): void;
  /** Only the active line is left. */
  clear(): void;
}

/** Which of the lines are meant. @param reveal brings a line into view */
export function useSelection(lines: readonly EditedSegment[], reveal: (index: number) => void): Selection {
  const [activeId, setActiveId] = useState<string | null>(null);
  const [anchorId, setAnchorId] = useState<string | null>(null);
  const range = useMemo(() => {
    const [a, b] = [indexIn(lines, anchorId), indexIn(lines, activeId)];
    return a < 0 || b < 0 || a === b ? [] : lines.slice(Math.min(a, b), Math.max(a, b) + 1);
  }, [lines, anchorId, activeId]);
  const selected = useMemo(() => new Set(range.map(({ id }) => id)), [range]);
  const active = lines[indexIn(lines, activeId)];
  const activate = (id: string | undefined, isRange = false): void => {
    if (id === undefined) return;
    setActiveId(id);
    if (!isRange) setAnchorId(id);
    reveal(indexIn(lines, id));
  };
  return {
    active,
    selected,
    targets: range.length > 0 ? range : active === undefined ? [] : [active],
    indexOf: (id) => indexIn(lines, id),
    activate,
    move: (by, isRange) => {
      const index = Math.min(lines.length - 1, Math.max(0, indexIn(lines, activeId) + by));
      activate(lines[index]?.id, isRange);
    },
    clear: () => setAnchorId(activeId),
  };
}

const indexIn = (lines: readonly EditedSegment[], id: string | null): number =>
  lines.findIndex((line) => line.id === id);
