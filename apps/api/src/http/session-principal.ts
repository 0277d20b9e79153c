import { createHmac } from 'node:crypto';
import { SottoError } from '@sotto/contracts';
import { hashOfSecret, type SessionHolder, type Sessions } from '@sotto/queue';
import type { ApiSettings } from '../settings/settings.ts';
import { isSameKey } from './credentials.ts';
import {
  ADMIN_KEY_ID,
  environmentKey,
  isFromEnvironment,
  type KeyPrincipalDeps,
  principalOfKey,
} from './key-principal.ts';
import type { Principal } from './principal.ts';
import type { OpenSession } from './session-cookie.ts';

export interface SessionPrincipalDeps extends KeyPrincipalDeps {
  settings: Pick<ApiSettings, 'apiKey' | 'adminApiKey' | 'sessionLimits'>;
  sessions: Pick<Sessions, 'touch'>;
}

/** Whose session the token opens; null: nobody's any more. A key that is no longer good takes its sessions with it. */
export async function principalOfSession(
  token: string,
  deps: SessionPrincipalDeps,
): Promise<{ principal: Principal; open: OpenSession } | null> {
  const session = await deps.sessions.touch(token, deps.settings.sessionLimits.idleMs);
  if (session === null) return null;
  const holder = await holderOf(session, token, deps);
  return holder === null ? null : { principal: { ...holder, via: 'session' }, open: { session, token } };
}

/** Whose key that is, if it is still good. @param token with which its proof was made */
export async function holderOf(
  { keyId, credential }: Pick<SessionHolder, 'keyId' | 'credential'>,
  token: string,
  { settings, apiKeys }: Omit<SessionPrincipalDeps, 'sessions'>,
): Promise<Principal | null> {
  if (isFromEnvironment(keyId)) {
    const secret = keyId === ADMIN_KEY_ID ? settings.adminApiKey : settings.apiKey;
    const isSame = secret !== null && credential !== null && isSameKey(proofOf(secret, token), credential);
    return isSame ? environmentKey(keyId, settings) : null;
  }
  // Without one, an identity provider has said who it is.
  const key = await (credential === null ? apiKeys.find(keyId) : apiKeys.identifyHash(credential));
  return key === null ? null : activeOrNull(principalOfKey(key, { apiKeys }));
}

async function activeOrNull(principal: Promise<Principal>): Promise<Principal | null> {
  try {
    return await principal;
  } catch (error) {
    if (error instanceof SottoError && error.code === 'forbidden') return null;
    throw error;
  }
}

/**
 * What a session keeps of the key that it was opened with, so that it ends when that key does. Of a key of the environment, which
 * people choose, something that nobody can guess it from without the token.
 */
export function credentialOf(secret: string, keyId: string, token: string): string {
  return isFromEnvironment(keyId) ? proofOf(secret, token) : hashOfSecret(secret);
}

const proofOf = (secret: string, token: string): string => createHmac('sha256', token).update(secret).digest('hex');
