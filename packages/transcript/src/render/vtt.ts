import type { Word } from '@sotto/contracts';
import { clock } from '../captions/clock.ts';
import type { Cue } from '../captions/cue.ts';
import { textOf } from '../captions/sentences.ts';
import { nameOf } from '../speakers/name-of.ts';
import { cuesOf, isHighlighted, type Renderer } from './rendered.ts';

/** What is still to be said is dimmed, in players that know `:future`; others show plain captions. */
const HIGHLIGHT_STYLE = 'STYLE\n::cue(:future) {\n  color: #a0a0a0;\n}\n';

/** WebVTT (https://www.w3.org/TR/webvtt1/). Escaping `>` also keeps `-->` out of the text. */
export const renderVtt: Renderer = (transcript, options) => {
  const isTimed = isHighlighted(options);
  const head = isTimed ? ['WEBVTT\n', HIGHLIGHT_STYLE] : ['WEBVTT\n'];
  const textLines = isTimed ? timedLines : plainLines;
  const blocks = cuesOf(transcript, options).map((cue) => {
    const name = nameOf(transcript, cue.speaker);
    const voice = name === null ? '' : `<v ${escapeText(name)}>`;
    return `${timeLine(cue)}\n${voice}${textLines(cue).join('\n')}\n`;
  });
  return [...head, ...blocks].join('\n');
};

const timeLine = ({ startMs, endMs }: Cue): string => `${clock(startMs, '.')} --> ${clock(endMs, '.')}`;

const plainLines = ({ lines }: Cue): string[] => lines.map(escapeText);

/** Each word a span with its time before it. A time must lie inside the cue, after all times before it (section 4.2). */
function timedLines(cue: Cue): string[] {
  let latestMs = cue.startMs;
  const timed = (word: Word): string => {
    const span = `<c>${escapeText(textOf([word]))}</c>`;
    if (word.startMs <= latestMs || word.startMs >= cue.endMs) return span;
    latestMs = word.startMs;
    return `<${clock(latestMs, '.')}>${span}`;
  };
  return cue.words.map((words) =>
    words
      .map((word) => (word.word.startsWith(' ') ? ' ' : '') + timed(word))
      .join('')
      .trim(),
  );
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
