/**
 * @busy It kills processes in the middle of their work, and their heirs keep every core busy.
 * @long
 */
import { expect, it, jest } from '@jest/globals';
import { chaos } from './chaos/chaos.ts';
import { FAULTS } from './chaos/faults.ts';
import { LOSS } from './chaos/redis-faults.ts';
import { flawsOf, reportOf } from './chaos/report.ts';

jest.setTimeout(420_000);

/** Those that are over within seconds; `pnpm test:chaos` has all of them, for minutes and with 300 jobs. */
const SHORT = [
  'api SIGKILL',
  'api SIGTERM',
  'worker SIGKILL',
  'worker SIGTERM',
  'redis SIGTERM',
  'redis SIGSTOP',
  'redis fails over to a replica',
];

/** What is accepted again when it is a minute old takes its time. */
const LOSSES = ['api SIGKILL', 'worker SIGKILL', LOSS];

it.each([
  ['API, workers and Redis are killed, stopped and replaced', SHORT],
  ['Redis comes back without its last seconds', LOSSES],
])('loses, changes and leaves nothing while %s', async (_what, names) => {
  const story: string[] = [];
  const report = await chaos({
    jobs: 30,
    materials: { recordings: 5, texts: 3 },
    seed: 12,
    sendingMs: 8000,
    longestPauseMs: 1500,
    faults: FAULTS.filter(({ name }) => names.includes(name)),
    apis: 2,
    workers: 2,
    say: (line) => story.push(line),
  });
  expect({ flaws: flawsOf(report), story }).toEqual({ flaws: [], story });
  expect(Object.keys(report.strikes).sort()).toEqual([...names].sort());
  expect(Object.values(report.strikes).every((strikes) => Number(strikes) >= 1)).toBe(true);
  expect(report.completed).toBeGreaterThan(15);
  expect(report.spoken).toBeGreaterThan(5);
  expect(reportOf(report)).toContain('| seed | 12 |');
});
