import {
  type ErrorCode,
  editRequestSchema,
  flagField,
  wireEditedTranscriptSchema,
  wireEditsMadeSchema,
  wireJournalSchema,
} from '@sotto/contracts';
import type { Item } from '@sotto/library';
import type { Response } from 'express';
import { z } from 'zod';
import { accountOf } from '../http/account.ts';
import type { Answer } from '../http/description.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { BODY_ERRORS } from '../http/json-body.ts';
import { editedRenderer } from './edited-renderer.ts';
import { findItem, itemParams } from './find-item.ts';
import { editOf, toWireEntry } from './journals.ts';
import { ITEM_ERRORS, type LibraryDeps } from './library-deps.ts';
import { storedTranscript } from './stored-transcript.ts';

const EDITS = '/library/{id}/edits';
const MAX_LISTED = 1_000;
export const TRANSCRIPT_ERRORS: ErrorCode[] = ['item_not_finished', 'no_transcript', 'service_full'];

export const originalQuery = z.strictObject({
  original: flagField('false', 'true: as it was heard, without edits.'),
});

export const transcriptQuery = originalQuery.extend({
  from: z.coerce.number().min(0).optional().meta({ description: 'Seconds: only segments that end after it.' }),
  limit: z.coerce.number().int().min(1).optional().meta({ description: 'At most so many segments.' }),
});

export const editedAnswers = {
  200: { description: 'The transcript.', content: { 'application/json': wireEditedTranscriptSchema } } satisfies Answer,
};

/** The edits of a transcript, and what they make of it. */
export function editEndpoints(deps: LibraryDeps): Endpoint[] {
  return [transcriptEndpoint(deps), makeEndpoint(deps), listEndpoint(deps)];
}

function transcriptEndpoint(deps: LibraryDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/library/{id}/transcript',
    isRead: true,
    summary: 'The transcript of an item, as an editor needs it',
    description:
      'Segments have ids that stay, words the blank before them, and what is deleted or was left out is there as well. Other formats: `/library/{id}/result`.',
    tag: 'library',
    access: 'read',
    params: itemParams,
    query: transcriptQuery,
    answers: editedAnswers,
    errors: [...ITEM_ERRORS, ...TRANSCRIPT_ERRORS, 'invalid_parameter'],
    handle: async ({ params, query, principal, response }) => {
      const { item } = await findItem(params.id, principal, 'read', deps.library);
      await sendEdited(item, query, response, deps);
    },
  });
}

function makeEndpoint({ library, journals, searchFollower }: LibraryDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: EDITS,
    summary: 'Edit the transcript of an item',
    description:
      'All edits are made, or none. Made on an older revision, they are merged if nobody else has touched what they touch; else nothing is made, and `edit_conflict` has both versions of each segment in `conflicts`. An edit whose `id` is known is not made again, so that a request may be repeated.',
    tag: 'library',
    access: 'transcribe',
    params: itemParams,
    body: editRequestSchema,
    answers: { 200: { description: 'The edits are stored.', content: { 'application/json': wireEditsMadeSchema } } },
    errors: [...ITEM_ERRORS, ...TRANSCRIPT_ERRORS, 'invalid_edit', 'edit_conflict', 'journal_full', ...BODY_ERRORS],
    handle: async ({ params: { id }, body, principal, response }) => {
      const { item } = await findItem(id, principal, 'edit', library);
      const { answer, isChanged } = await journals.edit(item, body, accountOf(principal));
      if (isChanged) searchFollower.follow(id);
      response.set('Cache-Control', 'private, no-store').json(answer);
    },
  });
}

function listEndpoint({ library }: LibraryDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: EDITS,
    isRead: true,
    summary: 'The edits of a transcript, oldest first',
    description: 'Also those that were taken back. There are more while the last one is not of `revision`.',
    tag: 'library',
    access: 'read',
    params: itemParams,
    query: z.strictObject({
      after: z.coerce.number().int().min(0).default(0).meta({ description: 'A revision: only newer ones.' }),
      limit: z.coerce.number().int().min(1).max(MAX_LISTED).default(MAX_LISTED),
    }),
    answers: { 200: { description: 'The edits.', content: { 'application/json': wireJournalSchema } } },
    errors: [...ITEM_ERRORS, 'invalid_parameter'],
    handle: async ({ params: { id }, query: { after, limit }, principal, response }) => {
      const { item } = await findItem(id, principal, 'read', library);
      const listed = await library.use(({ edits }) => edits.list(id, after, limit));
      const revision = Math.max(item.revision, listed.at(-1)?.revision ?? 0);
      response.set('Cache-Control', 'private, no-store').json({ revision, edits: listed.map(toWireEntry) });
    },
  });
}

/** @throws SottoError as storedTranscript does; `service_full` */
export async function sendEdited(
  item: Item,
  { original = false, from, limit }: z.output<typeof transcriptQuery>,
  response: Response,
  { library, results }: Pick<LibraryDeps, 'library' | 'results'>,
): Promise<void> {
  const stored = await storedTranscript(item, library);
  const edits = original ? [] : (await library.use((open) => open.edits.list(item.id))).map(editOf);
  const transcript = { stored, speakers: null, names: [] };
  const range = { fromMs: from === undefined ? from : from * 1000, limit };
  const { body } = await results.stored(transcript, editedRenderer, { edits, range }, response);
  response.set('Cache-Control', 'private, no-store').type('application/json').send(body);
}
