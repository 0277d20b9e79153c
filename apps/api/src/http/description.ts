import type { AuditAction, ErrorCode } from '@sotto/contracts';
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
  /** Content type -> schema; null: text or another opaque body. Of an event stream: of the `data` of its messages. */
  content: Record<string, z.ZodType | null>;
  headers?: Record<string, string>;
}

/** What a call of the API looks like from outside; errors that any call can meet (`commonErrors`) need not be listed. */
export interface Description {
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
  headers?: Record<string, z.ZodType>;
  /** Content type -> schema of a body that `handle` reads as it comes in. */
  streamedBody?: Record<string, z.ZodType>;
  answers: Record<number, Answer>;
  errors: readonly ErrorCode[];
  /** Where errors do not (only) have the usual shape. One is what they get; of several, speakErrors tells which. */
  errorShapes?: readonly ErrorShape[];
  /** A file of a page, no call of the API: served, not described. */
  isAsset?: boolean;
}
