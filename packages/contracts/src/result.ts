import { z } from 'zod';
import { warningSchema } from './transcript.ts';

/**
 * Where the result of a run is. `inline`: in Redis, beside the run, as JSON text, or compressed by columns if it is long.
 * `blob`: in storage, if it is large or binary; deleted with the run.
 */
export const resultReferenceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('inline'),
    encoding: z.enum(['json', 'columns']),
    /** Of the JSON text. */
    bytes: z.int().min(0),
  }),
  z.object({
    kind: z.literal('blob'),
    blobKey: z.string(),
    bytes: z.int().min(0),
    mediaType: z.string(),
  }),
]);
export type ResultReference = z.infer<typeof resultReferenceSchema>;

/** The result of a run of kind `language`. */
export const languageResultSchema = z.object({
  /** null when there was no speech. */
  language: z.string().nullable(),
  /** null: the model knows only one language. */
  languageProbability: z.number().nullable(),
  /** Of the part that was decoded. */
  durationMs: z.int().min(0),
  model: z.string(),
  processingMs: z.int().min(0),
  warnings: z.array(warningSchema),
});
export type LanguageResult = z.infer<typeof languageResultSchema>;
