import type { Transcript } from '@sotto/contracts';
import { oneLine } from '../one-line.ts';

/** What people read in the place of a speaker: the name, on one line, or a number; null: nobody is known to speak. */
export function nameOf(transcript: Pick<Transcript, 'speakers'>, speaker: number | undefined): string | null {
  if (speaker === undefined || transcript.speakers?.[speaker] === undefined) return null;
  return givenNameOf(transcript, speaker) ?? `Speaker ${speaker + 1}`;
}

/** null: the speaker has no name. */
export function givenNameOf({ speakers }: Pick<Transcript, 'speakers'>, speaker: number): string | null {
  return oneLine(speakers?.[speaker]?.name ?? '').trim() || null;
}
