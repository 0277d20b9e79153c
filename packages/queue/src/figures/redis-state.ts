import type { Redis } from 'ioredis';
import { z } from 'zod';
import { reach } from '../redis/faults.ts';

export const redisStateSchema = z.object({
  usedBytes: z.number(),
  /** `maxmemory`; null: Redis has no limit of its own. */
  limitBytes: z.number().nullable(),
  /** Whether every change is written to an append-only file: without one, a crash loses what was accepted. */
  isAppendOnly: z.boolean(),
  /** The last write to that file, and its last rewrite, worked. */
  isAppendOnlyHealthy: z.boolean(),
  isRewriting: z.boolean(),
  connectedClients: z.number(),
});
export type RedisState = z.infer<typeof redisStateSchema>;

export async function redisState(redis: Redis): Promise<RedisState> {
  return stateOf(await reach(redis.info()));
}

/** From the text that INFO answers: `name:value` lines. */
export function stateOf(info: string): RedisState {
  const fields = new Map(
    info.split(/\r?\n/).map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
  const number = (name: string) => Number(fields.get(name) ?? 0);
  const isOk = (name: string) => (fields.get(name) ?? 'ok') === 'ok';
  return {
    usedBytes: number('used_memory'),
    limitBytes: number('maxmemory') || null,
    isAppendOnly: number('aof_enabled') === 1,
    isAppendOnlyHealthy: isOk('aof_last_write_status') && isOk('aof_last_bgrewrite_status'),
    isRewriting: number('aof_rewrite_in_progress') === 1,
    connectedClients: number('connected_clients'),
  };
}
