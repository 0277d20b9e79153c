import type { Lane, Run, Upload } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { Keys } from '../redis/keys.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';
import type { UnfinishedRun } from './fair-share.ts';
import { SHORT_AUDIO_MS } from './priorities.ts';

/** Bytes of a second of sound, where nothing but the size of a file is known: 16-bit stereo, raw mono, AMR, 128 kbit/s. */
const BYTES_PER_SECOND: Partial<Record<Upload['container'], number>> = {
  wav: 176_400,
  aiff: 176_400,
  w64: 176_400,
  au: 176_400,
  flac: 90_000,
  pcm: 32_000,
  amr: 1_600,
};
const COMPRESSED_BYTES_PER_SECOND = 16_000;

/**
 * Before it is decoded, by the bytes a second that are usual for its kind: a film looks longer than it is, 16 kHz speech
 * in a WAV shorter.
 */
export function guessDurationMs({ container, bytes }: Pick<Upload, 'container' | 'bytes'>): number {
  return Math.round((bytes / (BYTES_PER_SECOND[container] ?? COMPRESSED_BYTES_PER_SECOND)) * 1000);
}

/** Small recordings are prepared in passing; others wait for a slot that decodes, in a queue of their own. */
export function isSmall(upload: Pick<Upload, 'container' | 'bytes'>): boolean {
  return guessDurationMs(upload) <= SHORT_AUDIO_MS;
}

/** Where a run waits for its first turn: small files go with the interactive ones, and cost them next to nothing. */
export function laneOfFirstTurn(run: Pick<Run, 'lane' | 'upload'>): Lane {
  return isSmall(run.upload) ? 'interactive' : run.lane;
}

/** An estimate does not get better by looking at more of them, and a script holds Redis up. */
const MAX_RUNS = 2_000;

/** Work that is accepted and not done. */
export interface BacklogSize {
  runs: number;
  /** Sound yet to be transcribed; of recordings not decoded yet, guessed from their size. */
  audioMs: number;
}

/** How much work is waiting or at hand, in all and of each key. Measured by the scripts that change it. */
export class Backlog {
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
  }

  size(): Promise<BacklogSize> {
    return this.#sum(this.#keys.backlog);
  }

  sizeOf(keyId: string | null): Promise<BacklogSize> {
    return this.#sum(this.#keys.backlogOf(keyId));
  }

  /** The runs of the backlog: at most so many, those with the least to go. */
  async runs(limit = MAX_RUNS): Promise<UnfinishedRun[]> {
    const { backlog, runStem, apiKeyStem } = this.#keys;
    const flat = (await runScript(this.#redis, 'unfinished', [backlog], [runStem, limit, apiKeyStem])) as string[];
    const runs: UnfinishedRun[] = [];
    for (let i = 0; i + 4 < flat.length; i += 5) {
      const [id = '', audioMs, lane, keyId, weight] = flat.slice(i, i + 5);
      const common = { id, audioMs: Number(audioMs), weight: Number(weight) || 1, keyId: keyId || null };
      runs.push({ ...common, lane: lane === 'interactive' ? 'interactive' : 'batch' });
    }
    return runs;
  }

  async #sum(key: string): Promise<BacklogSize> {
    const [runs, audioMs] = (await runScript(this.#redis, 'backlog', [key], [])) as [number, number];
    return { runs, audioMs };
  }
}

/**
 * Seconds until `excess` of a backlog is done.
 *
 * @param rtfx audio seconds per wall second of all workers; null: none has measured yet.
 */
export function secondsUntilDone(audioMs: number, rtfx: number | null): number {
  if (rtfx === null || rtfx <= 0) return UNMEASURED_WAIT_SECONDS;
  return Math.min(MAX_WAIT_SECONDS, Math.max(1, Math.ceil(audioMs / 1000 / rtfx)));
}

const UNMEASURED_WAIT_SECONDS = 10;
const MAX_WAIT_SECONDS = 3600;
