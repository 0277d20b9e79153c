import type { Segment, Speaker, SpeakerTurns, Transcript, Word } from '@sotto/contracts';
import { saidBy } from './said-by.ts';
import { SpeakerClock } from './speaker-clock.ts';

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
  return {
    ...transcript,
    segments: segments.map((segment, id) => ({ ...segment, id })),
    speakers: Array.from({ length: count }, (_, speaker) => ({
      name: names[speaker] ?? known[speaker] ?? null,
      ...amountOf(speaker, turns, words),
    })),
    turns,
  };
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
  if (parts.length === 1) return [{ ...segment, words: parts[0]?.words ?? [], ...saidBy(parts[0]?.speaker) }];
  return parts.map(({ words, speaker }, index) => ({
    ...segment,
    startMs: index === 0 ? segment.startMs : (words[0]?.startMs ?? segment.startMs),
    endMs: index === parts.length - 1 ? segment.endMs : (words.at(-1)?.endMs ?? segment.endMs),
    text: words.map(({ word }) => word).join(''),
    // Which of them belong to which words is not known here.
    tokens: index === 0 ? segment.tokens : [],
    words,
    ...saidBy(speaker),
  }));
}

function amountOf(speaker: number, turns: SpeakerTurns['turns'], words: readonly Word[]): Omit<Speaker, 'name'> {
  const own = turns.filter((turn) => turn.speaker === speaker);
  return {
    ms: own.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0),
    words: words.filter((word) => word.speaker === speaker).length,
  };
}
