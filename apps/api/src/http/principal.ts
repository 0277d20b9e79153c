import type { ApiKey, Scope } from '@sotto/contracts';

/** Who is calling. Everything made on behalf of a call belongs to `keyId`. */
export interface Principal {
  /** null while keys are off. */
  keyId: string | null;
  isAdmin: boolean;
  scopes: readonly Scope[];
  /** Its record and limits; null: a key of the environment, or none. */
  key: ApiKey | null;
  /** May raise the priority of its work. */
  mayRaisePriority: boolean;
}

export const ANONYMOUS: Principal = {
  keyId: null,
  isAdmin: false,
  scopes: ['transcribe', 'read', 'metrics'],
  key: null,
  mayRaisePriority: true,
};
