import {
  dictionaryFormSchema,
  MAX_DICTIONARIES,
  toListedDictionary,
  toWireDictionary,
  wireDictionaryListSchema,
  wireDictionarySchema,
} from '@sotto/contracts';
import type { Dictionaries } from '@sotto/queue';
import type { Endpoint } from '../http/endpoint.ts';
import { namedListEndpoints } from '../named-lists/endpoints.ts';

/** Named lists of how words are said. */
export const dictionaryEndpoints = ({ dictionaries }: { dictionaries: Dictionaries }): Endpoint[] =>
  namedListEndpoints({
    lists: dictionaries,
    tag: 'dictionaries',
    noun: 'dictionary',
    body: dictionaryFormSchema,
    entriesOf: ({ entries }) => entries,
    one: { schema: wireDictionarySchema, of: toWireDictionary },
    all: { schema: wireDictionaryListSchema, of: toListedDictionary },
    most: MAX_DICTIONARIES,
    audit: { put: 'dictionary.put', delete: 'dictionary.delete' },
    errors: { notFound: 'dictionary_not_found', full: 'dictionaries_full' },
  });
