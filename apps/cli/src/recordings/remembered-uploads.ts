import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** No service keeps an upload that stands still for as long by default; what is older here is of no use. */
const KEEP_MS = 7 * 24 * 3_600_000;

/**
 * Which uploads were begun, so that the same command goes on with them after an interrupt: one small file for each, named
 * after the service and the recording as it was. A folder that cannot be written only means that nothing is remembered.
 */
export class RememberedUploads {
  readonly #folder: string;
  readonly #server: string;

  constructor(folder: string, server: string) {
    this.#folder = folder;
    this.#server = server;
  }

  /** null: none was begun, or the recording has changed since. */
  async find(path: string): Promise<string | null> {
    const text = await readFile(await this.#fileOf(path), 'utf8').catch(() => '');
    return text.trim() || null;
  }

  async remember(path: string, uploadId: string): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true });
      await this.#removeOld();
      await writeFile(await this.#fileOf(path), `${uploadId}\n`, { mode: 0o600 });
    } catch {
      // Then the next run begins at the first byte.
    }
  }

  async forget(path: string): Promise<void> {
    await rm(await this.#fileOf(path), { force: true }).catch(() => {});
  }

  async #fileOf(path: string): Promise<string> {
    const { size, mtimeMs } = await stat(path);
    const recording = [this.#server, resolve(path), size, mtimeMs].join('\0');
    return join(this.#folder, createHash('sha256').update(recording).digest('hex'));
  }

  async #removeOld(): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const file = join(this.#folder, name);
      if ((await stat(file)).mtimeMs < Date.now() - KEEP_MS) await rm(file, { force: true });
    }
  }
}
