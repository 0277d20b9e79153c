import { SottoError } from '@sotto/contracts';
import type { RateLimiter } from '@sotto/queue';
import { type Request, type RequestHandler, Router } from 'express';
import type { ApiSettings } from '../settings/settings.ts';
import { type AccessDeps, requireAccess } from './access.ts';
import type { Admission } from './admission.ts';
import { presentedKey } from './credentials.ts';
import type { Endpoint } from './endpoint.ts';
import { localsOf } from './locals.ts';
import type { OpenStreams } from './open-streams.ts';
import { callerOf, takeFromLimit } from './rate-limit.ts';
import type { ReadBudget } from './read-budget.ts';
import type { Space } from './space.ts';

export interface RegisterDeps extends AccessDeps {
  settings: ApiSettings;
  rateLimiter: RateLimiter;
  admission: Admission;
  space: Space;
  readBudget: ReadBudget;
  openStreams: OpenStreams;
}

/** A router with every endpoint. Steps: identify the caller, check access, check capacity, then serve. */
export function routerOf(endpoints: readonly Endpoint[], deps: RegisterDeps): Router {
  const router = Router({ caseSensitive: true });
  for (const path of fixedFirst(new Set(endpoints.map((endpoint) => endpoint.path)))) {
    for (const endpoint of endpoints.filter((one) => one.path === path)) {
      router[endpoint.method](expressPath(path), ...stepsOf(endpoint, deps));
    }
    router.all(expressPath(path), refuseMethod(methodsAt(path, endpoints)));
  }
  return router;
}

/** `/library/folders` is no item of `/library/{id}`, whatever the method. */
function fixedFirst(paths: ReadonlySet<string>): string[] {
  const isFixed = (path: string) => !path.includes('{');
  return [...paths].sort((a, b) => Number(isFixed(b)) - Number(isFixed(a)));
}

function stepsOf(endpoint: Endpoint, deps: RegisterDeps): RequestHandler[] {
  const [shape = null, ...others] = endpoint.errorShapes ?? [];
  const name: RequestHandler = (request, response, next) => {
    const locals = localsOf(response);
    locals.endpoint = endpoint;
    if (others.length === 0) locals.errorShape ??= shape;
    // Responses have no validators, and `If-None-Match: *` would make Express answer 304 to anything.
    if (endpoint.isAsset !== true) {
      delete request.headers['if-none-match'];
      delete request.headers['if-modified-since'];
    }
    next();
  };
  const serve: RequestHandler = (request, response) => endpoint.serve(request, response);
  const steps = [name, ...(endpoint.keyInQuery ? [takeKeyFromQuery] : []), requireAccess(endpoint.access, deps)];
  if (endpoint.isRead) return [...steps, takeRead(deps), serve];
  if (endpoint.isStream) {
    return [...steps, ...(endpoint.createsWork ? [admit(deps)] : []), openStream(deps), serve];
  }
  if (endpoint.createsWork) return [...steps, admit(deps), reserveSpace(deps), serve];
  return endpoint.streamedBody === undefined ? [...steps, serve] : [...steps, reserveSpace(deps), serve];
}

/** null: the client did not say. */
function declaredBytesOf({ headers }: Request): number | null {
  const text = headers['content-length'];
  if (text === undefined) return 'transfer-encoding' in headers ? null : 0;
  return Number(text) || 0;
}

function takeRead({ settings, readBudget }: RegisterDeps): RequestHandler {
  return (request, response, next) => {
    const { readsPerMinute } = settings;
    if (readsPerMinute !== null) readBudget.take(callerOf(request, response), readsPerMinute);
    next();
  };
}

function openStream({ openStreams }: RegisterDeps): RequestHandler {
  return (request, response, next) => {
    const close = openStreams.open(callerOf(request, response));
    response.once('close', close);
    next();
  };
}

/** For as long as the request lasts. */
function reserveSpace({ space }: RegisterDeps): RequestHandler {
  return async (request, response, next) => {
    const release = await space.reserve(request.socket, declaredBytesOf(request));
    if (response.closed) release();
    else response.once('close', release);
    next();
  };
}

const takeKeyFromQuery: RequestHandler = (request, _response, next) => {
  const { api_key: key } = request.query;
  if (typeof key === 'string' && presentedKey(request.headers) === null) request.headers['x-api-key'] = key;
  next();
};

function admit({ settings, rateLimiter, admission }: RegisterDeps): RequestHandler {
  return async (request, response, next) => {
    const own = localsOf(response).principal.key?.limits.requestsPerMinute;
    const rateLimitPerMinute = own ?? settings.rateLimitPerMinute;
    await Promise.all([
      admission.check(),
      rateLimitPerMinute === null ? null : takeFromLimit(rateLimiter, rateLimitPerMinute, request, response),
    ]);
    next();
  };
}

/** `/jobs/{id}` -> `/jobs/:id` */
function expressPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

function methodsAt(path: string, endpoints: readonly Endpoint[]): string[] {
  const methods = endpoints.filter((endpoint) => endpoint.path === path).map(({ method }) => method.toUpperCase());
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
}

function refuseMethod(allowed: string[]): RequestHandler {
  return (request, response, next) => {
    response.set('Allow', allowed.join(', '));
    if (request.method === 'OPTIONS') {
      response.status(204).end();
      return;
    }
    next(new SottoError('method_not_allowed', `Allowed methods: ${allowed.join(', ')}.`));
  };
}
