import {
  MAX_VOCABULARIES,
  SottoError,
  toListedVocabulary,
  toWireVocabulary,
  vocabularyFormSchema,
  vocabularyName,
  type WireVocabularyList,
  wireVocabularyListSchema,
  wireVocabularySchema,
} from '@sotto/contracts';
import type { Vocabularies } from '@sotto/queue';
import { z } from 'zod';
import type { Answer } from '../http/description.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { BODY_ERRORS } from '../http/json-body.ts';
import { localsOf } from '../http/locals.ts';
import { PathParams } from '../http/path-params.ts';

export interface VocabularyDeps {
  vocabularies: Vocabularies;
}

const ONE = '/vocabularies/{name}';
const params = new PathParams(
  z.object({ name: vocabularyName.meta({ description: 'Name of the list.' }) }),
  'vocabulary_not_found',
  'There is no list of this name.',
);
const oneAnswer: Answer = { description: 'The list.', content: { 'application/json': wireVocabularySchema } };

/** Named lists of terms, each key's own. */
export function vocabularyEndpoints(deps: VocabularyDeps): Endpoint[] {
  return [listEndpoint(deps), putEndpoint(deps), findEndpoint(deps), deleteEndpoint(deps)];
}

function listEndpoint({ vocabularies }: VocabularyDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/vocabularies',
    tag: 'vocabularies',
    access: 'transcribe',
    isRead: true,
    summary: 'List vocabularies, by name',
    answers: {
      200: { description: 'The lists of this key.', content: { 'application/json': wireVocabularyListSchema } },
    },
    errors: [],
    handle: async ({ principal, response }) => {
      const all = await vocabularies.list(principal.keyId);
      const body: WireVocabularyList = { vocabularies: all.map(toListedVocabulary) };
      response.set('Cache-Control', 'no-store').json(body);
    },
  });
}

function putEndpoint({ vocabularies }: VocabularyDeps): Endpoint {
  return endpoint({
    method: 'put',
    path: ONE,
    tag: 'vocabularies',
    access: 'transcribe',
    params,
    audit: 'vocabulary.put',
    summary: 'Create a vocabulary, or replace it by a new version',
    description: `A key has at most ${MAX_VOCABULARIES}. Jobs that were accepted before keep the terms that they have.`,
    body: vocabularyFormSchema,
    answers: { 200: oneAnswer, 201: { ...oneAnswer, description: 'The list; it is new.' } },
    errors: ['vocabulary_not_found', 'vocabularies_full', ...BODY_ERRORS],
    handle: async ({ params: { name }, principal, body: { keyterms }, response }) => {
      localsOf(response).metadata.auditTarget = name;
      const put = await vocabularies.put(principal.keyId, name, keyterms, MAX_VOCABULARIES);
      if (put.outcome === 'full') {
        throw new SottoError('vocabularies_full', `This key has ${MAX_VOCABULARIES} vocabularies; delete one first.`);
      }
      response.status(put.outcome === 'created' ? 201 : 200).set('Cache-Control', 'no-store');
      response.json(toWireVocabulary({ name, version: put.version, updatedAtMs: Date.now(), keyterms }));
    },
  });
}

function findEndpoint({ vocabularies }: VocabularyDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: ONE,
    tag: 'vocabularies',
    access: 'transcribe',
    isRead: true,
    params,
    summary: 'Get a vocabulary',
    answers: { 200: oneAnswer },
    errors: ['vocabulary_not_found'],
    handle: async ({ params: { name }, principal, response }) => {
      const found = await vocabularies.find(principal.keyId, name);
      if (found === null) throw params.notFound();
      response.set('Cache-Control', 'no-store').json(toWireVocabulary(found));
    },
  });
}

function deleteEndpoint({ vocabularies }: VocabularyDeps): Endpoint {
  return endpoint({
    method: 'delete',
    path: ONE,
    tag: 'vocabularies',
    access: 'transcribe',
    params,
    audit: 'vocabulary.delete',
    summary: 'Delete a vocabulary',
    answers: { 204: { description: 'Deleted.', content: {} } },
    errors: ['vocabulary_not_found'],
    handle: async ({ params: { name }, principal, response }) => {
      localsOf(response).metadata.auditTarget = name;
      if (!(await vocabularies.delete(principal.keyId, name))) throw params.notFound();
      response.status(204).end();
    },
  });
}
