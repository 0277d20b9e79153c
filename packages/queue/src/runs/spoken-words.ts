import { type SpokenWord, spokenWordSchema } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { reach } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { ScriptParts } from '../redis/script-parts.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';

/** Longer than any text is spoken. */
const KEEP_MS = 7 * 24 * 3_600_000;

const wordsSchema = z.array(spokenWordSchema);

/** When the words of a text are heard, piece by piece, while it is spoken. They end with the work: the result has them. */
export class SpokenWords {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #parts: ScriptParts;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#parts = new ScriptParts(this.#keys);
  }

  /** @param words from the beginning of their piece. false: they were known before, or the run has ended */
  async put(runId: string, index: number, words: readonly SpokenWord[]): Promise<boolean> {
    const { runs } = this.#keys;
    const reply = await runScript(
      this.#redis,
      'child-words',
      [runs.record(runId), runs.words(runId)],
      { index, keepMs: KEEP_MS, feed: this.#parts.feed(runId) },
      JSON.stringify(words),
      JSON.stringify({ type: 'words', index, words }),
    );
    return reply === 'stored';
  }

  async has(runId: string, index: number): Promise<boolean> {
    return (await reach(this.#redis.hexists(this.#keys.runs.words(runId), String(index)))) === 1;
  }

  /** By the index of their piece. */
  async all(runId: string): Promise<Map<number, SpokenWord[]>> {
    const found = await reach(this.#redis.hgetall(this.#keys.runs.words(runId)));
    return new Map(Object.entries(found).map(([index, json]) => [Number(index), wordsSchema.parse(JSON.parse(json))]));
  }
}
