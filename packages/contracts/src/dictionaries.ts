import { z } from 'zod';
import { listName, type NamedList, toNamedListFields } from './named-list.ts';
import { MAX_PRONUNCIATIONS, pronunciationsSchema } from './pronunciations.ts';
import type { Pronunciation, WireDictionary } from './wire-dictionaries.ts';

/** Dictionaries that one API key may have. */
export const MAX_DICTIONARIES = 100;

/** The JSON body of `PUT /dictionaries/{name}`. */
export const dictionaryFormSchema = z.strictObject({
  entries: pronunciationsSchema
    .refine((entries) => entries.length > 0, 'must have an entry')
    .meta({
      description: `At most ${MAX_PRONUNCIATIONS} objects with \`word\`, \`say\` or \`ipa\`, and \`language\`.`,
    }),
});
export type DictionaryRequest = z.input<typeof dictionaryFormSchema>;

/** How a request that has something spoken names them. */
export const pronunciationFields = {
  dictionary: listName
    .optional()
    .meta({ description: 'Name of a dictionary (PUT /dictionaries): how words are said.' }),
  pronunciations: pronunciationsSchema.optional().meta({
    description: 'Entries as in a dictionary; they count instead of those of `dictionary` for the same word.',
  }),
};

export function toWireDictionary(dictionary: NamedList<Pronunciation>): WireDictionary {
  return { ...toListedDictionary(dictionary), entries: [...dictionary.entries] };
}

export function toListedDictionary(dictionary: NamedList<Pronunciation>) {
  return { ...toNamedListFields(dictionary), words: dictionary.entries.length };
}
