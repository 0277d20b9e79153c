import { type Keyterm, keytermSchema, type NamedList, type Pronunciation, pronunciationSchema } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { reach } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { readOrSkip } from '../redis/readable.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings, RecordKind } from '../redis/settings.ts';

export type PutList = { outcome: 'created' | 'replaced'; version: number } | { outcome: 'full' };

interface Kind<T> {
  record: RecordKind;
  /** Of the hash with all lists of an API key. */
  keyOf(keys: Keys, keyId: string | null): string;
  entry: z.ZodType<T>;
}

/**
 * Named lists of each API key, and those of nobody while keys are off. Only the newest version is kept: a run has the entries
 * that its request found, so replacing or deleting a list changes no work that was accepted before.
 */
export class NamedLists<T> {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #settings: QueueSettings;
  readonly #kind: Kind<T>;
  readonly #entries: z.ZodType<T[]>;

  constructor(redis: Redis, settings: QueueSettings, kind: Kind<T>) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#settings = settings;
    this.#kind = kind;
    this.#entries = z.array(kind.entry);
  }

  /** @param most lists that the key may have */
  async put(keyId: string | null, name: string, entries: readonly T[], most: number): Promise<PutList> {
    const argument = { name, now: Date.now(), most };
    const reply = await runScript(this.#redis, 'put-named-list', [this.#key(keyId)], argument, JSON.stringify(entries));
    const [outcome, version] = reply as ['created' | 'replaced' | 'full', number];
    return outcome === 'full' ? { outcome } : { outcome, version };
  }

  /** null: the key has no list of this name. */
  async find(keyId: string | null, name: string): Promise<NamedList<T> | null> {
    const record = await reach(this.#redis.hget(this.#key(keyId), name));
    return record === null ? null : this.#read(name, record);
  }

  /** By name. */
  async list(keyId: string | null): Promise<NamedList<T>[]> {
    const records = await reach(this.#redis.hgetall(this.#key(keyId)));
    return Object.entries(records)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, record]) => this.#read(name, record))
      .filter((list) => list !== null);
  }

  /** false: there was none. */
  async delete(keyId: string | null, name: string): Promise<boolean> {
    return (await reach(this.#redis.hdel(this.#key(keyId), name))) > 0;
  }

  #key(keyId: string | null): string {
    return this.#kind.keyOf(this.#keys, keyId);
  }

  #read(name: string, record: string): NamedList<T> | null {
    return readOrSkip(this.#settings, this.#kind.record, name, () => {
      const [, version, updatedAtMs, entries = ''] = /^(\d+) (\d+) (.*)$/s.exec(record) ?? [];
      return {
        name,
        version: Number(version),
        updatedAtMs: Number(updatedAtMs),
        entries: this.#entries.parse(JSON.parse(entries)),
      };
    });
  }
}

/** Names and phrases that are expected in recordings. */
export class Vocabularies extends NamedLists<Keyterm> {
  constructor(redis: Redis, settings: QueueSettings) {
    super(redis, settings, {
      record: 'vocabulary',
      keyOf: (keys, keyId) => keys.access.vocabularies(keyId),
      entry: keytermSchema,
    });
  }
}

/** How words are said. */
export class Dictionaries extends NamedLists<Pronunciation> {
  constructor(redis: Redis, settings: QueueSettings) {
    super(redis, settings, {
      record: 'dictionary',
      keyOf: (keys, keyId) => keys.access.dictionaries(keyId),
      entry: pronunciationSchema,
    });
  }
}
