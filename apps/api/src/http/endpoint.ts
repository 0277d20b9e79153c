import type { AuditAction, ErrorCode } from '@sotto/contracts';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { ErrorShape } from './error-shape.ts';

/**
 * Who may call. `open`: anybody, always. While keys are on: `key`: any; `read`, `transcribe`: those with that scope.
 * `admin`: the admin key and those with that scope, or this machine while keys are off.
 */
export type Access = 'open' | 'key' | 'read' | 'transcribe' | 'admin';

/** One kind of body an answer can have; null: none. */
export interface Answer {
  description: string;
  /** Content type -> schema; null: text or another opaque body. */
  content: Record<string, z.ZodType | null>;
  headers?: Record<string, string>;
}

/**
 * One call of the API: what the document says of it and what serves it, in one place, so that they cannot differ.
 * Errors that any call can meet (`commonErrors`) need not be listed.
 */
export interface Endpoint {
  method: 'get' | 'head' | 'options' | 'post' | 'patch' | 'delete';
  /** As in OpenAPI: `/jobs/{id}`. */
  path: string;
  summary: string;
  description?: string;
  tag: 'transcription' | 'uploads' | 'jobs' | 'openai' | 'asr' | 'operations' | 'documentation' | 'admin';
  access: Access;
  /** Counted by the rate limit and refused while the service has no room. */
  createsWork?: boolean;
  /** What the audit log calls it. Uploads and everything under /admin are in it without. */
  audit?: AuditAction;
  /** The key may come as `api_key`: browsers cannot set headers for event streams and WebSockets. */
  keyInQuery?: boolean;
  params?: Record<string, z.ZodType>;
  query?: Record<string, z.ZodType>;
  headers?: Record<string, z.ZodType>;
  /** Content type -> schema of the body. */
  body?: Record<string, z.ZodType>;
  answers: Record<number, Answer>;
  errors: readonly ErrorCode[];
  /** Where errors do not (only) have the usual shape. One is what they get; of several, speakErrors tells which. */
  errorShapes?: readonly ErrorShape[];
  /** A file of a page, no call of the API: served, not described. */
  isAsset?: boolean;
  handle(request: Request, response: Response): void | Promise<void>;
}

export function commonErrors({ access, createsWork = false }: Pick<Endpoint, 'access' | 'createsWork'>): ErrorCode[] {
  const errors: ErrorCode[] = ['invalid_request', 'method_not_allowed', 'internal_error'];
  if (access !== 'open') errors.push('unauthorized', 'forbidden', 'queue_unavailable');
  if (createsWork) {
    errors.push('rate_limit_exceeded', 'queue_unavailable', 'storage_unavailable');
    errors.push('memory_pressure', 'disk_full', 'service_full', 'shutting_down');
    errors.push('key_full', 'quota_exceeded');
  }
  return errors;
}
