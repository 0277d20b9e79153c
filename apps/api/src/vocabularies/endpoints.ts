import {
  MAX_VOCABULARIES,
  toListedVocabulary,
  toWireVocabulary,
  vocabularyFormSchema,
  wireVocabularyListSchema,
  wireVocabularySchema,
} from '@sotto/contracts';
import type { Vocabularies } from '@sotto/queue';
import type { Endpoint } from '../http/endpoint.ts';
import { namedListEndpoints } from '../named-lists/endpoints.ts';

/** Named lists of terms. */
export const vocabularyEndpoints = ({ vocabularies }: { vocabularies: Vocabularies }): Endpoint[] =>
  namedListEndpoints({
    lists: vocabularies,
    tag: 'vocabularies',
    noun: 'vocabulary',
    body: vocabularyFormSchema,
    entriesOf: ({ keyterms }) => keyterms,
    one: { schema: wireVocabularySchema, of: toWireVocabulary },
    all: { schema: wireVocabularyListSchema, of: toListedVocabulary },
    most: MAX_VOCABULARIES,
    audit: { put: 'vocabulary.put', delete: 'vocabulary.delete' },
    errors: { notFound: 'vocabulary_not_found', full: 'vocabularies_full' },
  });
