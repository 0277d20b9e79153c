import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { type Cage, findCage } from './cage.ts';

/** What decoding runs; looked for once, when the worker starts. */
export interface MediaTools {
  ffmpegPath: string;
  /** util-linux's prlimit, which limits what a hostile file can make ffmpeg do; null where it is not installed. */
  prlimitPath: string | null;
  /** Keeps ffmpeg from other files and from the network; null where the system does not allow one. */
  cage: Cage | null;
}

/** The system's ffmpeg, else the one of the npm package. */
export async function findMediaTools(searchPath: string): Promise<MediaTools> {
  const ffmpegPath = (await findProgram('ffmpeg', searchPath)) ?? packagedFfmpeg();
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

async function findProgram(name: string, searchPath: string): Promise<string | null> {
  for (const folder of searchPath.split(delimiter).filter((entry) => entry !== '')) {
    const path = join(folder, name);
    const usable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return path;
  }
  return null;
}

/** The package throws a plain string on platforms it has no binary for. */
export function packagedFfmpeg(): string {
  try {
    const require = createRequire(import.meta.url);
    const installer: { path: string } = require('@ffmpeg-installer/ffmpeg');
    return installer.path;
  } catch (error) {
    throw new Error('No ffmpeg was found. Install it (Debian: apt install ffmpeg, macOS: brew install ffmpeg).', {
      cause: error,
    });
  }
}
