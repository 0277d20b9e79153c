import { clock } from '../captions/clock.ts';
import type { Cue } from '../captions/cue.ts';
import { nameOf } from '../speakers/name-of.ts';
import { cuesOf, type Renderer } from './rendered.ts';

/** SubRip. It has no escapes, so an arrow in the text is written in another way: parsers take it for a time line. */
export const renderSrt: Renderer = (transcript, options) => {
  const cues = cuesOf(transcript, options);
  return cues
    .map((cue, index) => block(cue, index, isNew(cue, cues[index - 1]) ? nameOf(transcript, cue.speaker) : null))
    .join('\n');
};

/** A name stands where a speaker begins. */
const isNew = ({ speaker }: Cue, before: Cue | undefined): boolean => speaker !== before?.speaker;

function block({ startMs, endMs, lines }: Cue, index: number, name: string | null): string {
  const [first = '', ...rest] = lines;
  const named = name === null ? lines : [`${name}: ${first}`, ...rest];
  const text = named.map((line) => line.replaceAll('-->', '→')).join('\n');
  return `${index + 1}\n${clock(startMs, ',')} --> ${clock(endMs, ',')}\n${text}\n`;
}
