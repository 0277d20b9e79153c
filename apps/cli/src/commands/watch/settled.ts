import type { FoundFile } from '../../recordings/find-recordings.ts';

interface Seen {
  bytes: number;
  modifiedMs: number;
  /** Since when it has been like this, on the caller's clock. */
  sinceMs: number;
}

/**
 * Tells which files nobody writes any more: those that have had the same size and time for `settleMs`. A file that
 * changes later is told again.
 */
export class SettledFiles {
  readonly #settleMs: number;
  readonly #seen = new Map<string, Seen>();
  /** Told, and the same since. */
  readonly #told = new Set<string>();

  constructor(settleMs: number) {
    this.#settleMs = settleMs;
  }

  /** @returns those of `files` that have settled since the last look. */
  look(files: readonly FoundFile[], nowMs: number): FoundFile[] {
    const paths = new Set(files.map(({ path }) => path));
    for (const path of this.#seen.keys()) if (!paths.has(path)) this.#forget(path);
    return files.filter((file) => this.#hasSettled(file, nowMs));
  }

  #hasSettled({ path, bytes, modifiedMs }: FoundFile, nowMs: number): boolean {
    const seen = this.#seen.get(path);
    if (seen === undefined || seen.bytes !== bytes || seen.modifiedMs !== modifiedMs) {
      this.#forget(path);
      this.#seen.set(path, { bytes, modifiedMs, sinceMs: nowMs });
      return false;
    }
    if (bytes === 0 || this.#told.has(path) || nowMs - seen.sinceMs < this.#settleMs) return false;
    this.#told.add(path);
    return true;
  }

  #forget(path: string): void {
    this.#seen.delete(path);
    this.#told.delete(path);
  }
}
