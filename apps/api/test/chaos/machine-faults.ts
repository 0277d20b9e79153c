import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';

const FARTHEST_SECONDS = 40;

export const DISK_FAULTS: readonly Fault[] = [
  {
    name: 'the disk fills',
    place: 'infrastructure',
    unavailable: ({ disk }) => (disk.isMounted ? null : 'not here: no tmpfs may be mounted'),
    strike: async ({ disk }, random) => {
      await disk.fill();
      await delay(3000 + random() * 10_000);
      await disk.empty();
    },
  },
  {
    name: 'storage goes away',
    place: 'infrastructure',
    strike: async ({ disk }, random) => {
      await disk.goAway();
      await delay(random() < 0.3 ? 60_000 : 5000);
      await disk.return();
    },
  },
];

export const CLOCK_FAULTS: readonly Fault[] = [
  {
    name: 'clocks jump',
    place: 'infrastructure',
    unavailable: ({ clock }) => (clock.isMovable ? null : 'not here: libfaketime is not installed'),
    strike: async ({ clock }, random) => {
      for (let jumps = 0; jumps < 3; jumps += 1) {
        await clock.put(Math.round((random() * 2 - 1) * FARTHEST_SECONDS));
        await delay(1000 + random() * 2000);
      }
      await clock.put(0);
    },
  },
];
