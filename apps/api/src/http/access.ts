import { keyStatus, SCOPES, type Scope, SottoError } from '@sotto/contracts';
import type { ApiKeys } from '@sotto/queue';
import type { Request, RequestHandler } from 'express';
import type { ApiSettings } from '../settings/settings.ts';
import { isSameKey, presentedKey } from './credentials.ts';
import type { Access } from './description.ts';
import { localsOf } from './locals.ts';
import type { LoginGuard } from './login-guard.ts';
import { ANONYMOUS, type Principal } from './principal.ts';

/** Ids of the keys that come from the environment. */
export const FIRST_KEY_ID = 'first';
export const ADMIN_KEY_ID = 'admin';

export const isFromEnvironment = (keyId: string): boolean => keyId === FIRST_KEY_ID || keyId === ADMIN_KEY_ID;

export interface AccessDeps {
  settings: Pick<ApiSettings, 'apiKey' | 'adminApiKey' | 'keysEnabled'>;
  apiKeys: Pick<ApiKeys, 'identify'>;
  loginGuard: LoginGuard;
}

/**
 * Lets a request through or rejects it, and determines on whose behalf it acts.
 *
 * @throws SottoError (in the handler) `unauthorized` without a key, `forbidden` with a wrong or too small one,
 *   `rate_limit_exceeded` after too many wrong ones, `queue_unavailable` when nobody can tell whose key it is.
 */
export function requireAccess(access: Access, deps: AccessDeps): RequestHandler {
  return async (request, response, next) => {
    const locals = localsOf(response);
    try {
      locals.principal = await identify(request, access, deps);
      checkScope(locals.principal, access);
    } catch (error) {
      locals.isTurnedAway = error instanceof SottoError && error.status < 500;
      throw error;
    }
    next();
  };
}

async function identify(request: Request, access: Access, deps: AccessDeps): Promise<Principal> {
  if (access === 'open') return ANONYMOUS;
  const presented = presentedKey(request.headers);
  if (access === 'admin') return identifyAdmin(request, presented, deps);
  if (!deps.settings.keysEnabled) return ANONYMOUS;
  if (presented === null)
    throw new SottoError('unauthorized', 'Send your key as X-API-Key or as Authorization: Bearer.');
  const known = await recognise(request, presented, deps);
  if (known === null) throw new SottoError('forbidden', 'Unknown API key.');
  return known;
}

/** null: nobody's. */
async function recognise(request: Request, presented: string, deps: AccessDeps): Promise<Principal | null> {
  const { loginGuard } = deps;
  loginGuard.check(request.ip, presented);
  const known = await principalOf(presented, deps);
  if (known === null) loginGuard.noteWrong(request.ip);
  else loginGuard.noteGood(presented);
  return known;
}

/** Keys of the environment need nothing to be reachable; others are looked up, so that a revocation holds at once. */
async function principalOf(presented: string, { settings, apiKeys }: AccessDeps): Promise<Principal | null> {
  const fromEnvironment = environmentPrincipal(presented, settings);
  if (fromEnvironment !== null) return fromEnvironment;
  const key = await apiKeys.identify(presented);
  if (key === null) return null;
  const status = keyStatus(key, Date.now());
  if (status !== 'active') throw new SottoError('forbidden', `This key is ${status}.`);
  const { id: keyId, scopes, mayRaisePriority } = key;
  return { keyId, isAdmin: scopes.includes('admin'), scopes, key, mayRaisePriority };
}

function environmentPrincipal(presented: string, { apiKey, adminApiKey }: AccessDeps['settings']): Principal | null {
  // Always compare both, so that the response time does not tell which one was close.
  const isFirst = apiKey !== null && isSameKey(presented, apiKey);
  const isAdmin = adminApiKey !== null && isSameKey(presented, adminApiKey);
  if (isAdmin) return { keyId: ADMIN_KEY_ID, isAdmin: true, scopes: SCOPES, key: null, mayRaisePriority: true };
  if (!isFirst) return null;
  // The first key is its owner's only one until there is an admin key.
  const isOnly = adminApiKey === null;
  const scopes: readonly Scope[] = isOnly ? SCOPES : ['transcribe', 'read'];
  return { keyId: FIRST_KEY_ID, isAdmin: isOnly, scopes, key: null, mayRaisePriority: isOnly };
}

function checkScope({ scopes }: Principal, access: Access): void {
  if (access === 'metrics' && scopes.includes('admin')) return;
  if (access === 'open' || access === 'key' || access === 'admin' || scopes.includes(access)) return;
  throw new SottoError('forbidden', `This key lacks the scope "${access}".`);
}

async function identifyAdmin(request: Request, presented: string | null, deps: AccessDeps): Promise<Principal> {
  const { settings } = deps;
  const known = presented === null ? null : await recognise(request, presented, deps);
  if (known?.isAdmin) return known;
  if (presented !== null) throw new SottoError('forbidden', 'This key does not give access to /admin.');
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
function isFromThisMachine(request: Request): boolean {
  const isForwarded = ['x-forwarded-for', 'forwarded', 'x-real-ip'].some((name) => name in request.headers);
  const isLocal = LOOPBACK.test(request.socket.remoteAddress ?? '') && LOCAL_HOST.test(request.headers.host ?? '');
  return isLocal && !isForwarded;
}
