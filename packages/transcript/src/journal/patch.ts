import type { EditedSpeaker } from './edited-segment.ts';
import { type Slot, type Slots, withSlots } from './slots.ts';

interface Change<T> {
  before: T;
  after: T;
}

/** What an edit has changed, so that it can be taken back and made again without looking at anything else. */
export interface Patch {
  slots: readonly (Change<Slot> & { index: number })[];
  /** null: as before. */
  speakers: Change<readonly EditedSpeaker[]> | null;
  /** Of segments that are changed, new or no more. */
  segmentIds: ReadonlySet<string>;
  /** That were made or renamed. */
  speakerNumbers: ReadonlySet<number>;
}

/** What edits change of a transcript. */
export interface Content {
  readonly slots: Slots;
  /** By their numbers. */
  readonly speakers: readonly EditedSpeaker[];
}

export function inverse({ slots, speakers, ...touched }: Patch): Patch {
  return {
    ...touched,
    slots: slots.map(({ index, before, after }) => ({ index, before: after, after: before })),
    speakers: speakers && { before: speakers.after, after: speakers.before },
  };
}

/** What a transcript becomes by patches, each made on what the one before left. */
export function patched({ slots, speakers }: Content, patches: readonly Patch[]): Content {
  const changed = patches.flatMap((patch) => patch.slots.map(({ index, after }) => [index, after] as const));
  const renamed = patches.findLast((patch) => patch.speakers !== null)?.speakers;
  return { slots: withSlots(slots, changed), speakers: renamed?.after ?? speakers };
}
