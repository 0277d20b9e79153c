import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { MEDIA_EXTENSIONS } from '@sotto/contracts';

export interface FoundFile {
  /** Relative to the folder. */
  path: string;
  bytes: number;
  modifiedMs: number;
}

const EXTENSIONS = new Set(MEDIA_EXTENSIONS.map((extension) => `.${extension}`));

/** Hidden files are other programs' half-written ones (`.talk.mp4.x7`). */
const isRecording = (path: string): boolean =>
  EXTENSIONS.has(extname(path).toLowerCase()) && !basename(path).startsWith('.');

/** The recordings in a folder by name; those that vanish meanwhile are not among them. */
export async function findRecordings(folder: string, isRecursive: boolean): Promise<FoundFile[]> {
  const paths = (await readdir(folder, { recursive: isRecursive })).filter(isRecording).sort();
  const found = await Promise.all(
    paths.map(async (path) => {
      const about = await stat(join(folder, path)).catch(() => null);
      return about?.isFile() ? { path, bytes: about.size, modifiedMs: about.mtimeMs } : null;
    }),
  );
  return found.filter((file) => file !== null);
}
