import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Session } from '@sotto/queue';
import type { CookieOptions, Request, Response } from 'express';
import type { ApiSettings } from '../settings/settings.ts';
import { cookieOf } from './credentials.ts';

/** A session with the token that opens it. */
export interface OpenSession {
  session: Session;
  token: string;
}

type CookieSettings = Pick<ApiSettings, 'publicUrl'>;

/** Whether browsers reach the service over TLS, of which it sees nothing itself. */
export function isSecure(request: Request, { publicUrl }: CookieSettings): boolean {
  return request.secure || publicUrl?.protocol === 'https:';
}

/**
 * Name and attributes of a cookie. `__Host-` is the browser's promise that this host has set it, over TLS; without TLS no cookie
 * may have it. `Lax`: another site's link leads here signed in, its forms and scripts do not.
 */
export function cookieKind(name: string, request: Request, settings: CookieSettings): [string, CookieOptions] {
  const secure = isSecure(request, settings);
  return [`${secure ? '__Host-' : ''}${name}`, { httpOnly: true, sameSite: 'lax', path: '/', secure }];
}

/** null: the browser has none, which was never one of ours if it is malformed. */
export function sessionToken(request: Request, settings: CookieSettings): string | null {
  const token = cookieOf(request.headers, cookieKind('sotto', request, settings)[0]);
  return token !== null && /^[\w-]{43}$/.test(token) ? token : null;
}

export function setSessionCookie(
  request: Request,
  response: Response,
  { session, token }: OpenSession,
  settings: CookieSettings,
): void {
  const [name, attributes] = cookieKind('sotto', request, settings);
  response.cookie(name, token, { ...attributes, maxAge: session.endsAtMs - session.createdAtMs });
}

export function clearSessionCookie(request: Request, response: Response, settings: CookieSettings): void {
  response.clearCookie(...cookieKind('sotto', request, settings));
}

/** What a page of ours must send along with every change. It follows from the token, which no page can read. */
export function csrfTokenOf(token: string): string {
  return createHmac('sha256', token).update('csrf').digest('base64url');
}

export function isCsrfToken(shown: string | undefined, token: string): boolean {
  const expected = Buffer.from(csrfTokenOf(token));
  const given = Buffer.from(shown ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
