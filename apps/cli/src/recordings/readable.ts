import { constants, type Stats } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { CommandError, EXIT } from '../exit-codes.ts';

/** A path that a command was given, and what it is. */
export interface Named {
  path: string;
  about: Stats;
}

/**
 * Looks at paths before anything is sent or started: a slip of the pen in the third of them should not cost an hour.
 * @param isWanted null, or what is wrong with a path that is there
 * @throws CommandError that names every problem
 */
export async function mustBeReadable(
  paths: readonly string[],
  isWanted: (about: Stats) => string | null,
): Promise<Named[]> {
  const looks = await Promise.all(paths.map((path) => look(path, isWanted)));
  const problems = looks.filter((found) => typeof found === 'string');
  if (problems.length > 0) throw new CommandError(problems.join('\n'), EXIT.unreadable);
  return looks.filter((found) => typeof found !== 'string');
}

async function look(path: string, isWanted: (about: Stats) => string | null): Promise<Named | string> {
  const about = await stat(path).catch(() => null);
  if (about === null) return `${path}: there is no such file`;
  const problem = isWanted(about);
  if (problem !== null) return `${path}: ${problem}`;
  return (await isReadable(path)) ? { path, about } : `${path}: you may not read it`;
}

const isReadable = (path: string): Promise<boolean> =>
  access(path, constants.R_OK).then(
    () => true,
    () => false,
  );

export const unlessFile = (about: Stats): string | null => (about.isFile() ? null : 'is not a file');
