import type { Lane, Run } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import type { QueueName } from '../catalog/queues.ts';
import type { Keys } from '../redis/keys.ts';
import { runScript } from '../redis/scripts.ts';
import { LANE_RANGES, prioritiesOf, type Turn } from './priorities.ts';

/** Of a lane in which nothing has been added for so long. */
export const IDLE_TURNS_TTL_MS = 3_600_000;

/**
 * Priorities for the next jobs of a run: its key's turn in that queue and lane. Asking takes the turn, for all
 * processes together.
 */
export async function takeTurns(
  redis: Redis,
  keys: Keys,
  queue: QueueName,
  { keyId, lane }: { keyId: Run['keyId']; lane: Lane },
  count: number,
): Promise<number[]> {
  const { before, size } = LANE_RANGES[lane];
  const reply = await runScript(
    redis,
    'take-turns',
    [keys.prioritized(queue), keys.turns(queue, lane), keys.backlogOf(keyId), keys.apiKey(keyId ?? '-')],
    [before, size, keyId ?? '-', IDLE_TURNS_TTL_MS],
  );
  return prioritiesOf(lane, turnOf(reply as TurnReply), count);
}

/** How scripts tell a turn: its start and the key's weight, as text, and the key's unfinished runs. */
export type TurnReply = [start: string, weight: string, runs: number];

export function turnOf([start, weight, runs]: TurnReply): Turn {
  return { start: Number(start), weight: Number(weight), runs };
}
