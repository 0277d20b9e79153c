import type { ErrorCode, SottoError } from '@sotto/contracts';
import type { z } from 'zod';
import type { Principal } from './principal.ts';

export interface ErrorContext {
  requestId: string;
  /** ANONYMOUS also when a wrong key was shown. */
  principal: Principal;
}

/** How errors look to the clients of one dialect; the codes are those of the one catalogue. */
export interface ErrorShape {
  schema: z.ZodType;
  /** For the document: the status of an error with this code. */
  statusOf(code: ErrorCode): number;
  answer(error: SottoError, context: ErrorContext): { status: number; body: unknown; headers: Record<string, string> };
}
