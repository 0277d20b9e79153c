import { z } from 'zod';
import { speakerTurnSchema } from './transcript.ts';

/** The result of the extra: who speaks when, by time. */
export const speakerTurnsSchema = z.object({
  turns: z.array(speakerTurnSchema),
  /** Of all speakers in order, where a voice was known; absent: none was. */
  names: z.array(z.string().nullable()).optional(),
});
export type SpeakerTurns = z.infer<typeof speakerTurnsSchema>;
