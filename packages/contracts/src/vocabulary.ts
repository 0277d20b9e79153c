import { z } from 'zod';
import { type Keyterm, MAX_KEYTERMS, toWireKeyterm, wireKeytermSchema, wireKeytermsSchema } from './keyterms.ts';
import { type NamedList, namedListFields, toNamedListFields } from './named-list.ts';

/** Named lists that one API key may have. */
export const MAX_VOCABULARIES = 100;

export const vocabularyFormSchema = z.strictObject({
  keyterms: wireKeytermsSchema
    .refine((terms) => terms.length > 0, 'must have a term')
    .meta({ description: `At most ${MAX_KEYTERMS} texts, or objects with \`text\`, \`weight\` and \`sounds_like\`.` }),
});

const listed = { ...namedListFields, terms: z.int().meta({ description: 'How many there are.' }) };

export const wireVocabularySchema = z
  .object({ ...listed, keyterms: z.array(wireKeytermSchema) })
  .meta({ id: 'Vocabulary' });
export type WireVocabulary = z.infer<typeof wireVocabularySchema>;

export const wireVocabularyListSchema = z
  .object({ vocabularies: z.array(z.object(listed)) })
  .meta({ id: 'VocabularyList' });
export type WireVocabularyList = z.infer<typeof wireVocabularyListSchema>;

export function toWireVocabulary(vocabulary: NamedList<Keyterm>): WireVocabulary {
  return { ...toListedVocabulary(vocabulary), keyterms: vocabulary.entries.map(toWireKeyterm) };
}

export function toListedVocabulary(vocabulary: NamedList<Keyterm>) {
  return { ...toNamedListFields(vocabulary), terms: vocabulary.entries.length };
}
