import type { BenchOptions } from '../options.ts';
import { PretendFleet } from '../pretend/fleet.ts';
import { timed } from '../statistics.ts';
import { ms, percent, type Report } from '../table.ts';

const WINDOWS_PER_SLOT = 20;
/** 16 hours of speech. */
const LONGEST_WINDOWS = 2_000;
const WINDOW_SECONDS = 29;
/** Of one slot: what tiny.en reaches on two cores with eight of them, or a large model on a GPU with many. */
const SLOT_RTFX = 10;

interface Outcome {
  slots: number;
  recordings: number;
  windows: number;
  idealMs: number;
  tookMs: number;
  /** Share of one core that redis-server took meanwhile. */
  redisShare: number;
}

/** How much of a fleet's slots one Redis keeps busy: the queue and its workers are real, the engine only waits. */
export async function fanOut({ isSmall }: BenchOptions): Promise<Report> {
  const sizes = isSmall ? [1, 10] : [1, 10, 100, 1000];
  const windowMs = isSmall ? 300 : (WINDOW_SECONDS * 1000) / SLOT_RTFX;
  const outcomes: Outcome[] = [];
  for (const slots of sizes) {
    process.stderr.write(`  ${slots} slots\n`);
    outcomes.push(await measure(slots, windowMs));
  }
  return {
    title: 'How many slots one Redis keeps busy',
    method: [
      `${WINDOWS_PER_SLOT} windows for each slot, in recordings of up to ${LONGEST_WINDOWS} windows (16 h). The queue, its workers and Redis`,
      `are real; the engine only waits ${ms(windowMs)}, as a slot of ${SLOT_RTFX} times real time would take for ${WINDOW_SECONDS} s. Workers have up`,
      'to 50 slots; all of them, Redis and this program share the processors of one machine. Ideal: the time of the windows divided',
      'by the slots. Took: from the first submission to the last transcript.',
    ].join(' '),
    columns: ['slots', 'recordings', 'windows', 'ideal', 'took', 'ideal / took', 'Redis, of one core'],
    rows: outcomes.map((outcome) => [
      String(outcome.slots),
      String(outcome.recordings),
      String(outcome.windows),
      ms(outcome.idealMs),
      ms(outcome.tookMs),
      percent(outcome.idealMs / outcome.tookMs),
      percent(outcome.redisShare),
    ]),
  };
}

async function measure(slots: number, windowMs: number): Promise<Outcome> {
  const recordings = Math.ceil((slots * WINDOWS_PER_SLOT) / LONGEST_WINDOWS);
  const windows = (slots * WINDOWS_PER_SLOT) / recordings;
  const fleet = await PretendFleet.start({ slots, windows, windowMs, resultTtlSeconds: 3600 });
  const cpuSeconds = async () => (await fleet.info('cpu', 'used_cpu_user')) + (await fleet.info('cpu', 'used_cpu_sys'));
  try {
    const before = await cpuSeconds();
    const tookMs = await timed(() => Promise.all(Array.from({ length: recordings }, () => fleet.transcribe())));
    const redisShare = ((await cpuSeconds()) - before) / (tookMs / 1000);
    return {
      slots,
      recordings,
      windows: windows * recordings,
      idealMs: WINDOWS_PER_SLOT * windowMs,
      tookMs,
      redisShare,
    };
  } finally {
    await fleet.close();
  }
}
