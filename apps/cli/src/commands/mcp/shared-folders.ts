import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { CommandError, EXIT } from '../../exit-codes.ts';

/** Folders that a program may use files of. Links are followed first, so none leads out of them. */
export class SharedFolders {
  readonly #folders: readonly string[];

  private constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /** @throws CommandError for one that is no folder */
  static async of(paths: readonly string[]): Promise<SharedFolders> {
    const folders = await Promise.all(
      paths.map(async (path) => {
        const about = await stat(path).catch(() => null);
        if (about?.isDirectory()) return realpath(path);
        throw new CommandError(`${path} is not a folder.`, EXIT.unreadable);
      }),
    );
    return new SharedFolders(folders);
  }

  /** @param path relative ones are of the first folder. @throws Error that says why it cannot be read */
  async existing(path: string): Promise<string> {
    const found = await realpath(this.#absolute(path)).catch(() => null);
    if (found === null) throw new Error(`There is no file ${path}.`);
    if (!(await stat(found)).isFile()) throw new Error(`${path} is not a file.`);
    return this.#mustHave(found, path);
  }

  /** For a new file. @throws Error that says why there can be none; its folder must be there */
  async fresh(path: string): Promise<string> {
    const absolute = this.#absolute(path);
    const folder = await realpath(dirname(absolute)).catch(() => null);
    if (folder === null) throw new Error(`There is no folder ${dirname(path)}.`);
    const target = this.#mustHave(join(folder, basename(absolute)), path);
    if ((await stat(target).catch(() => null)) !== null) throw new Error(`${path} is there already.`);
    return target;
  }

  #absolute(path: string): string {
    return resolve(this.#folders[0] ?? '.', path);
  }

  #mustHave(found: string, path: string): string {
    if (this.#folders.some((folder) => found.startsWith(folder.endsWith(sep) ? folder : folder + sep))) return found;
    throw new Error(`${path} is not in a folder that sotto mcp was given (${this.#folders.join(', ')}); see --folder.`);
  }
}
