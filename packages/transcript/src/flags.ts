import type { Segment, Span } from '@sotto/contracts';

/** openai/whisper's own limits for taking a decoding back. */
const LOW_LOGPROB = -1;
const REPETITIVE_RATIO = 2.4;
const NO_SPEECH = 0.6;

type Measured = Pick<Segment, 'startMs' | 'endMs' | 'avgLogprob' | 'noSpeechProb' | 'compressionRatio'>;

/**
 * Why a segment's text may not have been said; empty for ordinary text.
 *
 * @param speech where a detector heard speech, in the time of the recording; null when nothing looked for it.
 */
export function segmentFlags(segment: Measured, speech: readonly Span[] | null): Segment['flags'] {
  const flags: Segment['flags'] = [];
  const isUnsure = segment.avgLogprob < LOW_LOGPROB;
  if (isUnsure) flags.push('low_confidence');
  if (segment.compressionRatio > REPETITIVE_RATIO) flags.push('repetitive');
  if (isUnsure && segment.noSpeechProb > NO_SPEECH) flags.push('no_speech');
  if (speech !== null && !speech.some((span) => span.startMs < segment.endMs && span.endMs > segment.startMs)) {
    flags.push('outside_speech');
  }
  return flags;
}
