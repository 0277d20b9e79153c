import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@sotto/testkit';

/** Where Debian's package libfaketime puts it; it needs no privileges, and moves the clock of one process only. */
const LIBRARIES = ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`);

/** The clock on the wall, as API and workers see it; Redis has the true one, and timers count true time. */
export class Clock {
  readonly env: Record<string, string>;
  readonly #folder: string;

  private constructor(folder: string, env: Record<string, string>) {
    this.#folder = folder;
    this.env = env;
  }

  static async open(): Promise<Clock> {
    const folder = await temporaryFolder('chaos-clock');
    const library = LIBRARIES.find((path) => existsSync(path));
    if (library === undefined) return new Clock(folder, {});
    const clock = new Clock(folder, {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: join(folder, 'clock'),
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    });
    await clock.put(0);
    return clock;
  }

  get isMovable(): boolean {
    return this.env.LD_PRELOAD !== undefined;
  }

  /** So far from the true time, within a second. */
  async put(offsetSeconds: number): Promise<void> {
    await writeFile(join(this.#folder, 'clock'), `${offsetSeconds < 0 ? '' : '+'}${offsetSeconds}\n`);
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
