import { type ErrorCode, SottoError, wordingOf } from '@sotto/contracts';
import type { Item } from '@sotto/library';
import { FORMATS } from '@sotto/transcript';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { partAnswer, transcriptAnswers } from '../results/answers.ts';
import { captionsOf, type FormatOptions, formatRenderer } from '../results/formats.ts';
import { renderingChoiceOf, renderingQuery } from '../results/rendering-query.ts';
import { sendStored } from '../results/send-blob.ts';
import { AUDIO_TYPES } from './audio-type.ts';
import { originalQuery } from './edit-endpoints.ts';
import { findItem, itemParams } from './find-item.ts';
import { editOf } from './journals.ts';
import { ITEM_ERRORS, type LibraryDeps } from './library-deps.ts';
import { storedTranscript } from './stored-transcript.ts';

export const CONTENT_ERRORS: ErrorCode[] = ['item_not_finished', 'no_transcript', 'service_full', 'invalid_parameter'];
export const AUDIO_ERRORS: ErrorCode[] = ['audio_not_kept', 'range_not_satisfiable', 'storage_unavailable'];

const audioContent = Object.fromEntries([...AUDIO_TYPES].map((type) => [type, null]));

/** How the transcript of an item can be requested. */
export const itemResultQuery = renderingQuery.extend(originalQuery.shape);

export const audioAnswers = {
  200: { description: 'The recording, as it was sent.', content: audioContent },
  206: { ...partAnswer, content: audioContent },
};

/** What an item holds: its transcript in every format, and its recording. */
export function contentEndpoints(deps: LibraryDeps): Endpoint[] {
  return [resultEndpoint(deps), audioEndpoint(deps)];
}

function resultEndpoint(deps: LibraryDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/library/{id}/result',
    isRead: true,
    summary: 'The transcript of an item, in any format',
    tag: 'library',
    access: 'read',
    params: itemParams,
    query: itemResultQuery,
    answers: { 200: transcriptAnswers },
    errors: [...ITEM_ERRORS, ...CONTENT_ERRORS],
    handle: async ({ params, query, principal, response }) => {
      const { item } = await findItem(params.id, principal, 'read', deps.library);
      await sendItemResult(item, query, response, deps);
    },
  });
}

function audioEndpoint(deps: LibraryDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/library/{id}/audio',
    isRead: true,
    keyInQuery: true,
    summary: 'The recording of an item',
    description: 'In whole, or the part that a `Range` header asks for.',
    tag: 'library',
    access: 'read',
    params: itemParams,
    answers: audioAnswers,
    errors: [...ITEM_ERRORS, ...AUDIO_ERRORS],
    handle: async ({ params, principal, request, response }) => {
      const { item } = await findItem(params.id, principal, 'read', deps.library);
      await sendAudio(item, request, response, deps);
    },
  });
}

/** @throws SottoError `item_not_finished`, `no_transcript`, `library_unavailable`, `service_full` */
export async function sendItemResult(
  item: Item,
  query: z.output<typeof itemResultQuery>,
  response: Response,
  { library, results }: Pick<LibraryDeps, 'library' | 'results'>,
): Promise<void> {
  const options = formatOf(item, query);
  const names = renderingChoiceOf(query).speakerNames ?? [];
  const stored = await storedTranscript(item, library);
  const isEdited = item.revision > 0 && query.original !== true;
  const edits = isEdited ? (await library.use((open) => open.edits.list(item.id))).map(editOf) : [];
  const { body } = await results.stored({ stored, speakers: null, names, edits }, formatRenderer, options, response);
  const { contentType, extension } = FORMATS[options.format];
  response.set('Cache-Control', 'private, no-store');
  if (options.format === 'docx') response.attachment(`${item.title}.${extension}`);
  response.type(contentType).send(body);
}

function formatOf(item: Item, query: z.output<typeof renderingQuery>): FormatOptions {
  const choice = renderingChoiceOf(query);
  return {
    format: choice.responseFormat ?? 'json',
    granularity: choice.granularity ?? 'segment',
    captions: captionsOf(choice.captions),
    wording: wordingOf(choice.wording),
    title: item.title,
  };
}

/** @throws SottoError `audio_not_kept`, `range_not_satisfiable`, `storage_unavailable` */
export async function sendAudio(
  item: Item,
  request: Request,
  response: Response,
  { storage }: Pick<LibraryDeps, 'storage'>,
): Promise<void> {
  const gone = () => new SottoError('audio_not_kept', 'There is no recording of this item.');
  const { audioKey: key, audioBytes: bytes, audioType } = item;
  if (key === null || bytes === null) throw gone();
  // It is somebody's file, and must not become a page of this site.
  response.set({ 'Cache-Control': 'private, no-store', 'Content-Security-Policy': "sandbox; default-src 'none'" });
  const file = { key, bytes, mediaType: audioType ?? 'application/octet-stream', etag: `"${item.id}"` };
  await sendStored(request, response, file, { storage, gone });
}
