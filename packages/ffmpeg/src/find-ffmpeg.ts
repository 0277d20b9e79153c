import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

/**
 * The system's ffmpeg, else the one of the npm package.
 *
 * @param searchPath folders, as in PATH
 * @throws Error that says how to install it
 */
export async function findFfmpeg(searchPath: string): Promise<string> {
  return (await findProgram('ffmpeg', searchPath)) ?? packagedFfmpeg();
}

/** null: it is not installed. */
export async function findProgram(name: string, searchPath: string): Promise<string | null> {
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
