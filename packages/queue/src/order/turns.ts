import type { Lane, Run } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { COST_UNIT_NAMES } from '../catalog/costs.ts';
import { PRIORITY_STEP, prioritized } from '../redis/bullmq-layout.ts';
import { ANONYMOUS_KEY } from '../redis/keys/access.ts';
import type { Keys } from '../redis/keys.ts';
import { runScript } from '../redis/scripts.ts';
import { LANE_RANGES, prioritiesOf, type Turn } from './priorities.ts';

/** How long turns are kept in a lane to which nothing is added. */
const IDLE_TURNS_TTL_MS = 3_600_000;

/**
 * Takes the next turn of a run's key in that queue and lane, for all processes together, and returns the priorities of
 * the run's next jobs.
 */
export async function takeTurns(
  redis: Redis,
  keys: Keys,
  queue: string,
  { keyId, lane }: { keyId: Run['keyId']; lane: Lane },
  count: number,
): Promise<number[]> {
  const turn = turnIn(keys, queue, lane);
  const reply = await runScript(redis, 'take-turns', [turn.turns], {
    turn,
    record: keys.access.apiKey(keyId ?? ANONYMOUS_KEY),
    field: keyId ?? ANONYMOUS_KEY,
    backlogs: COST_UNIT_NAMES.map((unit) => keys.order.backlogOfKey(keyId, unit)),
  });
  return prioritiesOf(lane, turnOf(reply as TurnReply), count);
}

/** What a script needs to take a turn; see lua/include/turns.lua. */
export function turnIn(keys: Keys, queue: string, lane: Lane) {
  const { before, size } = LANE_RANGES[lane];
  return {
    waiting: prioritized(keys.prefix, queue),
    turns: keys.order.turns(queue, lane),
    before,
    size,
    step: PRIORITY_STEP,
    idleMs: IDLE_TURNS_TTL_MS,
  };
}

/** A turn as scripts return it: its start and the key's weight as text, and the number of the key's unfinished runs. */
export type TurnReply = [start: string, weight: string, runs: number];

export function turnOf([start, weight, runs]: TurnReply): Turn {
  return { start: Number(start), weight: Number(weight), runs };
}
