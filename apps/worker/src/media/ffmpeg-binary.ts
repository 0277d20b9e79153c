import { delimiter } from 'node:path';
import { findFfmpeg, findProgram } from '@sotto/ffmpeg';
import { type Cage, findCage } from './cage.ts';

/** What decoding runs; looked for once, when the worker starts. */
export interface MediaTools {
  ffmpegPath: string;
  /** util-linux's prlimit, which limits what a hostile file can make ffmpeg do; null where it is not installed. */
  prlimitPath: string | null;
  /** Keeps ffmpeg from other files and from the network; null where the system does not allow one. */
  cage: Cage | null;
}

export async function findMediaTools(searchPath: string): Promise<MediaTools> {
  const ffmpegPath = await findFfmpeg(searchPath);
  const prlimitPath = process.platform === 'linux' ? await findProgram('prlimit', searchPath) : null;
  const pythonPath = process.platform === 'linux' ? await findPython(searchPath) : null;
  return { ffmpegPath, prlimitPath, cage: await findCage(pythonPath, ffmpegPath) };
}

/** The system's own first: others may be wrappers that need more than the cage allows. */
async function findPython(searchPath: string): Promise<string | null> {
  const folders = searchPath.split(delimiter);
  const own = folders.includes('/usr/bin') ? await findProgram('python3', '/usr/bin') : null;
  return own ?? findProgram('python3', searchPath);
}
