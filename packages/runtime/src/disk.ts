import { statfs } from 'node:fs/promises';

export interface DiskReading {
  totalBytes: number;
  /** What this user may still write. */
  freeBytes: number;
  /** 0-100. */
  freePercent: number;
}

/** The filesystem that `folder` is on. */
export async function readDisk(folder: string): Promise<DiskReading> {
  const { blocks, bavail, bsize } = await statfs(folder);
  const freePercent = blocks === 0 ? 0 : (bavail / blocks) * 100;
  return { totalBytes: blocks * bsize, freeBytes: bavail * bsize, freePercent };
}
