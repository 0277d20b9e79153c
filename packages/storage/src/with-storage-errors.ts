import { PassThrough, type Readable } from 'node:stream';
import type { SottoError } from '@sotto/contracts';

/** A connection that breaks in the middle ends the stream with an error of ours; leaving the stream ends the connection. */
export function withStorageErrors(body: Readable, errorOf: (error: unknown) => SottoError): Readable {
  const out = new PassThrough();
  body.on('error', (error) => out.destroy(errorOf(error)));
  out.on('close', () => body.destroy());
  return body.pipe(out);
}
