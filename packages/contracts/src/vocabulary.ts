import { z } from 'zod';
import { type Keyterm, MAX_KEYTERMS, toWireKeyterm, wireKeytermSchema, wireKeytermsSchema } from './keyterms.ts';

/** Named lists that one API key may have. */
export const MAX_VOCABULARIES = 100;

export const vocabularyName = z
  .string()
  .trim()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/i, 'must have 1 to 64 letters, digits, dots, dashes and underscores');

export const vocabularyFormSchema = z.strictObject({
  keyterms: wireKeytermsSchema
    .refine((terms) => terms.length > 0, 'must have a term')
    .meta({ description: `At most ${MAX_KEYTERMS} texts, or objects with \`text\`, \`weight\` and \`sounds_like\`.` }),
});

const listed = {
  name: z.string(),
  version: z.int().meta({ description: 'One more each time that the list is replaced.' }),
  updated_at: z.iso.datetime(),
  terms: z.int().meta({ description: 'How many there are.' }),
};

export const wireVocabularySchema = z
  .object({ ...listed, keyterms: z.array(wireKeytermSchema) })
  .meta({ id: 'Vocabulary' });
export type WireVocabulary = z.infer<typeof wireVocabularySchema>;

export const wireVocabularyListSchema = z
  .object({ vocabularies: z.array(z.object(listed)) })
  .meta({ id: 'VocabularyList' });
export type WireVocabularyList = z.infer<typeof wireVocabularyListSchema>;

interface Vocabulary {
  name: string;
  version: number;
  updatedAtMs: number;
  keyterms: readonly Keyterm[];
}

export function toWireVocabulary(vocabulary: Vocabulary): WireVocabulary {
  return { ...toListedVocabulary(vocabulary), keyterms: vocabulary.keyterms.map(toWireKeyterm) };
}

export function toListedVocabulary({ name, version, updatedAtMs, keyterms }: Vocabulary) {
  return { name, version, updated_at: new Date(updatedAtMs).toISOString(), terms: keyterms.length };
}
