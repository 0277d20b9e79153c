import { SottoError } from '@sotto/contracts';
import { addContext } from '@sotto/runtime';
import type { Request, RequestHandler } from 'express';
import type { ApiSettings } from '../settings.ts';
import { isSameKey, presentedKey } from './credentials.ts';
import type { Access } from './endpoint.ts';
import { ANONYMOUS, localsOf, type Principal } from './locals.ts';

/** Ids of the keys that come from the environment. */
export const FIRST_KEY_ID = 'first';
export const ADMIN_KEY_ID = 'admin';

type KeySettings = Pick<ApiSettings, 'apiKey' | 'adminApiKey' | 'keysEnabled'>;

/**
 * Lets a request through or not, and says on whose behalf it acts.
 *
 * @throws SottoError (in the handler) `unauthorized` without a key, `forbidden` with a wrong or too small one.
 */
export function requireAccess(access: Access, settings: KeySettings): RequestHandler {
  return (request, response, next) => {
    const principal = identify(request, access, settings);
    localsOf(response).principal = principal;
    if (principal.keyId !== null) addContext({ userId: principal.keyId });
    next();
  };
}

function identify(request: Request, access: Access, settings: KeySettings): Principal {
  if (access === 'open') return ANONYMOUS;
  const presented = presentedKey(request.headers);
  if (access === 'admin') return identifyAdmin(request, presented, settings);
  if (!settings.keysEnabled) return ANONYMOUS;
  if (presented === null) throw new SottoError('unauthorized', 'Send your key as X-API-Key or Authorization: Bearer.');
  const known = knownPrincipal(presented, settings);
  if (known === null) throw new SottoError('forbidden', 'This key is not known here.');
  return known;
}

function knownPrincipal(presented: string, { apiKey, adminApiKey }: KeySettings): Principal | null {
  // Both are compared, always: the time of an answer tells nothing of which one was near.
  const isFirst = apiKey !== null && isSameKey(presented, apiKey);
  const isAdmin = adminApiKey !== null && isSameKey(presented, adminApiKey);
  if (isAdmin) return { keyId: ADMIN_KEY_ID, isAdmin: true, mayRaisePriority: true };
  // The first key is its owner's only one until there is an admin key.
  if (isFirst) return { keyId: FIRST_KEY_ID, isAdmin: adminApiKey === null, mayRaisePriority: adminApiKey === null };
  return null;
}

function identifyAdmin(request: Request, presented: string | null, settings: KeySettings): Principal {
  const known = presented === null ? null : knownPrincipal(presented, settings);
  if (known?.isAdmin) return known;
  if (presented !== null) throw new SottoError('forbidden', 'This key does not open /admin.');
  if (!settings.keysEnabled && isFromThisMachine(request)) return { ...ANONYMOUS, isAdmin: true };
  if (settings.keysEnabled || settings.adminApiKey !== null) {
    throw new SottoError('unauthorized', '/admin needs the admin key.');
  }
  throw new SottoError('forbidden', '/admin answers only this machine. Set ADMIN_API_KEY to open it to others.');
}

const LOOPBACK = /^(::1|127(\.\d{1,3}){3}|::ffff:127(\.\d{1,3}){3})$/;
const LOCAL_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * The connection comes from here, and nobody stands in front of it: a proxy on the same machine speaks for strangers
 * (forwarded headers), and so does a page whose name was bent to 127.0.0.1 (the Host header tells).
 */
function isFromThisMachine(request: Request): boolean {
  const isForwarded = ['x-forwarded-for', 'forwarded', 'x-real-ip'].some((name) => name in request.headers);
  const isLocal = LOOPBACK.test(request.socket.remoteAddress ?? '') && LOCAL_HOST.test(request.headers.host ?? '');
  return isLocal && !isForwarded;
}
