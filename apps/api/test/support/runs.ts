import type { Service } from '@sotto/testkit';

/** How many runs were ever made (and kept): what was sent twice is one. */
export async function runsMade({ redis, prefix }: Pick<Service, 'redis' | 'prefix'>): Promise<number> {
  const keys = await redis.client().keys(`${prefix}:run:*`);
  return keys.filter((key) => /:run:[0-9a-f-]{36}$/.test(key)).length;
}
