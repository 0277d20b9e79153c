import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import type { SliceableSource } from './upload-source.ts';

/**
 * A file on disk as something to upload: read as it is sent, never as a whole. (`fs.openAsBlob` would be shorter, but
 * Node 20 cuts files of 4 GiB and more.)
 *
 * @throws the file system's error when there is no such file.
 */
export async function fileSource(path: string): Promise<SliceableSource> {
  const found = await stat(path);
  if (!found.isFile()) throw new TypeError(`${path} is not a file`);
  return {
    name: basename(path),
    bytes: found.size,
    stream: () => bytesOfFile(path),
    slice: (startByte, endByte) => bytesOfFile(path, { start: startByte, end: endByte - 1 }),
  };
}

function bytesOfFile(path: string, range: { start?: number; end?: number } = {}): ReadableStream<Uint8Array> {
  return Readable.toWeb(createReadStream(path, range)) as ReadableStream<Uint8Array>;
}
