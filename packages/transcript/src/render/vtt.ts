import { clock } from '../captions/clock.ts';
import { type Cue, shapeCues, wordCues } from '../captions/cues.ts';
import type { Renderer } from './rendered.ts';

/** WebVTT (https://www.w3.org/TR/webvtt1/). Escaping `>` also keeps `-->` out of the text. */
export const renderVtt: Renderer = (transcript, { granularity }) => {
  const cues = granularity === 'word' ? wordCues(transcript) : shapeCues(transcript);
  return ['WEBVTT\n', ...cues.map(block)].join('\n');
};

function block({ startMs, endMs, lines }: Cue): string {
  return `${clock(startMs, '.')} --> ${clock(endMs, '.')}\n${lines.map(escapeText).join('\n')}\n`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
