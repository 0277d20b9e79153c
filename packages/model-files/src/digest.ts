import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { sha256File } from './checksum.ts';

/** Beside the file: its SHA-256, with the size and time for which it was computed. */
export const digestPath = (modelFile: string): string => join(modelFile, '..', `.${basename(modelFile)}.sha256.json`);

const cachedDigestSchema = z.object({ bytes: z.int(), modifiedMs: z.number(), sha256: z.string().length(64) });
type CachedDigest = z.infer<typeof cachedDigestSchema>;

/** What this process hashed itself: all there is of it where the folder cannot be written. */
const ownDigests = new Map<string, CachedDigest>();

/**
 * SHA-256 of a model file. Hashing gigabytes at every start would take longer than loading them, so the result is
 * kept beside the file and believed as long as size and time of change are the same. A folder that cannot be written
 * (an image, a shared mount) costs one hash for each process.
 */
export async function modelDigest(path: string): Promise<string> {
  // The size and time are those of before: a file that changes while it is read is read again.
  const { size: bytes, mtimeMs: modifiedMs } = await stat(path);
  const isSame = (cached: CachedDigest | null | undefined) =>
    cached?.bytes === bytes && cached.modifiedMs === modifiedMs;
  const cached = [ownDigests.get(path), await readCached(path)].find(isSame);
  if (cached) return cached.sha256;
  const digest = { bytes, modifiedMs, sha256: await sha256File(path) };
  ownDigests.set(path, digest);
  await write(path, digest);
  return digest.sha256;
}

/** Writes what an installation has just verified, so that the file is not read a second time. */
export async function rememberDigest(path: string, sha256: string): Promise<void> {
  const { size: bytes, mtimeMs: modifiedMs } = await stat(path);
  await write(path, { bytes, modifiedMs, sha256 });
}

async function write(path: string, digest: CachedDigest): Promise<void> {
  const temporary = `${digestPath(path)}.${process.pid}`;
  try {
    await writeFile(temporary, JSON.stringify(digest));
    await rename(temporary, digestPath(path));
  } catch {
    // A folder that cannot be written.
  }
}

async function readCached(path: string): Promise<CachedDigest | null> {
  try {
    return cachedDigestSchema.parse(JSON.parse(await readFile(digestPath(path), 'utf8')));
  } catch {
    return null;
  }
}
