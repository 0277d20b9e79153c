import { SottoError } from '@sotto/contracts';
import type { Request } from 'express';
import type { ApiSettings } from '../settings/settings.ts';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/** Changes nothing, whoever asks. */
export const isSafe = ({ method }: Pick<Request, 'method'>): boolean => SAFE_METHODS.includes(method);

/**
 * Refuses what a page of another origin makes a browser send, unless CORS_ORIGINS names it. Cookies, saved passwords and,
 * while keys are off, being on the same machine are nothing that such a page should be able to use. Clients that are no
 * browsers say neither where they are from nor for whom, and are let through.
 *
 * @throws SottoError `origin_not_allowed`.
 */
export function checkOrigin(request: Request, { corsOrigins }: Pick<ApiSettings, 'corsOrigins'>): void {
  if (isFromOwnPage(request) ?? true) return;
  const origin = request.get('origin') ?? 'null';
  if (corsOrigins.includes('*') || corsOrigins.includes(origin)) return;
  throw new SottoError('origin_not_allowed', `${JSON.stringify(origin.slice(0, 200))} is not in CORS_ORIGINS.`);
}

/** null: no browser says. `Sec-Fetch-Site` is the browser's word, also where a proxy changes the Host header; plain HTTP has only Origin. */
export function isFromOwnPage(request: Request): boolean | null {
  const site = request.get('sec-fetch-site');
  // `none`: the user's own doing, no page's.
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = request.get('origin');
  if (origin === undefined) return null;
  return URL.canParse(origin) && new URL(origin).host === request.host;
}
