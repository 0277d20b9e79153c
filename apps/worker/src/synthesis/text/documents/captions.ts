import type { Block } from './blocks.ts';

const TIMES = /^(?:\d{1,4}:)?\d{1,2}:\d{2}[.,]\d{1,3} ?--> ?/;
/** Of WebVTT: what is no cue. */
const NO_CUE = /^(?:WEBVTT|NOTE|STYLE|REGION)(?:\s|$)/;
/** Formatting, voices, and places on the screen. */
const TAGS = /<[^<>]{0,200}>|\{\\[^{}]{0,100}\}/g;
const SENTENCE_END = /[.!?…。！？][\])"'”’»]*$/;

/** The text of SRT or WebVTT; cues that go on with one another are one paragraph. */
export function captionBlocks(text: string): Block[] {
  const sentences: string[][] = [[]];
  for (const cue of text.split(/\n[ \t]*\n/)) {
    const said = cueText(cue);
    if (said === '') continue;
    sentences.at(-1)?.push(said);
    if (SENTENCE_END.test(said)) sentences.push([]);
  }
  return sentences.filter((cues) => cues.length > 0).map((cues) => ({ kind: 'item', text: cues.join(' ') }));
}

function cueText(cue: string): string {
  const lines = cue.split('\n').map((line) => line.trim());
  const times = lines.findIndex((line) => TIMES.test(line));
  if (times < 0 || NO_CUE.test(lines[0] ?? '')) return '';
  const text = lines.slice(times + 1).join(' ');
  return text.replace(TAGS, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').trim();
}
