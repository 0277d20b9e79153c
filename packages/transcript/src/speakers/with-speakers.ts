import type { Segment, SpeakerTurns, Transcript, Word } from '@sotto/contracts';
import { amountOf } from './amount-of.ts';
import { saidBy } from './said-by.ts';
import { segmentParts } from './segment-parts.ts';
import { SpeakerClock } from './speaker-clock.ts';
import { withSpeakerNames } from './with-speaker-names.ts';

/**
 * A transcript with who says what: each word has its speaker, and a segment ends where the speaker changes. The text stays the
 * same, letter by letter.
 *
 * @param names of the speakers, in the order of their numbers
 */
export function withSpeakers(
  transcript: Transcript,
  { turns, names: known = [] }: SpeakerTurns,
  names: readonly string[] = [],
): Transcript {
  const clock = new SpeakerClock(turns);
  let before: number | undefined;
  const segments = transcript.segments.flatMap((segment) => {
    const told = segment.words.length > 0 ? segment.words : [{ ...segment, word: segment.text }];
    const speakers = told.map((word) => {
      const speaker = clock.speakerOf(word, before);
      before = speaker ?? before;
      return speaker;
    });
    return segment.words.length > 0 ? cut(segment, speakers) : [{ ...segment, ...saidBy(speakers[0]) }];
  });
  const count = turns.reduce((most, { speaker }) => Math.max(most, speaker + 1), 0);
  const words = segments.flatMap((segment) => segment.words);
  const told = {
    ...transcript,
    segments: segments.map((segment, id) => ({ ...segment, id })),
    speakers: Array.from({ length: count }, (_, speaker) => ({
      name: known[speaker] ?? null,
      ...amountOf(speaker, turns, words),
    })),
    turns,
  };
  return withSpeakerNames(told, names);
}

/** Parts of a segment, each said by one speaker. Words for which nobody is heard go with those before them. */
function cut(segment: Segment, speakers: readonly (number | undefined)[]): Segment[] {
  const parts: { words: Word[]; speaker: number | undefined }[] = [];
  segment.words.forEach((word, at) => {
    const speaker = speakers[at];
    const part = parts.at(-1);
    const told = { ...word, ...saidBy(speaker) };
    if (part === undefined || (speaker !== undefined && part.speaker !== undefined && speaker !== part.speaker)) {
      parts.push({ words: [told], speaker });
    } else {
      part.words.push(told);
      part.speaker ??= speaker;
    }
  });
  return segmentParts(
    segment,
    parts.map(({ words }) => words),
  ).map((part, at) => ({ ...part, ...saidBy(parts[at]?.speaker) }));
}
