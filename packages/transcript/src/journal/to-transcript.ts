import type { Edit, Segment, Speaker, Transcript } from '@sotto/contracts';
import { joinTexts } from '../join-texts.ts';
import { amountOf } from '../speakers/amount-of.ts';
import { replay } from './apply.ts';
import type { EditedSegment } from './edited-segment.ts';
import { type EditedTranscript, segmentsOf } from './edited-transcript.ts';
import { editedTurns } from './edited-turns.ts';

/** The transcript that a journal makes of a canonical one, for everything that renders. */
export function editedTranscript(canonical: Transcript, journal: readonly Edit[]): Transcript {
  return toTranscript(canonical, replay(canonical, journal));
}

/** As edited: what is deleted or says nothing is left out. Without an edit in effect, the canonical transcript itself. */
export function toTranscript(canonical: Transcript, edited: EditedTranscript): Transcript {
  if (edited.undoable === null) return canonical;
  const all = segmentsOf(edited);
  const kept = all.filter(({ state, text }) => state === 'kept' && text.trim() !== '');
  const segments = kept.map(numbered);
  return {
    ...canonical,
    text: joinTexts(segments.map(({ text }) => text)),
    segments,
    dropped: all.filter(({ state }) => state === 'dropped').map(numbered),
    ...speakersOf(canonical, edited, segments),
  };
}

function numbered({ state: _, ...segment }: EditedSegment, id: number): Segment {
  return { ...segment, id };
}

/** Nothing, where speakers were never told apart. */
function speakersOf(
  canonical: Transcript,
  { speakers }: EditedTranscript,
  segments: readonly Segment[],
): Pick<Transcript, 'speakers' | 'turns'> {
  if (canonical.speakers === undefined && speakers.length === 0) return {};
  const turns = editedTurns(canonical, segments);
  const words = segments.flatMap((segment) => segment.words);
  return {
    speakers: speakers.map((speaker, number): Speaker => ({ ...speaker, ...amountOf(number, turns, words) })),
    turns,
  };
}
