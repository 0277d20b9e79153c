import { execFileSync } from 'node:child_process';
import { mkdir, open, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@sotto/testkit';

const BYTES = 256 * 1024 ** 2;

/** Where uploads lie: a file system of its own where the tests may mount one, that can fill up and go away. */
export class Disk {
  readonly #folder: string;
  readonly isMounted: boolean;
  #link = '';

  private constructor(folder: string, isMounted: boolean) {
    this.#folder = folder;
    this.isMounted = isMounted;
  }

  static async open(): Promise<Disk> {
    const folder = await temporaryFolder('chaos-disk');
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${BYTES}`, 'tmpfs', folder], { stdio: 'ignore' });
      return new Disk(folder, true);
    } catch {
      return new Disk(folder, false);
    }
  }

  async appearAs(path: string): Promise<void> {
    this.#link = path;
    await mkdir(join(this.#folder, 'blobs'), { recursive: true });
    await this.return();
  }

  /** Not a byte is free, until `empty`. */
  async fill(): Promise<void> {
    const file = await open(join(this.#folder, 'filler'), 'w');
    const block = Buffer.alloc(1024 ** 2);
    try {
      for (let written = 0; written < 2 * BYTES; written += (await file.write(block)).bytesWritten);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      await file.close();
    }
  }

  async empty(): Promise<void> {
    await rm(join(this.#folder, 'filler'), { force: true });
  }

  /** Nothing can be read or written, until `return`. */
  async goAway(): Promise<void> {
    await this.#replace((path) => writeFile(path, ''));
  }

  async return(): Promise<void> {
    await this.#replace((path) => symlink(join(this.#folder, 'blobs'), path));
  }

  /** In one step: a process that writes in between would make a folder there. */
  async #replace(make: (path: string) => Promise<void>): Promise<void> {
    const next = `${this.#link}.next`;
    await make(next);
    await rename(next, this.#link);
  }

  async close(): Promise<void> {
    // Lazily: a process that was just killed may hold on to it for a moment.
    if (this.isMounted) execFileSync('umount', ['-l', this.#folder], { stdio: 'ignore' });
    await rm(this.#folder, { recursive: true, force: true });
  }
}
