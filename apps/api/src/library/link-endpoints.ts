import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { linkFormSchema, wireLinkListSchema, wireNewLinkSchema, wireSharedItemSchema } from '@sotto/contracts';
import type { Item } from '@sotto/library';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { BODY_ERRORS } from '../http/json-body.ts';
import { localsOf } from '../http/locals.ts';
import { PathParams, uuid } from '../http/path-params.ts';
import { transcriptAnswers } from '../results/answers.ts';
import {
  AUDIO_ERRORS,
  audioAnswers,
  CONTENT_ERRORS,
  itemResultQuery,
  sendAudio,
  sendItemResult,
} from './content-endpoints.ts';
import { editedAnswers, sendEdited, TRANSCRIPT_ERRORS, transcriptQuery } from './edit-endpoints.ts';
import { findItem, itemParams } from './find-item.ts';
import { ITEM_ERRORS, LIBRARY_ERRORS, type LibraryDeps } from './library-deps.ts';
import { toWireLink, toWireSharedItem } from './wire-item.ts';

const TOKEN_BYTES = 24;
const DAY_MS = 86_400_000;

const linkParams = new PathParams(
  z.object({ id: itemParams.schema.shape.id, link: uuid.meta({ description: 'Of the link.' }) }),
  'link_not_found',
  'The item has no link with this id.',
);

export const sharedParams = new PathParams(
  z.object({
    token: z
      .string()
      .regex(/^[\w-]{32}$/)
      .meta({ description: 'Of a link.' }),
  }),
  'link_not_found',
  'The link is unknown, has expired or was revoked.',
);

/** Anybody who has the token may call these. */
const SHARED_ERRORS = [...LIBRARY_ERRORS, 'link_not_found'] as const;

/** Links that let somebody read one item without an account. */
export function linkEndpoints(deps: LibraryDeps): Endpoint[] {
  return [
    createEndpoint(deps),
    listEndpoint(deps),
    revokeEndpoint(deps),
    sharedEndpoint(deps),
    sharedResultEndpoint(deps),
    sharedTranscriptEndpoint(deps),
    sharedAudioEndpoint(deps),
  ];
}

function createEndpoint({ library }: LibraryDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: '/library/{id}/links',
    summary: 'Share an item by a link',
    description: 'Whoever has the link may read the item. The token is shown once: what is stored does not tell it.',
    tag: 'library',
    access: 'transcribe',
    audit: 'link.create',
    params: itemParams,
    body: linkFormSchema,
    answers: { 201: { description: 'The link.', content: { 'application/json': wireNewLinkSchema } } },
    errors: [...ITEM_ERRORS, ...BODY_ERRORS],
    handle: async ({ params: { id }, body: { days }, principal, request, response }) => {
      localsOf(response).metadata.auditTarget = id;
      await findItem(id, principal, 'owner', library);
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const expiresAt = days === null ? null : new Date(Date.now() + days * DAY_MS);
      const link = await library.use(({ links }) =>
        links.add({ id: randomUUID(), itemId: id, tokenHash: hashOf(token), expiresAt }),
      );
      response.status(201).set('Cache-Control', 'private, no-store');
      response.json({ ...toWireLink(link), token, url: `${request.baseUrl}/shared/${token}` });
    },
  });
}

function listEndpoint({ library }: LibraryDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/library/{id}/links',
    isRead: true,
    summary: 'List the links of an item, oldest first',
    tag: 'library',
    access: 'read',
    params: itemParams,
    answers: { 200: { description: 'The links.', content: { 'application/json': wireLinkListSchema } } },
    errors: ITEM_ERRORS,
    handle: async ({ params: { id }, principal, response }) => {
      await findItem(id, principal, 'owner', library);
      const links = await library.use((open) => open.links.list(id));
      response.set('Cache-Control', 'private, no-store').json({ links: links.map(toWireLink) });
    },
  });
}

function revokeEndpoint({ library }: LibraryDeps): Endpoint {
  return endpoint({
    method: 'delete',
    path: '/library/{id}/links/{link}',
    summary: 'Revoke a link',
    description: 'At once, and for good.',
    tag: 'library',
    access: 'transcribe',
    audit: 'link.revoke',
    params: linkParams,
    answers: { 204: { description: 'Revoked.', content: {} } },
    errors: [...ITEM_ERRORS, 'link_not_found'],
    handle: async ({ params: { id, link }, principal, response }) => {
      localsOf(response).metadata.auditTarget = id;
      await findItem(id, principal, 'owner', library);
      if (!(await library.use(({ links }) => links.revoke(id, link)))) throw linkParams.notFound();
      response.status(204).end();
    },
  });
}

function sharedEndpoint({ library }: LibraryDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/shared/{token}',
    summary: 'An item that is shared by a link',
    tag: 'library',
    access: 'open',
    params: sharedParams,
    answers: { 200: { description: 'The item.', content: { 'application/json': wireSharedItemSchema } } },
    errors: [...SHARED_ERRORS],
    handle: async ({ params: { token }, request, response }) => {
      const item = await sharedItem(token, library);
      response.set('Cache-Control', 'private, no-store');
      response.json(toWireSharedItem(item, `${request.baseUrl}/shared/${token}/audio`));
    },
  });
}

function sharedResultEndpoint(deps: LibraryDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/shared/{token}/result',
    summary: 'The transcript of a shared item, in any format',
    tag: 'library',
    access: 'open',
    params: sharedParams,
    query: itemResultQuery,
    answers: { 200: transcriptAnswers },
    errors: [...SHARED_ERRORS, 'item_not_found', ...CONTENT_ERRORS],
    handle: async ({ params: { token }, query, response }) => {
      await sendItemResult(await sharedItem(token, deps.library), query, response, deps);
    },
  });
}

function sharedTranscriptEndpoint(deps: LibraryDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/shared/{token}/transcript',
    summary: 'The transcript of a shared item, with the ids of its segments',
    tag: 'library',
    access: 'open',
    params: sharedParams,
    query: transcriptQuery,
    answers: editedAnswers,
    errors: [...SHARED_ERRORS, 'item_not_found', ...TRANSCRIPT_ERRORS, 'invalid_parameter'],
    handle: async ({ params: { token }, query, response }) => {
      await sendEdited(await sharedItem(token, deps.library), query, response, deps);
    },
  });
}

function sharedAudioEndpoint(deps: LibraryDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/shared/{token}/audio',
    summary: 'The recording of a shared item',
    tag: 'library',
    access: 'open',
    params: sharedParams,
    answers: audioAnswers,
    errors: [...SHARED_ERRORS, ...AUDIO_ERRORS],
    handle: async ({ params: { token }, request, response }) => {
      await sendAudio(await sharedItem(token, deps.library), request, response, deps);
    },
  });
}

/** @throws SottoError `link_not_found`, `library_off`, `library_unavailable` */
export async function sharedItem(token: string, library: LibraryDeps['library']): Promise<Item> {
  const item = await library.use(async ({ links, items }) => {
    const id = await links.itemOf(hashOf(token));
    return id === null ? null : items.find(id);
  });
  if (item === null) throw sharedParams.notFound();
  return item;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
