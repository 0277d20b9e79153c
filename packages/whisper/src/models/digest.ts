import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { sha256File } from './checksum.ts';
import { digestPath } from './paths.ts';

const cachedDigestSchema = z.object({ bytes: z.int(), modifiedMs: z.number(), sha256: z.string().length(64) });

/**
 * SHA-256 of a model file. Hashing gigabytes at every start would take longer than loading them, so the result is
 * kept beside the file and believed as long as size and time of change are the same.
 */
export async function modelDigest(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  const cached = await readCached(path);
  if (cached?.bytes === size && cached.modifiedMs === mtimeMs) return cached.sha256;
  const sha256 = await sha256File(path);
  await rememberDigest(path, sha256);
  return sha256;
}

/** Writes what an installation has just verified, so that the file is not read a second time. */
export async function rememberDigest(path: string, sha256: string): Promise<void> {
  const { size, mtimeMs } = await stat(path);
  const temporary = `${digestPath(path)}.${process.pid}`;
  try {
    await writeFile(temporary, JSON.stringify({ bytes: size, modifiedMs: mtimeMs, sha256 }));
    await rename(temporary, digestPath(path));
  } catch {
    // A read-only model folder (an image, a shared mount) is fine: it costs one hash per process.
  }
}

async function readCached(path: string): Promise<z.infer<typeof cachedDigestSchema> | null> {
  try {
    return cachedDigestSchema.parse(JSON.parse(await readFile(digestPath(path), 'utf8')));
  } catch {
    return null;
  }
}
