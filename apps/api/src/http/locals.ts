import type { ErrorCode } from '@sotto/contracts';
import type { Response } from 'express';
import type { Description } from './description.ts';
import type { ErrorShape } from './error-shape.ts';
import type { Principal } from './principal.ts';
import type { OpenSession } from './session-cookie.ts';

/** What earlier steps of a request pass on to later ones. */
export interface RequestLocals {
  requestId: string;
  /** null when no address matched. */
  endpoint: Description | null;
  principal: Principal;
  /** By which the caller is known; null: by a key, or not at all. */
  session: OpenSession | null;
  /** null: the usual one. */
  errorShape: ErrorShape | null;
  /** The key was missing, wrong or not allowed to do this. */
  isTurnedAway: boolean;
  /** Facts for the log line of this request; `code` of the error it was refused with; `auditTarget`: id of what it made. */
  metadata: Record<string, unknown> & { code?: ErrorCode };
}

/** Whose request it is and what it made: for every log line about it. */
export function namesOf(response: Response): {
  requestId: string;
  userId: string | undefined;
  jobId: unknown;
  runId: unknown;
} {
  const { requestId, principal, metadata } = localsOf(response);
  return { requestId, userId: principal.keyId ?? undefined, jobId: metadata.jobId, runId: metadata.runId };
}

export function localsOf(response: Response): RequestLocals {
  return response.locals as RequestLocals;
}
