import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { ResultReference } from '@sotto/contracts';

/**
 * Longer results are compressed: a transcript of ten hours has eleven megabytes as JSON and one and a half compressed.
 * Shorter ones stay as they are, where builds before references look for them.
 */
const PLAIN_BYTES = 64 * 1024;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** A result on its way into Redis. `suffix`: of the run's key that holds it. */
export interface StoredResult {
  reference: ResultReference;
  suffix: InlineSuffix;
  body: string | Buffer;
}

/** Builds before references know the first one, as plain JSON. */
export const INLINE_SUFFIXES = { json: ':transcript', gzip: ':result' } as const;
export type InlineSuffix = (typeof INLINE_SUFFIXES)[keyof typeof INLINE_SUFFIXES];

/** zlib works on threads of its own: the event loop goes on meanwhile. */
export async function encodeResult(result: unknown): Promise<StoredResult> {
  const json = JSON.stringify(result);
  const bytes = Buffer.byteLength(json);
  const encoding = bytes <= PLAIN_BYTES ? 'json' : 'gzip';
  return {
    reference: { kind: 'inline', encoding, bytes },
    suffix: INLINE_SUFFIXES[encoding],
    body: encoding === 'json' ? json : await compress(json),
  };
}

/** What `encodeResult` was given. Nothing is checked: this service wrote it. */
export async function decodeResult(body: Buffer, encoding: 'json' | 'gzip'): Promise<unknown> {
  return JSON.parse(encoding === 'json' ? body.toString() : (await decompress(body)).toString());
}
