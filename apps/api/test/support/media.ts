import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeWav, ffmpeg, tone } from '@sotto/testkit';

/** A second of a tone, unlike that of any other frequency. */
export const wav = (durationMs = 1_000, hertz = 440): Uint8Array => encodeWav(tone(durationMs, hertz));

/** What ffmpeg writes to a file with that extension. */
export async function made(extension: string, ...args: string[]): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-test-media-'));
  try {
    const file = join(folder, `made.${extension}`);
    await ffmpeg(...args, file);
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
