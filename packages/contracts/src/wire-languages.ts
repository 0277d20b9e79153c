import * as z from 'zod';

/** A language that recordings can be in. */
export const wireUnderstoodLanguageSchema = z.object({
  code: z.string(),
  name: z.string(),
  /** Installed models that know it, those that are loaded first; none: a model has to be installed. Absent: an older service answers. */
  models: z.array(z.string()).optional(),
});

/** A language that texts can be spoken in, by the voices of the workers that are there. */
export const wireSpokenLanguageSchema = z.object({
  /** Lower-case BCP 47, as voices have it: `en-gb`, `cmn`. */
  code: z.string(),
  /** In English; the code, where it has no other name. */
  name: z.string(),
  /** Of the best voice. */
  quality: z.enum(['high', 'medium', 'low']),
  engines: z.array(z.string()),
  /** Ids, those to be preferred first. */
  voices: z.array(z.string()),
});
export type WireSpokenLanguage = z.infer<typeof wireSpokenLanguageSchema>;

/** `GET /languages`. */
export const wireLanguageListSchema = z
  .object({
    /** What can be understood. */
    languages: z.array(wireUnderstoodLanguageSchema),
    /** What can be spoken, by code; absent: an older service answers. */
    spoken: z.array(wireSpokenLanguageSchema).optional(),
  })
  .meta({ id: 'LanguageList' });
export type WireLanguageList = z.infer<typeof wireLanguageListSchema>;
