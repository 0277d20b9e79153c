import { transcriptWords } from '../captions/transcript-words.ts';
import { oneLine } from '../one-line.ts';
import type { Renderer } from './rendered.ts';

/**
 * Comma-separated values (RFC 4180), a row per segment or word, times in seconds. A text that a spreadsheet would take
 * for a formula begins with an apostrophe (https://owasp.org/www-community/attacks/CSV_Injection); tsv leaves it as it is.
 */
export const renderCsv: Renderer = (transcript, { granularity }) => {
  const parts =
    granularity === 'word'
      ? transcriptWords(transcript).map(({ word, ...times }) => ({ ...times, text: word }))
      : transcript.segments;
  const rows = parts.map(({ startMs, endMs, text, confidence }) =>
    [seconds(startMs), seconds(endMs), field(oneLine(text).trim()), confidence.toFixed(4)].join(','),
  );
  return ['start,end,text,confidence', ...rows, ''].join('\r\n');
};

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** What begins a formula, in its wide form too. */
const FORMULA = /^[=+\-@＝＋－＠]/u;

function field(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
