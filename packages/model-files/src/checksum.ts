import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 of a file as lower-case hex, read in 1 MiB pieces. */
export async function sha256File(path: string, onBytes?: (bytes: number) => void): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    onBytes?.(bytes);
  }
  return hash.digest('hex');
}

/** @throws Error that says what has another content than it should */
export async function requireSha256(file: string, what: string, expected: string): Promise<void> {
  const sha256 = await sha256File(file);
  if (sha256 !== expected) throw new Error(`${what} has SHA-256 ${sha256}, expected ${expected}`);
}
