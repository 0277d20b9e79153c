import type { Transcript } from '@sotto/contracts';
import { oneLine } from '../one-line.ts';

/** The name of a speaker, on one line; null: nobody is known to speak. */
export function nameOf({ speakers }: Pick<Transcript, 'speakers'>, speaker: number | undefined): string | null {
  const name = speaker === undefined ? undefined : speakers?.[speaker]?.name;
  return name === undefined ? null : oneLine(name).trim() || null;
}
