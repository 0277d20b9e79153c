import { type Keyterm, keytermSchema } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { reach } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { readOrSkip } from '../redis/readable.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';

/** A named list of terms, of one API key. */
export interface Vocabulary {
  name: string;
  /** 1 when it is created, one more each time that it is replaced. */
  version: number;
  updatedAtMs: number;
  keyterms: Keyterm[];
}

export type PutVocabulary = { outcome: 'created' | 'replaced'; version: number } | { outcome: 'full' };

const termsSchema = z.array(keytermSchema);

/**
 * Named lists of each API key, and those of nobody while keys are off. Only the newest version is kept: a run has the terms that
 * its request found, so replacing or deleting a list changes no work that was accepted before.
 */
export class Vocabularies {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #settings: QueueSettings;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#settings = settings;
  }

  /** @param most lists that the key may have */
  async put(keyId: string | null, name: string, keyterms: readonly Keyterm[], most: number): Promise<PutVocabulary> {
    const key = this.#keys.access.vocabularies(keyId);
    const argument = { name, now: Date.now(), most };
    const reply = await runScript(this.#redis, 'put-vocabulary', [key], argument, JSON.stringify(keyterms));
    const [outcome, version] = reply as ['created' | 'replaced' | 'full', number];
    return outcome === 'full' ? { outcome } : { outcome, version };
  }

  /** null: the key has no list of this name. */
  async find(keyId: string | null, name: string): Promise<Vocabulary | null> {
    const record = await reach(this.#redis.hget(this.#keys.access.vocabularies(keyId), name));
    return record === null ? null : this.#read(name, record);
  }

  /** By name. */
  async list(keyId: string | null): Promise<Vocabulary[]> {
    const records = await reach(this.#redis.hgetall(this.#keys.access.vocabularies(keyId)));
    return Object.entries(records)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, record]) => this.#read(name, record))
      .filter((vocabulary) => vocabulary !== null);
  }

  /** false: there was none. */
  async delete(keyId: string | null, name: string): Promise<boolean> {
    return (await reach(this.#redis.hdel(this.#keys.access.vocabularies(keyId), name))) > 0;
  }

  #read(name: string, record: string): Vocabulary | null {
    return readOrSkip(this.#settings, 'vocabulary', name, () => {
      const [, version, updatedAtMs, terms = ''] = /^(\d+) (\d+) (.*)$/s.exec(record) ?? [];
      return {
        name,
        version: Number(version),
        updatedAtMs: Number(updatedAtMs),
        keyterms: termsSchema.parse(JSON.parse(terms)),
      };
    });
  }
}
