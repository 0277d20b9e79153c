import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The key a request carries: X-API-Key, Bearer, Token, or the password of Basic; null when there is none. */
export function presentedKey(headers: IncomingHttpHeaders): string | null {
  const deliberate = deliberateKey(headers);
  if (deliberate !== null) return deliberate;
  const [scheme, value] = authorizationOf(headers);
  if (scheme !== 'basic') return null;
  const pair = Buffer.from(value, 'base64').toString('utf8');
  const password = pair.slice(pair.indexOf(':') + 1);
  return pair.includes(':') && password !== '' ? password : null;
}

/** One that no browser adds by itself, as it does with a saved password of Basic: X-API-Key, Bearer, Deepgram's Token, or a subprotocol. */
export function deliberateKey(headers: IncomingHttpHeaders): string | null {
  const own = headers['x-api-key'];
  if (typeof own === 'string' && own !== '') return own;
  const [scheme, value] = authorizationOf(headers);
  return (scheme === 'bearer' || scheme === 'token') && value !== '' ? value : subprotocolKey(headers);
}

/**
 * What a page gives a WebSocket along with its subprotocols, as it can set no header: `realtime,
 * openai-insecure-api-key.KEY` as OpenAI's clients do, `token, KEY` or `bearer, KEY` as Deepgram's.
 */
function subprotocolKey(headers: IncomingHttpHeaders): string | null {
  const names = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const openAi = names.find((name) => name.startsWith(OPENAI_KEY))?.slice(OPENAI_KEY.length);
  const [scheme = '', deepgram] = names;
  return openAi || (['token', 'bearer'].includes(scheme.toLowerCase()) && deepgram) || null;
}

const OPENAI_KEY = 'openai-insecure-api-key.';

function authorizationOf(headers: IncomingHttpHeaders): [scheme: string, value: string] {
  const [, scheme = '', value = ''] = /^(\S+)\s+(.+)$/.exec((headers.authorization ?? '').trim()) ?? [];
  return [scheme.toLowerCase(), value];
}

/** null: the request has no such cookie. */
export function cookieOf(headers: IncomingHttpHeaders, name: string): string | null {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
}

/** Takes the same time whatever the two have in common; both are hashed, so that lengths do not leak either. */
export function isSameKey(presented: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(presented), digest(expected));
}
