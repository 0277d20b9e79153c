import type { Segment, SegmentState, Speaker } from '@sotto/contracts';

/** A segment that keeps its id whatever happens around it. */
export interface EditedSegment extends Omit<Segment, 'id'> {
  id: string;
  state: SegmentState;
}

export type EditedSpeaker = Pick<Speaker, 'name' | 'channel'>;
