import { setTimeout as delay } from 'node:timers/promises';
import type { BenchOptions } from '../options.ts';
import { PretendFleet } from '../pretend/fleet.ts';
import { load } from '../requests.ts';
import { timed } from '../statistics.ts';
import { percent, type Report } from '../table.ts';

const RESULT_TTL_SECONDS = 20;
/** A request is remembered seven times as long as its result; the rest is for Redis to remove what has expired. */
const UNTIL_FORGOTTEN_SECONDS = 7 * RESULT_TTL_SECONDS + 90;
const AT_ONCE = 64;

/** Whether Redis is as large as before when many jobs have come, ended and been forgotten. */
export async function manyJobs({ isSmall }: BenchOptions): Promise<Report> {
  const [first, then] = isSmall ? [200, 1_000] : [10_000, 100_000];
  const fleet = await PretendFleet.start({
    slots: 8,
    windows: 1,
    windowMs: 0,
    resultTtlSeconds: RESULT_TTL_SECONDS,
  });
  try {
    const megabytes = async () => (await fleet.info('memory', 'used_memory')) / 1e6;
    const rows: string[][] = [];
    const readings: number[] = [];
    const note = async (what: string, seconds: number | null = null) => {
      const now = await megabytes();
      readings.push(now);
      const keys = await fleet.redis.client().dbsize();
      rows.push([what, now.toFixed(1), String(keys), seconds === null ? '' : seconds.toFixed(0)]);
      process.stderr.write(`  ${what}: ${now.toFixed(1)} MB\n`);
    };
    for (const count of [first, then]) {
      const tookMs = await timed(() => load(AT_ONCE, count, () => fleet.transcribe()));
      await note(`after ${count} jobs`, tookMs / 1000);
      await delay(UNTIL_FORGOTTEN_SECONDS * 1000);
      await note('when they are forgotten');
    }
    const [, before = Number.NaN, , after = Number.NaN] = readings;
    return {
      title: 'Redis after many jobs',
      method: [
        `Jobs of one window, ${AT_ONCE} at a time, real queue and worker, an engine that answers at once. Results are kept for`,
        `${RESULT_TTL_SECONDS} s and the jobs known for seven times as long; measured again after ${UNTIL_FORGOTTEN_SECONDS} s. BullMQ keeps up to`,
        `10 000 events of each queue for ever, so what is compared is the memory after the first ${first} jobs and after ${then}`,
        `more: ${percent(after / before)}.`,
      ].join(' '),
      columns: ['when', 'MB of Redis', 'keys', 'seconds'],
      rows,
    };
  } finally {
    await fleet.close();
  }
}
