import type { Segment, Transcript } from '@sotto/contracts';
import { joinTexts } from '../join-texts.ts';
import { oneLine } from '../one-line.ts';
import { nameOf } from './name-of.ts';

/** What one speaker says until another one does. */
export interface Speech {
  /** null: nobody is known to say it. */
  name: string | null;
  text: string;
}

export function speeches(transcript: Transcript): Speech[] {
  const groups: { speaker: number | undefined; segments: Segment[] }[] = [];
  for (const segment of transcript.segments) {
    const group = groups.at(-1);
    if (group === undefined || (segment.speaker !== undefined && segment.speaker !== group.speaker)) {
      groups.push({ speaker: segment.speaker, segments: [segment] });
    } else {
      group.segments.push(segment);
    }
  }
  return groups
    .map(({ speaker, segments }) => ({
      name: nameOf(transcript, speaker),
      text: oneLine(joinTexts(segments.map(({ text }) => text))).trim(),
    }))
    .filter(({ text }) => text !== '');
}
