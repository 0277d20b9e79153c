import type { Principal } from './principal.ts';

/** Who things are kept for while keys are off. */
const LOCAL_ACCOUNT = 'local';

/** The owner of what is kept for a caller: the user, or else the API key; at most 64 characters. */
export function accountOf({ userId, keyId }: Pick<Principal, 'userId' | 'keyId'>): string {
  return userId ?? keyId ?? LOCAL_ACCOUNT;
}
