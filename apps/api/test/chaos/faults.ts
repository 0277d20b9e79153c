import type { Fault } from './fault.ts';
import { CLOCK_FAULTS, DISK_FAULTS } from './machine-faults.ts';
import { REDIS_FAULTS } from './redis-faults.ts';

/** A worker's lock on a job lasts 10 s, and is looked at every 5 s: others have its jobs by then. */
const BEYOND_THE_LOCK_MS = 17_000;

const any = <T>(items: readonly T[], random: () => number): T => {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('There is nothing to choose from.');
  return item;
};

const dies = (kind: 'api' | 'worker', how: 'SIGKILL' | 'SIGTERM'): Fault => ({
  name: `${kind} ${how}`,
  place: 'processes',
  strike: (site, random) => any(site.of(kind), random).replace(how, random() * 1500),
});

const stopsShort = (kind: 'api' | 'worker', leastMs: number, mostMs: number): Fault => ({
  name: `${kind} SIGSTOP`,
  place: 'processes',
  strike: (site, random) => any(site.of(kind), random).suspend(leastMs + random() * (mostMs - leastMs)),
});

export const FAULTS: readonly Fault[] = [
  dies('api', 'SIGKILL'),
  dies('api', 'SIGTERM'),
  stopsShort('api', 1000, 6000),
  dies('worker', 'SIGKILL'),
  dies('worker', 'SIGTERM'),
  {
    name: 'all workers SIGKILL',
    place: 'processes',
    strike: async (site) => {
      await Promise.all(site.of('worker').map((worker) => worker.replace('SIGKILL', 0)));
    },
  },
  stopsShort('worker', BEYOND_THE_LOCK_MS, BEYOND_THE_LOCK_MS + 3000),
  ...REDIS_FAULTS,
  ...DISK_FAULTS,
  ...CLOCK_FAULTS,
];
