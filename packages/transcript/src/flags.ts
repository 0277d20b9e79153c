import type { SegmentFlag, Span, Word } from '@sotto/contracts';

/** openai/whisper's own limits for taking a decoding back. */
const LOW_LOGPROB = -1;
const REPETITIVE_RATIO = 2.4;
const NO_SPEECH = 0.6;

/** A detector hears speech begin late and end early, and alignment is no more exact. */
const EDGE_MS = 300;

export interface Measured {
  text: string;
  words: readonly Word[];
  avgLogprob: number;
  noSpeechProb: number;
  compressionRatio: number;
}

/**
 * Why a segment's text may not have been said; empty for ordinary text.
 *
 * @param speech where a detector heard speech, in the time of the recording; null when nothing looked for it.
 */
export function segmentFlags(segment: Measured, speech: readonly Span[] | null): SegmentFlag[] {
  const flags: SegmentFlag[] = [];
  if (segment.avgLogprob < LOW_LOGPROB) flags.push('low_confidence');
  if (segment.compressionRatio > REPETITIVE_RATIO) flags.push('repetitive');
  if (describesSound(segment.text)) flags.push('sound_description');
  if (segment.noSpeechProb > NO_SPEECH) flags.push('no_speech');
  if (speech !== null && liesOutside(segment.words, speech)) flags.push('outside_speech');
  return flags;
}

/** `[Music]`, `(laughs)`, `*sighs*`, `♪ la la ♪`, or no letter at all: the model's own word that nobody speaks. */
function describesSound(text: string): boolean {
  const said = text.replace(/\[[^\]]*\]?|\([^)]*\)?|\*[^*]*\*?|（[^）]*）?|【[^】]*】?|[♪♫♬].*[♪♫♬]/gu, ' ');
  return !/[\p{L}\p{N}]/u.test(said);
}

/** At least half of the words are out of reach of any speech. */
function liesOutside(words: readonly Word[], speech: readonly Span[]): boolean {
  const isOutside = ({ startMs, endMs }: Word) =>
    !speech.some((span) => span.startMs - EDGE_MS < endMs && startMs < span.endMs + EDGE_MS);
  return words.length > 0 && words.filter(isOutside).length * 2 >= words.length;
}

/**
 * Which signal a flag comes from. Flags of one signal are one opinion: a loop is repetitive and repeats its lines, and a
 * chorus that people really sing is both.
 */
const SIGNALS: Record<SegmentFlag, 'model' | 'text' | 'sound class' | 'detector' | 'gap'> = {
  low_confidence: 'model',
  repetitive: 'text',
  repeated_line: 'text',
  sound_description: 'text',
  no_speech: 'sound class',
  outside_speech: 'detector',
  not_transcribed: 'gap',
};

/** True when two signals agree that nobody said it. */
export function isHallucination(flags: readonly SegmentFlag[]): boolean {
  return new Set(flags.map((flag) => SIGNALS[flag])).size >= 2;
}
