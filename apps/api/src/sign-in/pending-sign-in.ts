import type { Request, Response } from 'express';
import { z } from 'zod';
import { cookieOf } from '../http/credentials.ts';
import { cookieKind } from '../http/session-cookie.ts';
import type { ApiSettings } from '../settings/settings.ts';

/** How long somebody may take at the provider. */
const MAX_AGE_MS = 15 * 60_000;
const NAME = 'sotto-sign-in';

const pendingSchema = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), returnTo: z.string() });

/**
 * A sign-in that is under way: what the provider's answer is held against. Only the browser that began it has it, in a cookie
 * that no script reads, so nobody can finish it elsewhere, and nothing needs to be kept for those who never come back.
 */
export type PendingSignIn = z.infer<typeof pendingSchema>;

type Settings = Pick<ApiSettings, 'publicUrl'>;

export function keepPending(request: Request, response: Response, pending: PendingSignIn, settings: Settings): void {
  const [name, attributes] = cookieKind(NAME, request, settings);
  const value = Buffer.from(JSON.stringify(pending)).toString('base64url');
  response.cookie(name, value, { ...attributes, maxAge: MAX_AGE_MS });
}

/** null: this browser has begun none. It is good for one answer only. */
export function takePending(request: Request, response: Response, settings: Settings): PendingSignIn | null {
  const kind = cookieKind(NAME, request, settings);
  const value = cookieOf(request.headers, kind[0]);
  if (value === null) return null;
  response.clearCookie(...kind);
  try {
    return pendingSchema.parse(JSON.parse(Buffer.from(value, 'base64url').toString('utf8')));
  } catch {
    return null;
  }
}
