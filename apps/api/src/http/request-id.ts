import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { localsOf } from './locals.ts';
import { ANONYMOUS } from './principal.ts';

/** Version of the response shapes; it changes only when clients could notice. */
export const API_VERSION = '1';

/** A caller's own id is kept if it is safe in a log and a header. */
const PLAIN_ID = /^[\w.:-]{1,128}$/;

/** Names the request, in the answer and in every log line about it. */
export const nameRequest: RequestHandler = (request, response, next) => {
  const given = request.get('x-request-id');
  const requestId = given !== undefined && PLAIN_ID.test(given) ? given : randomUUID();
  Object.assign(localsOf(response), {
    requestId,
    endpoint: null,
    principal: ANONYMOUS,
    session: null,
    errorShape: null,
    isTurnedAway: false,
    metadata: {},
  });
  response.set({ 'X-Request-Id': requestId, 'X-API-Version': API_VERSION });
  next();
};
