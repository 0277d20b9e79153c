import {
  givenTime,
  itemChangesSchema,
  LIBRARY_SORTS,
  STATUSES,
  type WireItemList,
  wireItemListSchema,
  wireItemSchema,
} from '@sotto/contracts';
import { placeOf } from '@sotto/library';
import { z } from 'zod';
import { accountOf } from '../http/account.ts';
import type { Answer } from '../http/description.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { invalidParameter } from '../http/invalid-parameter.ts';
import { BODY_ERRORS } from '../http/json-body.ts';
import { localsOf } from '../http/locals.ts';
import { uuid } from '../http/path-params.ts';
import { deleteItem } from './delete-item.ts';
import { ownFolder, seenFolder } from './find-folder.ts';
import { findItem, itemParams } from './find-item.ts';
import { ITEM_ERRORS, LIBRARY_ERRORS, type LibraryDeps } from './library-deps.ts';
import { toWireItem } from './wire-item.ts';

const MAX_PAGE = 100;
/** One that PostgreSQL can keep. */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\u0000'), 'must not contain U+0000');

const listQuery = z.strictObject({
  q: text(300).optional().meta({
    description:
      'Words in the transcript or the title, "a phrase", `or`, `-without`; forms of a word count as the word.',
  }),
  tag: z
    .union([text(60), z.array(text(60)).max(20)])
    .optional()
    .meta({ description: 'Repeat it for items that have all of them.' }),
  folder: uuid.optional().meta({ description: 'All items in a folder of yours, or one that is shared with you.' }),
  language: text(20).optional(),
  status: z.enum(STATUSES).optional(),
  speaker: text(200).optional().meta({ description: 'The name of somebody who speaks.' }),
  from: givenTime.optional().meta({ description: 'Added then or later.' }),
  to: givenTime.optional().meta({ description: 'Added then or earlier.' }),
  sort: z.enum(LIBRARY_SORTS).default('created'),
  order: z.enum(['asc', 'desc']).default('desc'),
  cursor: text(2000).optional().meta({ description: '`next_cursor` of the previous page, with the same `sort`.' }),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(20),
});

const itemAnswer: Answer = { description: 'The item.', content: { 'application/json': wireItemSchema } };

export function itemEndpoints(deps: LibraryDeps): Endpoint[] {
  return [listEndpoint(deps), findEndpoint(deps), changeEndpoint(deps), deleteEndpoint(deps)];
}

function listEndpoint({ library }: LibraryDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/library',
    isRead: true,
    summary: 'List and search what is kept',
    description: 'Newest first, without their transcripts. With `q`, `hits` tell where the words are said.',
    tag: 'library',
    access: 'read',
    query: listQuery,
    answers: { 200: { description: 'A page of items.', content: { 'application/json': wireItemListSchema } } },
    errors: [...LIBRARY_ERRORS, 'invalid_parameter', 'folder_not_found'],
    handle: async ({ query, principal, request, response }) => {
      const { q, tag, folder, from, to, cursor, language, status, speaker, sort, order, limit } = query;
      const after = cursor === undefined ? undefined : placeOf(sort, cursor);
      if (after === null) throw invalidParameter('cursor', 'is not of a list with this sort');
      const page = await library.use(async (open) => {
        const seen = folder === undefined ? null : await seenFolder(folder, principal, open);
        const found = await open.list({
          account: accountOf(principal),
          ...(folder !== undefined && { folderId: folder }),
          ...(q !== undefined && q.trim() !== '' && { query: q }),
          ...(tag !== undefined && { tags: [tag].flat() }),
          ...(language !== undefined && { language }),
          ...(status !== undefined && { status }),
          ...(speaker !== undefined && { speaker }),
          ...(from !== undefined && { from: new Date(from) }),
          ...(to !== undefined && { to: new Date(to) }),
          ...(after !== undefined && { after }),
          sort,
          order,
          limit,
        });
        return { ...found, rights: seen?.rights ?? ('owner' as const) };
      });
      response.set('Cache-Control', 'private, no-store').json({
        items: page.items.map(({ item, hits }) => ({
          ...toWireItem(item, page.rights, request.baseUrl),
          hits: hits.map(({ startMs, ...hit }) => ({ start: startMs / 1000, ...hit })),
        })),
        next_cursor: page.cursor,
      } satisfies WireItemList);
    },
  });
}

function findEndpoint({ library }: LibraryDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/library/{id}',
    isRead: true,
    summary: 'Get an item of the library',
    tag: 'library',
    access: 'read',
    params: itemParams,
    answers: { 200: itemAnswer },
    errors: ITEM_ERRORS,
    handle: async ({ params, principal, request, response }) => {
      const { item, rights } = await findItem(params.id, principal, 'read', library);
      response.set('Cache-Control', 'private, no-store').json(toWireItem(item, rights, request.baseUrl));
    },
  });
}

function changeEndpoint({ library }: LibraryDeps): Endpoint {
  return endpoint({
    method: 'patch',
    path: '/library/{id}',
    summary: 'Change the title, tags, folder or retention of an item',
    description:
      'What is left out stays. Whoever may edit an item may change its title and tags; the rest is for its owner.',
    tag: 'library',
    access: 'transcribe',
    audit: 'item.change',
    params: itemParams,
    body: itemChangesSchema,
    answers: { 200: itemAnswer },
    errors: [...ITEM_ERRORS, 'folder_not_found', ...BODY_ERRORS],
    handle: async ({ params: { id }, body, principal, request, response }) => {
      localsOf(response).metadata.auditTarget = id;
      const { title, tags, folder, keep_until: keepUntil } = body;
      const isForOwner = folder !== undefined || keepUntil !== undefined;
      await findItem(id, principal, isForOwner ? 'owner' : 'edit', library);
      await library.use(async (open) => {
        if (folder !== undefined && folder !== null) await ownFolder(folder, principal, open);
        await open.items.change(id, {
          ...(title !== undefined && { title }),
          ...(tags !== undefined && { tags: [...new Set(tags)] }),
          ...(folder !== undefined && { folderId: folder }),
          ...(keepUntil !== undefined && { keepUntil: keepUntil === null ? null : new Date(keepUntil) }),
        });
      });
      const { item, rights } = await findItem(id, principal, 'read', library);
      response.set('Cache-Control', 'private, no-store').json(toWireItem(item, rights, request.baseUrl));
    },
  });
}

function deleteEndpoint(deps: LibraryDeps): Endpoint {
  return endpoint({
    method: 'delete',
    path: '/library/{id}',
    summary: 'Delete an item',
    description:
      'With its transcript, recording, edits, links and feedback, and with its job: a running one is cancelled. Nothing of it can be brought back, but from a backup.',
    tag: 'library',
    access: 'transcribe',
    audit: 'item.delete',
    params: itemParams,
    answers: { 204: { description: 'Deleted.', content: {} } },
    errors: [...ITEM_ERRORS, 'queue_unavailable', 'storage_unavailable'],
    handle: async ({ params: { id }, principal, response }) => {
      localsOf(response).metadata.auditTarget = id;
      await findItem(id, principal, 'owner', deps.library);
      await deleteItem(id, deps);
      response.status(204).end();
    },
  });
}
