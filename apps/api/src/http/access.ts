import { SottoError } from '@sotto/contracts';
import { type ClientSecrets, isClientSecret } from '@sotto/queue';
import type { Request, RequestHandler, Response } from 'express';
import type { ApiSettings } from '../settings/settings.ts';
import { deliberateKey, presentedKey } from './credentials.ts';
import type { Access } from './description.ts';
import { principalOf } from './key-principal.ts';
import { localsOf } from './locals.ts';
import type { LoginGuard } from './login-guard.ts';
import { checkOrigin, isFromOwnPage, isSafe } from './own-origin.ts';
import { ANONYMOUS, type Principal } from './principal.ts';
import { isCsrfToken, type OpenSession, sessionToken } from './session-cookie.ts';
import { holderOf, principalOfSession, type SessionPrincipalDeps } from './session-principal.ts';

export const CSRF_HEADER = 'X-CSRF-Token';

export interface AccessDeps extends SessionPrincipalDeps {
  settings: Pick<ApiSettings, 'apiKey' | 'adminApiKey' | 'keysEnabled' | 'corsOrigins' | 'publicUrl' | 'sessionLimits'>;
  loginGuard: LoginGuard;
  clientSecrets: Pick<ClientSecrets, 'find'>;
}

/**
 * How a change that comes with a session's cookie shows that it is from a page of ours: by the session's CSRF token, or, for a
 * page that is not ours to teach one, also by the browser's word for it.
 */
export type SessionProof = 'token' | 'token or origin';

/**
 * Lets a request through or rejects it, and determines on whose behalf it acts.
 *
 * @throws SottoError (in the handler) `unauthorized` without a key or session, `forbidden` with a wrong or too small one,
 *   `origin_not_allowed` and `csrf_token_wrong` for what another page may have caused, `rate_limit_exceeded` after too many
 *   wrong keys, `queue_unavailable` when nobody can tell whose key it is.
 */
export function requireAccess(access: Access, deps: AccessDeps, proof: SessionProof = 'token'): RequestHandler {
  return async (request, response, next) => {
    const locals = localsOf(response);
    try {
      // A key that no browser adds by itself says that whoever sends this means it.
      if (!isSafe(request) && deliberateKey(request.headers) === null) checkOrigin(request, deps.settings);
      locals.principal = await identify(request, response, access, { ...deps, proof });
      checkScope(locals.principal, access);
    } catch (error) {
      locals.isTurnedAway = error instanceof SottoError && error.status < 500;
      throw error;
    }
    next();
  };
}

interface CallerDeps extends AccessDeps {
  proof: SessionProof;
}

async function identify(request: Request, response: Response, access: Access, deps: CallerDeps): Promise<Principal> {
  if (access === 'open') return ANONYMOUS;
  if (access === 'admin') return identifyAdmin(request, response, deps);
  if (!deps.settings.keysEnabled) return ANONYMOUS;
  const known = await knownCaller(request, response, deps);
  if (known !== null) return known;
  throw new SottoError('unauthorized', 'Send your key as X-API-Key or as Authorization: Bearer, or sign in.');
}

/** null: the request shows neither a key nor a session that is still open. */
async function knownCaller(request: Request, response: Response, deps: CallerDeps): Promise<Principal | null> {
  const presented = presentedKey(request.headers);
  if (presented !== null) {
    const takesSecret = isClientSecret(presented) && localsOf(response).endpoint?.takesClientSecrets === true;
    const find = takesSecret ? principalOfSecret : principalOf;
    const known = await recognise(request, presented, deps, find);
    if (known === null) throw new SottoError('forbidden', 'Unknown API key.');
    return known;
  }
  const token = sessionToken(request, deps.settings);
  const found = token === null ? null : await principalOfSession(token, deps);
  if (found === null) return null;
  localsOf(response).session = found.open;
  if (!isSafe(request) && !isFromPageOf(found.open, request, deps.proof)) {
    throw new SottoError('csrf_token_wrong', `Send the csrf_token of GET /auth/session as ${CSRF_HEADER}.`);
  }
  return found.principal;
}

function isFromPageOf({ token }: OpenSession, request: Request, proof: SessionProof): boolean {
  if (isCsrfToken(request.get(CSRF_HEADER), token)) return true;
  return proof === 'token or origin' && isFromOwnPage(request) === true;
}

/** null: nobody's. */
export async function recognise(
  request: Request,
  presented: string,
  deps: AccessDeps,
  find: typeof principalOfSecret = principalOf,
): Promise<Principal | null> {
  const { loginGuard } = deps;
  loginGuard.check(request.ip, presented);
  const known = await find(presented, deps);
  if (known === null) loginGuard.noteWrong(request.ip);
  else loginGuard.noteGood(presented);
  return known;
}

/** Of the key that a secret for pages was made with; null: it has expired, or that key is no longer good. */
async function principalOfSecret(presented: string, deps: AccessDeps): Promise<Principal | null> {
  const secret = await deps.clientSecrets.find(presented);
  return secret === null ? null : holderOf(secret, presented, deps);
}

function checkScope({ scopes }: Principal, access: Access): void {
  if (access === 'metrics' && scopes.includes('admin')) return;
  if (access === 'open' || access === 'key' || access === 'admin' || scopes.includes(access)) return;
  throw new SottoError('forbidden', `This key lacks the scope "${access}".`);
}

async function identifyAdmin(request: Request, response: Response, deps: CallerDeps): Promise<Principal> {
  const { settings } = deps;
  const known = await knownCaller(request, response, deps);
  if (known?.isAdmin) return known;
  if (known !== null) throw new SottoError('forbidden', 'This key does not give access to /admin.');
  if (!settings.keysEnabled && isFromThisMachine(request)) return { ...ANONYMOUS, isAdmin: true };
  if (settings.keysEnabled || settings.adminApiKey !== null) {
    throw new SottoError('unauthorized', '/admin requires the admin key.');
  }
  throw new SottoError(
    'forbidden',
    '/admin is only available from this machine. Set ADMIN_API_KEY to open it to others.',
  );
}

const LOOPBACK = /^(::1|127(\.\d{1,3}){3}|::ffff:127(\.\d{1,3}){3})$/;
const LOCAL_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * The connection comes from this machine, with nothing in between: a proxy on the same machine speaks for strangers
 * (forwarded headers show it), and so does a page whose name was rebound to 127.0.0.1 (the Host header shows it).
 */
export function isFromThisMachine(request: Request): boolean {
  const isForwarded = ['x-forwarded-for', 'forwarded', 'x-real-ip'].some((name) => name in request.headers);
  const isLocal = LOOPBACK.test(request.socket.remoteAddress ?? '') && LOCAL_HOST.test(request.headers.host ?? '');
  return isLocal && !isForwarded;
}
