import type { ApiKey, ErrorCode, Scope } from '@sotto/contracts';
import type { Response } from 'express';
import type { Endpoint } from './endpoint.ts';
import type { ErrorShape } from './error-shape.ts';

/** Who is calling. Everything made on behalf of a call belongs to `keyId`. */
export interface Principal {
  /** null while keys are off. */
  keyId: string | null;
  isAdmin: boolean;
  scopes: readonly Scope[];
  /** Its record and limits; null: a key of the environment, or none. */
  key: ApiKey | null;
  /** May move work ahead of others'. */
  mayRaisePriority: boolean;
}

export const ANONYMOUS: Principal = {
  keyId: null,
  isAdmin: false,
  scopes: ['transcribe', 'read'],
  key: null,
  mayRaisePriority: true,
};

/** What earlier steps of a request leave for later ones. */
export interface RequestLocals {
  requestId: string;
  /** null when no address matched. */
  endpoint: Endpoint | null;
  principal: Principal;
  /** null: the usual one. */
  errorShape: ErrorShape | null;
  /** Its key was missing, wrong or may not do that. */
  isTurnedAway: boolean;
  /** Facts for the log line of this request; `code` of the error it was refused with; `auditTarget`: id of what it made. */
  metadata: Record<string, unknown> & { code?: ErrorCode };
}

export function localsOf(response: Response): RequestLocals {
  return response.locals as RequestLocals;
}
