import type { Principal } from '../http/principal.ts';

/** Whose everything is that is kept while keys are off. */
const LOCAL = 'local';

/** Who owns what a call keeps, and who may see it. */
export function accountOf({ userId, keyId }: Pick<Principal, 'userId' | 'keyId'>): string {
  return userId ?? keyId ?? LOCAL;
}
