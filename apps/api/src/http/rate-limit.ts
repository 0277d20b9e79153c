import { isIPv6 } from 'node:net';
import { SottoError } from '@sotto/contracts';
import type { RateLimiter } from '@sotto/queue';
import type { Request, Response } from 'express';
import { localsOf } from './locals.ts';

/**
 * Counts one request of a caller and sends the headers of draft-ietf-httpapi-ratelimit-headers.
 *
 * @throws SottoError `rate_limit_exceeded`.
 */
export async function takeFromLimit(
  limiter: RateLimiter,
  perMinute: number,
  request: Request,
  response: Response,
): Promise<void> {
  const taken = await limiter.take(callerOf(request, response), perMinute);
  response.set({
    'RateLimit-Policy': `"default";q=${taken.limit};w=60`,
    RateLimit: `"default";r=${taken.remaining};t=${taken.resetSeconds}`,
  });
  if (taken.allowed) return;
  throw new SottoError('rate_limit_exceeded', `The limit is ${taken.limit} requests per minute.`, {
    retryAfterSeconds: taken.retryAfterSeconds,
  });
}

/** Whose limits a request counts against: its key, or its address where it has none. */
export function callerOf(request: Request, response: Response): string {
  const { keyId } = localsOf(response).principal;
  return keyId === null ? `address:${networkOf(request.ip ?? 'unknown')}` : `key:${keyId}`;
}

/** A single IPv6 user has 2^64 addresses: the first four groups are the subject. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [left = '', right] = (address.split('%')[0] ?? '').split('::');
  const before = left === '' ? [] : left.split(':');
  const after = right === undefined || right === '' ? [] : right.split(':');
  const zeros = right === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
