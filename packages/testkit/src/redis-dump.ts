import type { Redis } from 'ioredis';

/** What is under one key, in words and in order. Numbers are text, as in Redis. */
type Content =
  | { type: 'string'; value: string }
  | { type: 'hash'; value: Record<string, string> }
  | { type: 'list' | 'set'; value: string[] }
  | { type: 'zset'; value: [member: string, score: string][] }
  | { type: 'stream'; value: [id: string, fields: string[]][] };

export type DumpedKey = Content & {
  key: string;
  /** Time to live that was left; absent: it lives on. */
  ttlMs?: number;
};

/** Everything under a prefix, by name. Nobody may write meanwhile. */
export async function dumpRedis(redis: Redis, prefix: string): Promise<DumpedKey[]> {
  const names = (await redis.keys(`${prefix}:*`)).sort();
  const dumped: DumpedKey[] = [];
  for (const key of names) {
    const ttlMs = await redis.pttl(key);
    const content = await contentOf(redis, key);
    // It may have expired meanwhile.
    if (content !== null) dumped.push({ key, ...(ttlMs >= 0 && { ttlMs }), ...content });
  }
  return dumped;
}

async function contentOf(redis: Redis, key: string): Promise<Content | null> {
  const type = await redis.type(key);
  switch (type) {
    case 'string':
      return { type, value: (await redis.get(key)) ?? '' };
    case 'hash': {
      const fields = Object.entries(await redis.hgetall(key)).sort(([a], [b]) => (a < b ? -1 : 1));
      return { type, value: Object.fromEntries(fields) };
    }
    case 'list':
      return { type, value: await redis.lrange(key, 0, -1) };
    case 'set':
      return { type, value: (await redis.smembers(key)).sort() };
    case 'zset':
      return { type, value: pairsOf(await redis.zrange(key, '0', '-1', 'WITHSCORES')) };
    case 'stream':
      return { type, value: await redis.xrange(key, '-', '+') };
    case 'none':
      return null;
    default:
      throw new Error(`${key} is of a type that is not dumped: ${type}.`);
  }
}

function pairsOf(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [String(flat[2 * i]), String(flat[2 * i + 1])]);
}

/** Puts it all into a Redis that has none of these keys. */
export async function restoreRedis(redis: Redis, dumped: readonly DumpedKey[]): Promise<void> {
  const pipeline = redis.multi();
  for (const one of dumped) {
    for (const [command, ...args] of commandsFor(one)) pipeline.call(command, ...args);
    if (one.ttlMs !== undefined) pipeline.pexpire(one.key, one.ttlMs);
  }
  for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
}

type RedisCommand = [command: string, ...args: string[]];

function commandsFor({ key, ...content }: DumpedKey): RedisCommand[] {
  switch (content.type) {
    case 'string':
      return [['SET', key, content.value]];
    case 'hash':
      return [['HSET', key, ...Object.entries(content.value).flat()]];
    case 'list':
      return [['RPUSH', key, ...content.value]];
    case 'set':
      return [['SADD', key, ...content.value]];
    case 'zset':
      return [['ZADD', key, ...content.value.flatMap(([member, score]) => [score, member])]];
    case 'stream':
      return content.value.map(([id, fields]) => ['XADD', key, id, ...fields]);
  }
}
