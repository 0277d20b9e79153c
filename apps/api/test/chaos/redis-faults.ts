import { setTimeout as delay } from 'node:timers/promises';
import { type RedisServer, startRedis, waitFor } from '@sotto/testkit';
import type { Fault } from './fault.ts';
import type { Site } from './site.ts';

/** As when the disk of a crashed machine has not got them: what was accepted then, and what ended. */
export const LOSS = 'redis loses its last two seconds';

export const REDIS_FAULTS: readonly Fault[] = [
  {
    name: 'redis SIGKILL',
    place: 'infrastructure',
    strike: async ({ redis }, random) => {
      await redis.kill9();
      await delay(random() * 3000);
      await redis.restart();
    },
  },
  {
    name: LOSS,
    place: 'infrastructure',
    strike: async ({ redis }) => {
      const copy = await redis.copyDisk();
      await delay(2000);
      await redis.restartFrom(copy);
    },
  },
  {
    name: 'redis SIGTERM',
    place: 'infrastructure',
    strike: ({ redis }) => redis.restart(),
  },
  {
    name: 'redis SIGSTOP',
    place: 'infrastructure',
    strike: async ({ redis }, random) => {
      redis.freeze();
      await delay(1000 + random() * 4000);
      redis.thaw();
    },
  },
  {
    name: 'redis fails over to a replica',
    place: 'infrastructure',
    strike: async (site, random) => {
      const first = site.redis;
      // Redis does not stop while it writes its first append-only file, as a new replica does.
      const replica = await startRedis({ appendonly: 'no' });
      try {
        await replica.client().replicaof('127.0.0.1', first.port);
        await failOver(site, replica);
        await delay(1000 + random() * 3000);
        await failOver(site, first);
        await first.client().replicaof('NO', 'ONE');
      } finally {
        await replica.close();
      }
    },
  },
];

/** Orderly: nothing written is lost. Connections in use stay with the old master, which takes no more writes. */
async function failOver(site: Site, to: RedisServer): Promise<void> {
  const [from, next] = [site.redis.client(), to.client()];
  const role = async () => /^role:(\w+)/m.exec(await next.info('replication'))?.[1];
  // The master's word counts: it hears of a replica that has loaded its data a moment later.
  const isInStep = async () => new RegExp(`port=${to.port},state=online`).test(await from.info('replication'));
  await waitFor(isInStep, { what: 'the replica to be in step', timeoutMs: 30_000 });
  await from.call('FAILOVER', 'TO', '127.0.0.1', String(to.port));
  await waitFor(async () => (await role()) === 'master', { what: 'the replica to be the master', timeoutMs: 30_000 });
  site.line.leadTo(to.url);
  site.redis = to;
}
