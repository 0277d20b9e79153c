import type { Redis } from 'ioredis';
import { replies } from '../redis/faults.ts';
import { ALL_KEYS } from '../redis/keys/access.ts';
import type { Keys } from '../redis/keys.ts';
import type { Retention } from '../redis/settings.ts';
import { DAY_MS, daysBetween, periodsAt } from './usage-period.ts';

/** What a voice has spoken of a text. `voice`: as its engine names it, or the id of one of the key's own. */
export interface VoiceUse {
  voice: string;
  kind: 'stock' | 'blend' | 'own';
  /** Charged. */
  characters: number;
  /** Of speech, without the silence between pieces. */
  audioMs: number;
}

/** What a voice has spoken on a day (UTC); a text counts on the day it was accepted, once it is completed. */
export interface VoiceDay extends Pick<VoiceUse, 'voice' | 'characters' | 'audioMs'> {
  day: string;
  /** Texts in which it was heard. */
  jobs: number;
}

/** Of a key and day; more than engines have, so only blends can be too many. */
export const MOST_VOICES = 64;
/** Stands for those beyond. */
const OTHER_VOICES = 'other';

/** What voices have spoken, by day. It is counted by lua/end.lua, among what the key used. */
export class VoiceUsage {
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, keys: Keys) {
    this.#redis = redis;
    this.#keys = keys;
  }

  /** Oldest day first, most characters first in each. `first` and `last`: as `2026-11-21`, inclusive. */
  ofKey(keyId: string | null, first: string, last: string): Promise<VoiceDay[]> {
    return this.#read(keyId, first, last);
  }

  /** The same of all keys together. */
  ofAll(first: string, last: string): Promise<VoiceDay[]> {
    return this.#read(ALL_KEYS, first, last);
  }

  async #read(keyId: string | null, first: string, last: string): Promise<VoiceDay[]> {
    const days = daysBetween(first, last);
    const pipeline = this.#redis.pipeline();
    for (const day of days) pipeline.hgetall(this.#keys.access.usage(keyId, day));
    const found = (await replies(pipeline)) as Record<string, string>[];
    return days.flatMap((day, at) => voicesOf(day, found[at] ?? {}));
  }
}

const FIELD = /^voice:jobs:(.+)$/;

function voicesOf(day: string, counted: Readonly<Record<string, string>>): VoiceDay[] {
  const of = (figure: string, voice: string) => Number(counted[`voice:${figure}:${voice}`] ?? 0);
  return Object.entries(counted)
    .flatMap(([field, jobs]) => {
      const [, voice] = FIELD.exec(field) ?? [];
      if (voice === undefined) return [];
      return [{ day, voice, jobs: Number(jobs), characters: of('characters', voice), audioMs: of('audioMs', voice) }];
    })
    .sort((a, b) => b.characters - a.characters || (a.voice < b.voice ? -1 : 1));
}

/** As lua/include/voice-use.lua counts it. null: nothing was spoken. */
export function voiceUseArgument(keys: Keys, voices: readonly VoiceUse[]) {
  if (voices.length === 0) return null;
  const { ownVoicesStem } = keys.access;
  return { all: ALL_KEYS, other: OTHER_VOICES, most: MOST_VOICES, ownVoicesStem, voices };
}

/** Where what a key used is counted by voice: all days that are kept. */
export function usageOfDays(keys: Keys, { usageMs }: Retention, keyId: string | null, nowMs: number): string[] {
  const dayOf = (ms: number) => periodsAt(ms).day;
  return daysBetween(dayOf(nowMs - usageMs - DAY_MS), dayOf(nowMs)).map((day) => keys.access.usage(keyId, day));
}
