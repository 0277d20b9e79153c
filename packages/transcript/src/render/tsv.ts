import { transcriptWords } from '../captions/transcript-words.ts';
import { oneLine } from '../one-line.ts';
import type { Renderer } from './rendered.ts';

/** openai/whisper's table: start and end in whole milliseconds, text without tabs, a row per segment or word. */
export const renderTsv: Renderer = (transcript, { granularity }) => {
  const rows =
    granularity === 'word'
      ? transcriptWords(transcript).map(({ startMs, endMs, word }) => [startMs, endMs, word] as const)
      : transcript.segments.map(({ startMs, endMs, text }) => [startMs, endMs, text] as const);
  const lines = rows.map(([startMs, endMs, text]) => `${startMs}\t${endMs}\t${oneLine(text).trim()}`);
  return `${['start\tend\ttext', ...lines].join('\n')}\n`;
};
