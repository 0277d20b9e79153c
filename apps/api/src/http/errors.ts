import { asSottoError, ERROR_CATALOG, type ErrorBody, errorBodySchema, SottoError } from '@sotto/contracts';
import { isRedisFault, queueUnavailable } from '@sotto/queue';
import type { Logger } from '@sotto/runtime';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { ClientGone } from './client-gone.ts';
import { answerEarly, hasUnreadBody } from './early-answer.ts';
import type { ErrorShape } from './error-shape.ts';
import { localsOf, namesOf } from './locals.ts';

export function errorBody(error: SottoError, requestId: string, now = new Date()): ErrorBody {
  return {
    error: error.code,
    message: ERROR_CATALOG[error.code].message,
    detail: error.detail,
    timestamp: now.toISOString(),
    request_id: requestId,
    ...error.fields,
  };
}

/** The usual shape (owner's specification, 8.2). */
export const ownErrors: ErrorShape = {
  schema: errorBodySchema,
  statusOf: (code) => ERROR_CATALOG[code].status,
  answer: (error, { requestId }) => ({ status: error.status, body: errorBody(error, requestId), headers: {} }),
};

/** Express and its parsers mark a client's mistakes with a 4xx status; everything else unknown is ours. */
function toSottoError(error: unknown): SottoError {
  if (error instanceof SottoError) return error;
  if (error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500) {
    return new SottoError('invalid_request', 'The URL or the headers are malformed.', { cause: error });
  }
  return serviceError(error);
}

/** Whatever was thrown behind the door: Redis that is away, one of our errors, or a fault of ours. */
export function serviceError(thrown: unknown): SottoError {
  return isRedisFault(thrown) ? queueUnavailable(thrown) : asSottoError(thrown);
}

/** The one place where an error becomes an answer. */
export function handleErrors(logger: Logger): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    if (thrown instanceof ClientGone || request.socket.destroyed) {
      localsOf(response).metadata.client_gone = true;
      response.destroy();
      return;
    }
    const error = toSottoError(thrown);
    localsOf(response).metadata.code = error.code;
    if (error.status >= 500) logger.error('Request failed', { ...namesOf(response), code: error.code, error });
    else logger.debug('Request rejected', { ...namesOf(response), code: error.code, detail: error.detail });
    if (response.headersSent) {
      response.destroy();
      return;
    }
    sendError(request, response, error);
  };
}

export function sendError(request: Request, response: Response, error: SottoError): void {
  const { errorShape, requestId, principal } = localsOf(response);
  const answer = (errorShape ?? ownErrors).answer(error, { requestId, principal });
  const body = Buffer.from(JSON.stringify(answer.body));
  response
    .status(answer.status)
    .type('json')
    .set({ 'Cache-Control': 'no-store', ...answer.headers });
  if (error.retryAfterSeconds !== undefined) response.set('Retry-After', String(Math.ceil(error.retryAfterSeconds)));
  if (error.code === 'unauthorized') response.set('WWW-Authenticate', challengeOf(request));
  if (hasUnreadBody(request)) answerEarly(request, response, body);
  else response.end(body);
}

/** Basic makes a browser ask for a password: only where somebody opens an address, not where a page of ours calls. */
const challengeOf = (request: Request): string =>
  request.get('accept')?.includes('text/html') ? 'Bearer, Basic realm="Sotto"' : 'Bearer';

export const answerNotFound: RequestHandler = (request) => {
  throw new SottoError('not_found', `Nothing is served at ${request.path.slice(0, 200)}. See /docs.`);
};
