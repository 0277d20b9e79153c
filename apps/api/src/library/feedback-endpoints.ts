import { feedbackFormSchema, wireFeedbackListSchema, wireFeedbackSchema } from '@sotto/contracts';
import type { Feedback } from '@sotto/library';
import { z } from 'zod';
import { accountOf } from '../http/account.ts';
import type { Answer } from '../http/description.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { BODY_ERRORS } from '../http/json-body.ts';
import { localsOf } from '../http/locals.ts';
import { findItem, itemParams } from './find-item.ts';
import { ITEM_ERRORS, LIBRARY_ERRORS, type LibraryDeps } from './library-deps.ts';
import { secondsOf } from './wire-item.ts';

const ONE = '/library/{id}/feedback';
const MAX_LISTED = 1000;

const givenAnswer: Answer = { description: 'The feedback.', content: { 'application/json': wireFeedbackSchema } };

/** What readers think of a transcript, for those who run the service. */
export function feedbackEndpoints(deps: LibraryDeps): Endpoint[] {
  return [putEndpoint(deps), findEndpoint(deps), withdrawEndpoint(deps), adminEndpoint(deps)];
}

function putEndpoint({ library }: LibraryDeps): Endpoint {
  return endpoint({
    method: 'put',
    path: ONE,
    summary: 'Say what you think of a transcript',
    description:
      'In place of what you said before. The operators of the service see it, and how it was made, but not the transcript.',
    tag: 'library',
    access: 'transcribe',
    audit: 'feedback.give',
    params: itemParams,
    body: feedbackFormSchema,
    answers: { 200: givenAnswer },
    errors: [...ITEM_ERRORS, ...BODY_ERRORS],
    handle: async ({ params: { id }, body, principal, response }) => {
      localsOf(response).metadata.auditTarget = id;
      await findItem(id, principal, 'read', library);
      const given = { itemId: id, account: accountOf(principal), ...body };
      const feedback = await library.use((open) => open.feedback.give(given));
      response.set('Cache-Control', 'private, no-store').json(toWire(feedback));
    },
  });
}

function findEndpoint({ library }: LibraryDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: ONE,
    isRead: true,
    summary: 'What you said of a transcript',
    tag: 'library',
    access: 'read',
    params: itemParams,
    answers: { 200: givenAnswer, 204: { description: 'Nothing.', content: {} } },
    errors: ITEM_ERRORS,
    handle: async ({ params: { id }, principal, response }) => {
      await findItem(id, principal, 'read', library);
      const feedback = await library.use((open) => open.feedback.of(id, accountOf(principal)));
      response.set('Cache-Control', 'private, no-store');
      if (feedback === null) response.status(204).end();
      else response.json(toWire(feedback));
    },
  });
}

function withdrawEndpoint({ library }: LibraryDeps): Endpoint {
  return endpoint({
    method: 'delete',
    path: ONE,
    summary: 'Take back what you said of a transcript',
    tag: 'library',
    access: 'transcribe',
    audit: 'feedback.withdraw',
    params: itemParams,
    answers: { 204: { description: 'There is none now.', content: {} } },
    errors: ITEM_ERRORS,
    handle: async ({ params: { id }, principal, response }) => {
      localsOf(response).metadata.auditTarget = id;
      await findItem(id, principal, 'read', library);
      await library.use((open) => open.feedback.withdraw(id, accountOf(principal)));
      response.status(204).end();
    },
  });
}

function adminEndpoint({ library }: LibraryDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/admin/feedback',
    summary: 'Feedback of all accounts, newest first',
    tag: 'admin',
    access: 'admin',
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(MAX_LISTED).default(100) }),
    answers: { 200: { description: 'The feedback.', content: { 'application/json': wireFeedbackListSchema } } },
    errors: [...LIBRARY_ERRORS, 'invalid_parameter'],
    handle: async ({ query: { limit }, response }) => {
      const newest = await library.use((open) => open.feedback.newest(limit));
      response.set('Cache-Control', 'private, no-store').json({
        feedback: newest.map(({ itemId, account, model, language, durationMs, ...given }) => ({
          ...toWire(given),
          item: itemId,
          account,
          model,
          language,
          duration: secondsOf(durationMs),
        })),
      });
    },
  });
}

function toWire({ rating, note, givenAt }: Pick<Feedback, 'rating' | 'note' | 'givenAt'>) {
  return { rating, note, given_at: givenAt.toISOString() };
}
