import type { Edit } from '@sotto/contracts';
import { replay, type SegmentRange, toWireEdited } from '@sotto/transcript';
import type { Renderer } from '../results/renderer.ts';

/** A transcript as editors see it: with the ids of its segments, and with what is not part of the text. */
export const editedRenderer: Renderer<{ edits: Edit[]; range: SegmentRange }> = {
  name: 'edited',
  render: (transcript, { edits, range }) => JSON.stringify(toWireEdited(replay(transcript, edits), transcript, range)),
};
