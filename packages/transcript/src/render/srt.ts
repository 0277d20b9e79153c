import { clock } from '../captions/clock.ts';
import type { Cue } from '../captions/cue.ts';
import { cuesOf, type Renderer } from './rendered.ts';

/** SubRip. It has no escapes, so an arrow in the text is written in another way: parsers take it for a time line. */
export const renderSrt: Renderer = (transcript, options) => cuesOf(transcript, options).map(block).join('\n');

function block({ startMs, endMs, lines }: Cue, index: number): string {
  const text = lines.map((line) => line.replaceAll('-->', '→')).join('\n');
  return `${index + 1}\n${clock(startMs, ',')} --> ${clock(endMs, ',')}\n${text}\n`;
}
