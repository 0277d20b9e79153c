import { transcriptWords } from '../captions/transcript-words.ts';
import { oneLine } from '../one-line.ts';
import { nameOf } from '../speakers/name-of.ts';
import type { Renderer } from './rendered.ts';

/**
 * Comma-separated values (RFC 4180), a row per segment or word, times in seconds; with its speaker where they are known. A text that a spreadsheet would take
 * for a formula begins with an apostrophe (https://owasp.org/www-community/attacks/CSV_Injection); tsv leaves it as it is.
 */
export const renderCsv: Renderer = (transcript, { granularity }) => {
  const parts =
    granularity === 'word'
      ? transcriptWords(transcript).map(({ word, ...times }) => ({ ...times, text: word }))
      : transcript.segments;
  const isNamed = transcript.speakers !== undefined;
  const rows = parts.map(({ startMs, endMs, text, confidence, speaker }) =>
    [
      seconds(startMs),
      seconds(endMs),
      ...(isNamed ? [field(nameOf(transcript, speaker) ?? '')] : []),
      field(oneLine(text).trim()),
      confidence.toFixed(4),
    ].join(','),
  );
  return [`start,end,${isNamed ? 'speaker,' : ''}text,confidence`, ...rows, ''].join('\r\n');
};

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** What begins a formula, in its wide form too. */
const FORMULA = /^[=+\-@＝＋－＠]/u;

function field(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
