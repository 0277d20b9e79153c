import type { Transcript } from '@sotto/contracts';
import { oneLine } from '../one-line.ts';

/** What people read in the place of a speaker: the name, on one line, or a number; null: nobody is known to speak. */
export function nameOf(transcript: Pick<Transcript, 'speakers'>, speaker: number | undefined): string | null {
  const known = speaker === undefined ? undefined : transcript.speakers?.[speaker];
  if (speaker === undefined || known === undefined) return null;
  const number = known.channel === undefined ? `Speaker ${speaker + 1}` : `Channel ${known.channel + 1}`;
  return givenNameOf(transcript, speaker) ?? number;
}

/** null: the speaker has no name. */
export function givenNameOf({ speakers }: Pick<Transcript, 'speakers'>, speaker: number): string | null {
  return oneLine(speakers?.[speaker]?.name ?? '').trim() || null;
}
