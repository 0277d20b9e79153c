import { appendFile, mkdir, readdir, unlink } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

/**
 * Lines in a file of their day (UTC): `audit.jsonl` becomes `audit-2026-11-21.jsonl`. Nothing is ever renamed, and lines
 * are whole in each write to the file's end: so several processes can write the same file, and rotation loses nothing.
 * Where they cannot (on a network disk), each has a file of its own: what follows the first dot of a name is its writer
 * (`audit.api-7d9f.jsonl`), and each of them removes old files of all, as a writer may never come back.
 */
export class DailyFile {
  readonly #folder: string;
  readonly #stem: string;
  /** The stem without its writer. */
  readonly #family: string;
  readonly #extension: string;
  readonly #keepDays: number;
  #day = '';
  #written: Promise<void> = Promise.resolve();

  constructor(path: string, keepDays: number) {
    this.#folder = dirname(path);
    this.#extension = extname(path);
    this.#stem = basename(path, this.#extension);
    this.#family = this.#stem.split('.')[0] || this.#stem;
    this.#keepDays = keepDays;
  }

  /** In the order of the calls. Rejects when the lines could not be written; later ones are tried all the same. */
  append(lines: readonly string[], now = new Date()): Promise<void> {
    const written = this.#written.then(() => this.#append(lines, now));
    this.#written = written.catch(() => {});
    return written;
  }

  /** Resolves when every line is written or given up. */
  async idle(): Promise<void> {
    await this.#written;
  }

  async #append(lines: readonly string[], now: Date): Promise<void> {
    const day = now.toISOString().slice(0, 10);
    if (day !== this.#day) await this.#turnTo(day, now);
    await appendFile(
      join(this.#folder, `${this.#stem}-${day}${this.#extension}`),
      lines.map((line) => `${line}\n`).join(''),
      { mode: 0o600 },
    );
  }

  async #turnTo(day: string, now: Date): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    this.#day = day;
    const oldest = new Date(now.getTime() - this.#keepDays * 86_400_000).toISOString().slice(0, 10);
    const names = await readdir(this.#folder);
    const old = names.filter((name) => {
      const dayOf = this.#dayOf(name);
      return dayOf !== null && dayOf < oldest;
    });
    // Another process may have been quicker.
    await Promise.allSettled(old.map((name) => unlink(join(this.#folder, name))));
  }

  #dayOf(name: string): string | null {
    if (!name.startsWith(this.#family) || !name.endsWith(this.#extension)) return null;
    const rest = name.slice(this.#family.length, name.length - this.#extension.length);
    return /^(?:\..+)?-(\d{4}-\d\d-\d\d)$/.exec(rest)?.[1] ?? null;
  }
}
