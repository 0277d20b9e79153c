import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { describeEnv } from './env.ts';

/** What a reload found; names only. */
export interface EnvChanges {
  /** In effect now. */
  changed: string[];
  /** Takes effect when the process starts again. */
  needsRestart: string[];
}

/**
 * Takes over what has changed in the .env file, or in the file of a secret, while the process runs: entries marked
 * `reload` at once, the others are only named. `apply` gets the configuration in effect.
 */
export class EnvReload<S extends z.ZodRawShape> {
  readonly #reloadable: ReadonlySet<string>;
  readonly #read: () => z.output<z.ZodObject<S>>;
  readonly #apply: (env: z.output<z.ZodObject<S>>) => void;
  #env: z.output<z.ZodObject<S>>;

  constructor(options: {
    schema: z.ZodObject<S>;
    /** In effect now. */
    env: z.output<z.ZodObject<S>>;
    /** @throws EnvError */
    read(): z.output<z.ZodObject<S>>;
    /** @throws EnvError when values contradict each other; nothing has been applied then. */
    apply(env: z.output<z.ZodObject<S>>): void;
  }) {
    const rows = describeEnv(options.schema);
    this.#reloadable = new Set(rows.filter(({ reload }) => reload).map(({ name }) => name));
    this.#env = options.env;
    this.#read = options.read;
    this.#apply = options.apply;
  }

  /** @throws EnvError: the configuration in effect stays as it was. */
  run(): EnvChanges {
    const fresh = this.#read();
    const different = Object.keys({ ...this.#env, ...fresh }).filter(
      (name) => !isDeepStrictEqual(this.#env[name as keyof typeof fresh], fresh[name as keyof typeof fresh]),
    );
    const changed = different.filter((name) => this.#reloadable.has(name));
    const now = { ...this.#env };
    for (const name of changed as (keyof typeof now)[]) now[name] = fresh[name];
    if (changed.length > 0) this.#apply(now);
    this.#env = now;
    return { changed, needsRestart: different.filter((name) => !this.#reloadable.has(name)) };
  }
}
