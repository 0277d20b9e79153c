import {
  consentIdSchema,
  MAX_OWN_VOICES,
  MAX_VOICE_CONSENTS,
  type MatchedVoice,
  matchedVoiceSchema,
  ownVoiceIdSchema,
  voiceprintSchema,
} from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { reach } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { readOrSkip } from '../redis/readable.ts';
import { runScript } from '../redis/scripts.ts';
import { type QueueSettings, Retention } from '../redis/settings.ts';
import { usageOfDays } from './voice-use.ts';

const common = {
  name: z.string(),
  createdAtMs: z.int(),
  /** The recording. */
  blobKey: z.string(),
};

const consentSchema = z.object({
  id: consentIdSchema,
  ...common,
  /** BCP 47, of the recording. */
  language: z.string(),
  /** How the person sounds: whose sample it may be. */
  ...voiceprintSchema.shape,
});
/** A recording in which somebody agrees that a voice is made of theirs. */
export type VoiceConsent = z.infer<typeof consentSchema>;

const ownVoiceSchema = z.object({
  id: ownVoiceIdSchema,
  ...common,
  /** Id of the consent, without which it is not. */
  consent: consentIdSchema,
  /** The job that makes it. */
  jobId: z.uuid(),
  /** Absent: it is not made yet, and perhaps never. */
  matched: matchedVoiceSchema.optional(),
});
/** A voice that an API key has made of a sample. */
export type OwnVoice = z.infer<typeof ownVoiceSchema>;

const STEMS = { consent: 'cons_', voice: 'voice_' } as const;
/** Stands for every id, in lua/put-own-voice.lua. */
const ALL = '';
/** Somebody else changed the same record each time. */
const TRIES = 10;

/**
 * Consents and own voices of each API key, and those of nobody while keys are off. Work has only the id of a voice, and reads it
 * whenever it speaks, so one that is deleted speaks no more, wherever it was asked for. A consent that is deleted takes its voices
 * with it.
 */
export class OwnVoices {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #settings: QueueSettings;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#settings = settings;
  }

  async putConsent(keyId: string | null, consent: VoiceConsent): Promise<'stored' | 'full'> {
    const argument = { id: consent.id, stem: STEMS.consent, most: MAX_VOICE_CONSENTS };
    return (await this.#put(keyId, argument, JSON.stringify(consent))) as 'stored' | 'full';
  }

  async putVoice(keyId: string | null, voice: OwnVoice): Promise<'stored' | 'full' | 'no_consent'> {
    const argument = { id: voice.id, stem: STEMS.voice, most: MAX_OWN_VOICES, consent: voice.consent };
    return (await this.#put(keyId, argument, JSON.stringify(voice))) as 'stored' | 'full' | 'no_consent';
  }

  /** Oldest first. */
  consents(keyId: string | null): Promise<VoiceConsent[]> {
    return this.#all(keyId, STEMS.consent, consentSchema);
  }

  /** Oldest first. */
  voices(keyId: string | null): Promise<OwnVoice[]> {
    return this.#all(keyId, STEMS.voice, ownVoiceSchema);
  }

  /** null: the key has none of this id. */
  async consent(keyId: string | null, id: string): Promise<VoiceConsent | null> {
    return this.#read(consentSchema, id, await this.#json(keyId, id));
  }

  async voice(keyId: string | null, id: string): Promise<OwnVoice | null> {
    return this.#read(ownVoiceSchema, id, await this.#json(keyId, id));
  }

  /** null: the key has no consent of this id. */
  renameConsent(keyId: string | null, id: string, name: string): Promise<VoiceConsent | null> {
    return this.#change(keyId, id, consentSchema, (consent) => ({ ...consent, name }));
  }

  renameVoice(keyId: string | null, id: string, name: string): Promise<OwnVoice | null> {
    return this.#change(keyId, id, ownVoiceSchema, (voice) => ({ ...voice, name }));
  }

  /** It has been made. null: it has been deleted meanwhile. */
  finish(keyId: string | null, id: string, matched: MatchedVoice): Promise<OwnVoice | null> {
    return this.#change(keyId, id, ownVoiceSchema, (voice) => ({ ...voice, matched }));
  }

  /** A consent goes with its voices, and a voice with what is counted of its use. @returns the ids of what is gone */
  async delete(keyId: string | null, id: string): Promise<string[]> {
    const usage = usageOfDays(this.#keys, new Retention(this.#settings), keyId, Date.now());
    return (await this.#put(keyId, { id, usage }, '')) as string[];
  }

  /** All of a key. */
  async deleteAll(keyId: string): Promise<void> {
    await this.delete(keyId, ALL);
  }

  async has(keyId: string | null, id: string): Promise<boolean> {
    return (await this.#json(keyId, id)) !== null;
  }

  async #change<T extends { id: string }>(
    keyId: string | null,
    id: string,
    schema: z.ZodType<T>,
    change: (record: T) => T,
  ): Promise<T | null> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const before = await this.#json(keyId, id);
      const record = this.#read(schema, id, before);
      if (before === null || record === null) return null;
      const changed = change(record);
      if ((await this.#put(keyId, { id }, JSON.stringify(changed), before)) === 'stored') return changed;
    }
    throw new Error(`${id} was changed by others ${TRIES} times in a row`);
  }

  #put(keyId: string | null, argument: Record<string, unknown>, ...bodies: string[]): Promise<unknown> {
    return runScript(this.#redis, 'put-own-voice', [this.#keys.access.ownVoices(keyId)], argument, ...bodies);
  }

  #json(keyId: string | null, id: string): Promise<string | null> {
    return reach(this.#redis.hget(this.#keys.access.ownVoices(keyId), id));
  }

  async #all<T extends { createdAtMs: number }>(
    keyId: string | null,
    stem: string,
    schema: z.ZodType<T>,
  ): Promise<T[]> {
    const records = await reach(this.#redis.hgetall(this.#keys.access.ownVoices(keyId)));
    return Object.entries(records)
      .filter(([id]) => id.startsWith(stem))
      .map(([id, record]) => this.#read(schema, id, record))
      .filter((record) => record !== null)
      .sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  #read<S extends z.ZodType>(schema: S, id: string, record: string | null): z.output<S> | null {
    if (record === null) return null;
    return readOrSkip(this.#settings, 'voice', id, () => schema.parse(JSON.parse(record)));
  }
}
