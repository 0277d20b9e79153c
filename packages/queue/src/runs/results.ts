import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { ResultReference } from '@sotto/contracts';
import { fromColumns, toColumns } from './columns.ts';

export { toColumns };

/**
 * Longer results are compressed, by columns: the transcript of ten hours takes 11 MB as JSON, 3.0 MB compressed as it is,
 * and 1.6 MB by columns. Shorter ones are stored plain, where builds before references look for them.
 */
const PLAIN_BYTES = 64 * 1024;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** A result as it is stored in Redis. `suffix`: of the run's key that holds it. */
export interface StoredResult {
  reference: ResultReference;
  suffix: InlineSuffix;
  body: string | Buffer;
}

/** Builds before references only know the first, plain JSON. */
export const INLINE_SUFFIXES = { json: ':transcript', columns: ':result' } as const;
export type InlineSuffix = (typeof INLINE_SUFFIXES)[keyof typeof INLINE_SUFFIXES];

/** Compressed on zlib's own threads, so that the event loop is not blocked. */
export async function encodeResult(result: unknown): Promise<StoredResult> {
  const json = JSON.stringify(result);
  const bytes = Buffer.byteLength(json);
  const encoding = bytes <= PLAIN_BYTES ? 'json' : 'columns';
  return {
    reference: { kind: 'inline', encoding, bytes },
    suffix: INLINE_SUFFIXES[encoding],
    body: encoding === 'json' ? json : await compress(JSON.stringify(toColumns(result))),
  };
}

/** A result as it is stored. */
export interface ResultBody {
  bytes: Uint8Array;
  encoding: keyof typeof INLINE_SUFFIXES;
}

/** The value that `encodeResult` was given. It is not validated, since this service wrote it. */
export async function decodeResult({ bytes, encoding }: ResultBody): Promise<unknown> {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (encoding === 'json') return JSON.parse(String(body));
  return fromColumns(JSON.parse(String(await decompress(body))));
}
