import type { AuditAction, ErrorCode } from '@sotto/contracts';
import type { z } from 'zod';
import type { ErrorShape } from './error-shape.ts';

/**
 * Who may call. `open`: anybody, always. While keys are on: `key`: any; `read`, `transcribe`: those with that scope;
 * `metrics`: those with that scope or `admin`.
 * `admin`: the admin key and those with that scope, or this machine while keys are off.
 */
export type Access = 'open' | 'key' | 'read' | 'transcribe' | 'metrics' | 'admin';

/** One kind of body an answer can have; null: none. */
export interface Answer {
  description: string;
  /** Content type -> schema; null: text or another opaque body. Of an event stream: of the `data` of its messages. */
  content: Record<string, z.ZodType | null>;
  headers?: Record<string, string>;
}

/** What a call of the API looks like from outside; errors that any call can meet (`commonErrors`) need not be listed. */
export interface Description {
  method: 'get' | 'head' | 'options' | 'post' | 'put' | 'patch' | 'delete';
  /** As in OpenAPI: `/jobs/{id}`. */
  path: string;
  summary: string;
  description?: string;
  tag:
    | 'transcription'
    | 'speech'
    | 'live'
    | 'library'
    | 'vocabularies'
    | 'dictionaries'
    | 'voices'
    | 'uploads'
    | 'jobs'
    | 'openai'
    | 'asr'
    | 'deepgram'
    | 'sign-in'
    | 'operations'
    | 'documentation'
    | 'admin';
  access: Access;
  /** Counted by the rate limit and refused while the service has no room. */
  createsWork?: boolean;
  /** Lists, results and search: counted by the budget of reads. */
  isRead?: boolean;
  /** Stays open while its client listens: counted by the limits of streams. */
  isStream?: boolean;
  /** Its action in the audit log. Uploads and everything under /admin are logged without one. */
  audit?: AuditAction;
  /** The key may come as `api_key`: browsers cannot set headers for event streams and WebSockets. */
  keyInQuery?: boolean;
  /** Secrets that are made for pages open it, too. */
  takesClientSecrets?: boolean;
  headers?: Record<string, z.ZodType>;
  /** Content type -> schema of a body that `handle` reads as it comes in. */
  streamedBody?: Record<string, z.ZodType>;
  answers: Record<number, Answer>;
  errors: readonly ErrorCode[];
  /** Set if errors have other shapes than the usual one. With several, speakErrors decides which. */
  errorShapes?: readonly ErrorShape[];
  /** A file of a page, not a call of the API: served but not documented. */
  isAsset?: boolean;
}
