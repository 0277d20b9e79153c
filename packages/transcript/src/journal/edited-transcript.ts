import type { Edit, Segment, SegmentState, Transcript } from '@sotto/contracts';
import type { EditedSegment, EditedSpeaker } from './edited-segment.ts';
import type { Content, Patch } from './patch.ts';
import { rootOf, slotAt, slotsOf } from './slots.ts';

/** An edit in effect, or one that was taken back. */
export interface Step {
  editId: string;
  patch: Patch;
}

/** Newest first; shared between the states of a transcript. */
export type Steps = { step: Step; rest: Steps } | null;

/** How a revision came about, and what could be undone and redone before. */
export type History = { step: Step; undoable: Steps; redoable: Steps; operationCount: number; rest: History } | null;

/**
 * A transcript and the edits made on it. Values, never changed in place: an edit makes another one, in which all segments
 * that it does not touch are the same objects.
 */
export interface EditedTranscript extends Content {
  /** The number of edits in the journal; 0: as it was heard. */
  readonly revision: number;
  readonly undoable: Steps;
  readonly redoable: Steps;
  readonly history: History;
  /** In the whole journal. */
  readonly operationCount: number;
}

/** In their order, also those that are deleted or dropped. */
export const segmentsOf = ({ slots }: EditedTranscript): EditedSegment[] => slots.chunks.flat(2);

/** @returns undefined: there is none, or none any more */
export function findSegment({ slots }: EditedTranscript, id: string): EditedSegment | undefined {
  return slotAt(slots, slots.indices.get(rootOf(id)) ?? -1)?.find((segment) => segment.id === id);
}

export const canUndo = ({ undoable }: EditedTranscript): boolean => undoable !== null;
export const canRedo = ({ redoable }: EditedTranscript): boolean => redoable !== null;

/** A transcript before its first edit. */
export function unedited(canonical: Transcript): EditedTranscript {
  const kept = canonical.segments.map((segment, at) => identified(segment, String(at), 'kept'));
  const dropped = canonical.dropped.map((segment, at) => identified(segment, `d${at}`, 'dropped'));
  const speakers = (canonical.speakers ?? []).map(({ name, channel }) => ({
    name,
    ...(channel !== undefined && { channel }),
  }));
  return uneditedOf(byStart(kept, dropped), speakers);
}

/** As `unedited`, for segments in their order. */
export function uneditedOf(segments: readonly EditedSegment[], speakers: readonly EditedSpeaker[]): EditedTranscript {
  return {
    revision: 0,
    slots: slotsOf(segments),
    speakers,
    undoable: null,
    redoable: null,
    history: null,
    operationCount: 0,
  };
}

function identified(segment: Segment, id: string, state: SegmentState): EditedSegment {
  return { ...segment, id, state };
}

/** Each dropped segment before the first one that begins after it: where it would stand. */
function byStart(kept: readonly EditedSegment[], dropped: readonly EditedSegment[]): EditedSegment[] {
  const merged: EditedSegment[] = [];
  let next = 0;
  for (const segment of kept) {
    for (let other = dropped[next]; other !== undefined && other.startMs < segment.startMs; other = dropped[next]) {
      merged.push(other);
      next += 1;
    }
    merged.push(segment);
  }
  return [...merged, ...dropped.slice(next)];
}

/** The ids of all edits in the journal, newest first, each with the revision that it made. */
export function* editsOf({ revision, history }: EditedTranscript): Generator<{ id: Edit['id']; revision: number }> {
  let at = revision;
  for (let entry = history; entry !== null; entry = entry.rest) {
    yield { id: entry.step.editId, revision: at };
    at -= 1;
  }
}
