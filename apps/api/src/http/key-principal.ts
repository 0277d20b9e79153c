import { type ApiKey, keyStatus, SCOPES, type Scope, SottoError } from '@sotto/contracts';
import type { ApiKeys } from '@sotto/queue';
import type { ApiSettings } from '../settings/settings.ts';
import { isSameKey } from './credentials.ts';
import type { Principal } from './principal.ts';

/** Ids of the keys that come from the environment. */
export const FIRST_KEY_ID = 'first';
export const ADMIN_KEY_ID = 'admin';

export const isFromEnvironment = (keyId: string): boolean => keyId === FIRST_KEY_ID || keyId === ADMIN_KEY_ID;

export interface KeyPrincipalDeps {
  settings: Pick<ApiSettings, 'apiKey' | 'adminApiKey'>;
  apiKeys: Pick<ApiKeys, 'identifyHash' | 'identify' | 'find'>;
}

/**
 * Whose key it is; null: nobody's. Keys of the environment need nothing to be reachable; others are looked up, so that a
 * revocation holds at once.
 *
 * @throws SottoError `forbidden` when it has expired or been revoked.
 */
export async function principalOf(presented: string, deps: KeyPrincipalDeps): Promise<Principal | null> {
  const fromEnvironment = environmentPrincipal(presented, deps.settings);
  if (fromEnvironment !== null) return fromEnvironment;
  const key = await deps.apiKeys.identify(presented);
  return key === null ? null : principalOfKey(key, deps);
}

/**
 * A user's own key opens the user's account: it sees the same jobs and counts against the same limits and quotas, so nobody has
 * more by making more keys. Its scopes may be fewer.
 *
 * @throws SottoError `forbidden` when it, or its user, has expired or been revoked.
 */
export async function principalOfKey(key: ApiKey, { apiKeys }: Pick<KeyPrincipalDeps, 'apiKeys'>): Promise<Principal> {
  checkActive(key);
  if (key.userId === null || key.userId === key.id) return principalWith(key);
  const user = await apiKeys.find(key.userId);
  if (user === null) throw new SottoError('forbidden', 'The user of this key is gone.');
  checkActive(user);
  const scopes = user.scopes.filter((scope) => key.scopes.includes(scope));
  return principalWith({ ...user, name: key.name, scopes, expiresAtMs: key.expiresAtMs });
}

function checkActive(key: ApiKey): void {
  const status = keyStatus(key, Date.now());
  if (status !== 'active') throw new SottoError('forbidden', `This key is ${status}.`);
}

function principalWith(key: ApiKey): Principal {
  const { id: keyId, userId, scopes, mayRaisePriority } = key;
  return { keyId, userId, via: 'key', isAdmin: scopes.includes('admin'), scopes, key, mayRaisePriority };
}

function environmentPrincipal(presented: string, settings: KeyPrincipalDeps['settings']): Principal | null {
  const { apiKey, adminApiKey } = settings;
  // Always compare both, so that the response time does not tell which one was close.
  const isFirst = apiKey !== null && isSameKey(presented, apiKey);
  const isAdmin = adminApiKey !== null && isSameKey(presented, adminApiKey);
  if (isAdmin) return environmentKey(ADMIN_KEY_ID, settings);
  return isFirst ? environmentKey(FIRST_KEY_ID, settings) : null;
}

export function environmentKey(keyId: string, { adminApiKey }: KeyPrincipalDeps['settings']): Principal {
  // The first key is its owner's only one until there is an admin key.
  const isAdmin = keyId === ADMIN_KEY_ID || adminApiKey === null;
  const scopes: readonly Scope[] = isAdmin ? SCOPES : ['transcribe', 'read'];
  return { keyId, userId: null, via: 'key', isAdmin, scopes, key: null, mayRaisePriority: isAdmin };
}
