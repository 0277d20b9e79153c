import type { WindowTranscript } from '@sotto/whisper';

/** Where two transcripts of one window part. */
export interface Difference {
  what: 'text' | 'times' | 'confidence' | 'window';
  one: string;
  other: string;
  /** Of the two tokens where the texts part: how much likelier one was than the other. null: the texts are the same. */
  margin: number | null;
}

/** null: same text, same times of segments and words, same confidences, to the last bit. */
export function firstDifference(one: WindowTranscript, other: WindowTranscript): Difference | null {
  const [ours, theirs] = [tokensOf(one), tokensOf(other)];
  const at = Array.from({ length: Math.max(ours.length, theirs.length) }, (_, i) => i).find(
    (i) => ours[i]?.id !== theirs[i]?.id,
  );
  if (at !== undefined) {
    const [a, b] = [ours[at], theirs[at]];
    const margin = Math.abs(Math.exp(a?.logProbability ?? 0) - Math.exp(b?.logProbability ?? 0));
    return { what: 'text', one: textOf(a), other: textOf(b), margin };
  }
  const pairs = [
    ['times', timesOf(one), timesOf(other)],
    ['confidence', confidencesOf(one), confidencesOf(other)],
    ['window', rest(one), rest(other)],
  ] as const;
  const [what, a = '', b = ''] = pairs.find(([, left, right]) => left !== right) ?? [];
  return what === undefined ? null : { what, one: a, other: b, margin: null };
}

const tokensOf = ({ segments }: WindowTranscript) => segments.flatMap(({ tokens }) => tokens);

const textOf = (token: { bytes: Uint8Array } | undefined): string =>
  token === undefined ? 'the end' : JSON.stringify(Buffer.from(token.bytes).toString('utf8'));

const timesOf = ({ segments }: WindowTranscript): string =>
  segments
    .map(
      ({ startMs, endMs, tokens }) => `${startMs}-${endMs}: ${tokens.map((t) => `${t.startMs}-${t.endMs}`).join(' ')}`,
    )
    .join('; ');

const confidencesOf = (transcript: WindowTranscript): string =>
  tokensOf(transcript)
    .map(({ probability, logProbability }) => `${probability}/${logProbability}`)
    .join(' ');

const rest = ({ language, noSpeechProbability, temperature, avgLogProbability }: WindowTranscript): string =>
  JSON.stringify({ language, noSpeechProbability, temperature, avgLogProbability });
