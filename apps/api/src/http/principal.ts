import type { ApiKey, Scope } from '@sotto/contracts';

/** Who is calling. Everything made on behalf of a call belongs to `keyId`. */
export interface Principal {
  /** null while keys are off. */
  keyId: string | null;
  /** The user it acts for; null: nobody who has signed in with an identity provider. */
  userId: string | null;
  /** How it is known: by a key it sent, by a session's cookie, or not at all. */
  via: 'key' | 'session' | 'none';
  isAdmin: boolean;
  scopes: readonly Scope[];
  /** Its record and limits; null: a key of the environment, or none. */
  key: ApiKey | null;
  /** May raise the priority of its work. */
  mayRaisePriority: boolean;
}

export const ANONYMOUS: Principal = {
  keyId: null,
  userId: null,
  via: 'none',
  isAdmin: false,
  scopes: ['transcribe', 'read', 'metrics'],
  key: null,
  mayRaisePriority: true,
};
