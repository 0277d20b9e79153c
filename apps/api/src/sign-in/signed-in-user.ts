import { SottoError } from '@sotto/contracts';
import type { Principal } from '../http/principal.ts';

/** @throws SottoError `forbidden`: a key of nobody's, or keys are off. */
export function userIdOf({ userId }: Principal): string {
  if (userId !== null) return userId;
  throw new SottoError('forbidden', 'This is for users who sign in with an identity provider.');
}

/**
 * The user in person: a key that was lost must not be able to make others that outlive it.
 *
 * @throws SottoError `forbidden`.
 */
export function userInPerson(principal: Principal): string {
  const userId = userIdOf(principal);
  if (principal.via === 'session') return userId;
  throw new SottoError('forbidden', 'Sign in to do this; a key cannot.');
}
