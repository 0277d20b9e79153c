import type { Segment } from '@sotto/contracts';
import { sseText } from '../events/sse.ts';
import type { Renderer } from '../results/renderer.ts';
import { Deltas, type DeltasState } from './deltas.ts';
import { diarizedSegments } from './diarized.ts';

/** Segments of the transcript that a stream has not sent: all but the first `skip`, or those after the last one sent. */
export type Unsent = { skip: number } | { after: Pick<Segment, 'startMs' | 'endMs'> | null };

export interface StreamEnd {
  logprobs: boolean;
  /** Before `done`, who says what. */
  diarized?: boolean;
  sent: DeltasState;
  unsent: Unsent;
}

/**
 * The last messages of a stream: deltas for the segments not sent yet, all segments with their speakers if they were asked for,
 * then `done` with the whole text.
 */
export const streamEndRenderer: Renderer<StreamEnd> = {
  name: 'openai_stream_end',
  render: (transcript, { logprobs, diarized = false, sent, unsent }, plain = transcript) => {
    const deltas = new Deltas(logprobs, sent);
    const added = unsentOf(plain.segments, unsent).map((segment) => deltas.add(segment));
    const said = diarized ? diarizedSegments(transcript) : [];
    const events = [...added.filter((event) => event !== null), ...said, deltas.done(plain)];
    return events.map((data) => sseText({ data })).join('');
  },
};

function unsentOf(segments: readonly Segment[], unsent: Unsent): readonly Segment[] {
  if ('skip' in unsent) return segments.slice(unsent.skip);
  return segments.filter((segment) => isAfter(segment, unsent.after));
}

function isAfter({ startMs, endMs }: Segment, last: Pick<Segment, 'startMs' | 'endMs'> | null): boolean {
  return last === null || startMs > last.startMs || (startMs === last.startMs && endMs > last.endMs);
}
