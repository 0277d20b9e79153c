import { createWriteStream } from 'node:fs';
import { mkdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { guarded, storageFull } from './storage-error.ts';
import { sweepFolder } from './temporary-folder.ts';
import { temporaryName } from './temporary-name.ts';

/** Left free beside a file that is fetched. */
const RESERVE_BYTES = 64 * 1024 * 1024;

/** Local files for as long as a tool reads them. What a killed process leaves goes with the next one's first file. */
export class Scratch {
  readonly #folder: string;
  #ready: Promise<void> | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws SottoError `disk_full` before anything is fetched, when it would not fit. */
  async hold(bytes: number, open: () => Promise<Readable>): Promise<{ path: string; release(): Promise<void> }> {
    await this.#prepare();
    await this.#checkRoom(bytes);
    const path = join(this.#folder, temporaryName());
    const remove = () => guarded(() => rm(path, { force: true }));
    try {
      const content = await open();
      await guarded(() => pipeline(content, createWriteStream(path, { flags: 'wx', mode: 0o600 })));
    } catch (error) {
      await remove();
      throw error;
    }
    return { path, release: remove };
  }

  sweep(olderThanMs: number): Promise<number> {
    return sweepFolder(this.#folder, olderThanMs);
  }

  #prepare(): Promise<void> {
    this.#ready ??= guarded(async () => {
      await mkdir(this.#folder, { recursive: true });
      await this.sweep(Number.POSITIVE_INFINITY);
    }).catch((error: unknown) => {
      this.#ready = null;
      throw error;
    });
    return this.#ready;
  }

  async #checkRoom(bytes: number): Promise<void> {
    const { bavail, bsize } = await guarded(() => statfs(this.#folder));
    if (bavail * bsize < bytes + RESERVE_BYTES) throw storageFull();
  }
}
