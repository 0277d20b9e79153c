import { dubVideoSchema, spokenWithSchema, textPieceSchema, warningSchema } from '@sotto/contracts';
import { z } from 'zod';

/** Checkpoint of reading a text: what is spoken, piece by piece, and by whom. Stored once per run, first writer wins. */
export const speechPlanSchema = z.object({
  /** Of its decoded audio, which here are the pieces: all builds look for this name, and keep what belongs to it. */
  audioKey: z.string(),
  engine: spokenWithSchema,
  sampleRateHz: z.int().min(1),
  /** The engine's names of the usual voice and language. */
  voice: z.string(),
  language: z.string(),
  /** What is charged. */
  characters: z.int().min(1),
  pieces: z.array(textPieceSchema).min(1),
  /** So long is what is spoken, at least; absent: as long as its pieces. */
  leastMs: z.int().min(0).optional(),
  /** What it is put into, besides. Absent: nothing. */
  video: dubVideoSchema.optional(),
  /** `piece`: with which it begins. */
  chapters: z.array(z.object({ title: z.string(), piece: z.int().min(0) })),
  warnings: z.array(warningSchema),
});
export type SpeechPlan = z.infer<typeof speechPlanSchema>;
