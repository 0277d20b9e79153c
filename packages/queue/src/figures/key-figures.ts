import type { ApiKey } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { ApiKeys } from '../access/api-keys.ts';
import { Usage } from '../access/usage.ts';
import { Backlog } from '../order/backlog.ts';
import type { UnfinishedRun } from '../order/fair-share.ts';
import type { QueueSettings } from '../redis/settings.ts';

/** Of so many keys: each is a label of a metric, and Prometheus keeps every label it has seen. */
const TOP = 5;

/** So many keys are asked for their limits, those with the most work first. */
const ASKED = 20;

/** Unfinished work of a key; `other`: of all that are not among the first. */
const keyBacklogSchema = z.object({ key: z.string(), runs: z.number(), audioMs: z.number() });
/** How much of one of its limits a key has used, 0-1 and, after a limit was lowered, above. */
const saturationSchema = z.object({
  key: z.string(),
  limit: z.enum(['concurrent_jobs', 'queued_minutes', 'day', 'month']),
  ratio: z.number(),
});

export const keyFiguresSchema = z.object({ backlog: z.array(keyBacklogSchema), saturation: z.array(saturationSchema) });
export type KeyFigures = z.infer<typeof keyFiguresSchema>;
type KeyBacklog = z.infer<typeof keyBacklogSchema>;
type Saturation = z.infer<typeof saturationSchema>;

/** Stands for work without a key; no API key has this id. */
const NO_KEY = 'none';

/** The few keys that matter most to an operator: who has the most work waiting, and who is about to be refused. */
export class KeyReader {
  readonly #apiKeys: ApiKeys;
  readonly #usage: Usage;
  readonly #backlog: Backlog;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#apiKeys = new ApiKeys(redis, settings);
    this.#usage = new Usage(redis, settings);
    this.#backlog = new Backlog(redis, settings);
  }

  /** @param runs the unfinished ones */
  async read(runs: readonly UnfinishedRun[], nowMs = Date.now()): Promise<KeyFigures> {
    const backlog = backlogsOf(runs);
    const busiest = backlog.filter(({ key }) => key !== NO_KEY).slice(0, ASKED);
    const saturated = await Promise.all(busiest.map(({ key }) => this.#saturationOf(key, nowMs)));
    const saturation = saturated
      .flat()
      .sort((a, b) => b.ratio - a.ratio)
      .slice(0, TOP);
    return { backlog: topOf(backlog), saturation };
  }

  async #saturationOf(keyId: string, nowMs: number): Promise<Saturation[]> {
    const key = await this.#apiKeys.find(keyId);
    if (key === null) return [];
    const [quotas, { runs, cost }] = await Promise.all([this.#usage.quotas(key, nowMs), this.#backlog.sizeOf(keyId)]);
    const used = quotas.map(({ name, used: done, reserved, limit }) => {
      return { key: keyId, limit: name, ratio: (done + reserved) / Math.max(1, limit) };
    });
    return [...used, ...waitingOf(key, runs, cost)];
  }
}

function waitingOf({ id, limits }: ApiKey, runs: number, audioMs: number): Saturation[] {
  const { concurrentJobs, queuedMinutes } = limits;
  return [
    ...(concurrentJobs === null ? [] : [{ key: id, limit: 'concurrent_jobs' as const, ratio: runs / concurrentJobs }]),
    ...(queuedMinutes === null
      ? []
      : [{ key: id, limit: 'queued_minutes' as const, ratio: audioMs / 60_000 / queuedMinutes }]),
  ];
}

/** Of each key, the most audio first. */
function backlogsOf(runs: readonly UnfinishedRun[]): KeyBacklog[] {
  const sums = new Map<string, KeyBacklog>();
  for (const { keyId, cost } of runs) {
    const key = keyId ?? NO_KEY;
    const sum = sums.get(key) ?? { key, runs: 0, audioMs: 0 };
    sums.set(key, { key, runs: sum.runs + 1, audioMs: sum.audioMs + cost });
  }
  return [...sums.values()].sort((a, b) => b.audioMs - a.audioMs);
}

function topOf(backlog: readonly KeyBacklog[]): KeyBacklog[] {
  const rest = backlog.slice(TOP);
  if (rest.length === 0) return [...backlog];
  const sum = (of: 'runs' | 'audioMs') => rest.reduce((all, one) => all + one[of], 0);
  return [...backlog.slice(0, TOP), { key: 'other', runs: sum('runs'), audioMs: sum('audioMs') }];
}
