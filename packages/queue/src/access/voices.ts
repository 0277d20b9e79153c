import { voiceprintSchema } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { reach } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { readOrSkip } from '../redis/readable.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';

const namedVoiceSchema = z.object({ ...voiceprintSchema.shape, id: z.uuid(), name: z.string() });
const voiceSchema = namedVoiceSchema.extend({
  /** How its owner came by it, in the owner's words. */
  consent: z.string(),
  createdAtMs: z.int(),
  /** Of speech in the sample. */
  speechMs: z.int(),
});

/** How somebody sounds, and the name that belongs to it. */
export type NamedVoice = z.infer<typeof namedVoiceSchema>;
/** One that an API key has stored. */
export type Voice = z.infer<typeof voiceSchema>;

/** As names are compared: without case, and with accents written one way. */
export const foldName = (name: string): string => name.normalize('NFC').toLowerCase();

/**
 * Voices of each API key, and those of nobody while keys are off. Work has only their ids, and reads them when it compares
 * them, so one that is deleted is recognized no more, wherever it was asked for.
 */
export class Voices {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #settings: QueueSettings;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#settings = settings;
  }

  /** @param most voices that the key may have */
  async put(keyId: string | null, voice: Voice, most: number): Promise<'created' | 'exists' | 'full'> {
    const folded = foldName(voice.name);
    const own = [this.#keys.access.voices(keyId)];
    const reply = await runScript(
      this.#redis,
      'put-voice',
      own,
      { id: voice.id, folded, most },
      JSON.stringify({ ...voice, folded }),
    );
    return reply as 'created' | 'exists' | 'full';
  }

  /** null: the key has no voice of this id. */
  async find(keyId: string | null, id: string): Promise<Voice | null> {
    return this.#read(voiceSchema, id, await reach(this.#redis.hget(this.#keys.access.voices(keyId), id)));
  }

  /** By name. */
  async list(keyId: string | null): Promise<Voice[]> {
    const records = await reach(this.#redis.hgetall(this.#keys.access.voices(keyId)));
    return Object.entries(records)
      .map(([id, record]) => this.#read(voiceSchema, id, record))
      .filter((voice) => voice !== null)
      .sort((a, b) => (foldName(a.name) < foldName(b.name) ? -1 : 1));
  }

  /** false: there was none. */
  async delete(keyId: string | null, id: string): Promise<boolean> {
    return (await reach(this.#redis.hdel(this.#keys.access.voices(keyId), id))) > 0;
  }

  /** All of a key. */
  async deleteAll(keyId: string): Promise<void> {
    await reach(this.#redis.del(this.#keys.access.voices(keyId)));
  }

  /** A voice for one request, which is not listed and is gone after `keepMs`. */
  async lend(keyId: string | null, voice: NamedVoice, keepMs: number): Promise<void> {
    const key = this.#keys.access.passingVoice(keyId, voice.id);
    await reach(this.#redis.set(key, JSON.stringify(voice), 'PX', Math.ceil(keepMs)));
  }

  async takeBack(keyId: string | null, ids: readonly string[]): Promise<void> {
    for (const id of ids) await reach(this.#redis.del(this.#keys.access.passingVoice(keyId, id)));
  }

  /** Those that are there now, stored or lent. */
  async named(keyId: string | null, ids: readonly string[]): Promise<NamedVoice[]> {
    if (ids.length === 0) return [];
    const stored = await reach(this.#redis.hmget(this.#keys.access.voices(keyId), ...ids));
    const records = ids.map(async (id, at) => {
      const record = stored[at] ?? (await reach(this.#redis.get(this.#keys.access.passingVoice(keyId, id))));
      return this.#read(namedVoiceSchema, id, record);
    });
    return (await Promise.all(records)).filter((voice) => voice !== null);
  }

  #read<S extends z.ZodType>(schema: S, id: string, record: string | null): z.output<S> | null {
    if (record === null) return null;
    return readOrSkip(this.#settings, 'voice', id, () => schema.parse(JSON.parse(record)));
  }
}
