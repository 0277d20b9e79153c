import type { EditedSegment } from './edited-segment.ts';

/** What has become of one canonical segment: its parts, in order; empty where it is part of another. */
export type Slot = readonly EditedSegment[];

/**
 * Segments in their order, by slot. Slots never move, so a segment is found without looking for it; and they are held in
 * chunks, so that a change copies a few of them and not all.
 */
export interface Slots {
  readonly chunks: readonly (readonly Slot[])[];
  /** By the ids of canonical segments. */
  readonly indices: ReadonlyMap<string, number>;
}

const CHUNK_SIZE = 64;

/** The canonical segment that a segment stems from. */
export const rootOf = (id: string): string => id.split('.', 1).join();

export function slotsOf(segments: readonly EditedSegment[]): Slots {
  const chunks: Slot[][] = [];
  segments.forEach((segment, index) => {
    if (index % CHUNK_SIZE === 0) chunks.push([]);
    chunks.at(-1)?.push([segment]);
  });
  return { chunks, indices: new Map(segments.map(({ id }, index) => [id, index])) };
}

/** @returns undefined: behind the last one */
export function slotAt({ chunks }: Slots, index: number): Slot | undefined {
  return chunks[Math.floor(index / CHUNK_SIZE)]?.[index % CHUNK_SIZE];
}

export function withSlots({ chunks, indices }: Slots, changed: Iterable<readonly [number, Slot]>): Slots {
  const copies = new Map<number, Slot[]>();
  for (const [index, slot] of changed) {
    const at = Math.floor(index / CHUNK_SIZE);
    const copy = copies.get(at) ?? [...(chunks[at] ?? [])];
    copy[index % CHUNK_SIZE] = slot;
    copies.set(at, copy);
  }
  return { chunks: chunks.map((chunk, at) => copies.get(at) ?? chunk), indices };
}
