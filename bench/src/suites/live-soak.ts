import { SottoClient } from '@sotto/client';
import { Service, waitFor } from '@sotto/testkit';
import { WebSocket } from 'ws';
import { type Gauge, processGauges, readGauges, type Sample, sixthAndLast } from '../gauges.ts';
import { CHUNK_MS, chunksOf, say } from '../live/speak.ts';
import type { BenchOptions } from '../options.ts';
import { realSpeech } from '../recordings.ts';
import { requireTinyEn } from '../resources.ts';
import type { Report } from '../table.ts';

const USUAL_MINUTES = 120;
const READ_EVERY_MS = 5_000;
const TALK_SECONDS = 60;
/** One speaks, and is silent for as long. */
const SILENCE_SECONDS = 60;
/** The other one speaks, and is muted for so long: nothing is sent. */
const MUTED_SECONDS = 300;
/** What is left of a session that is over is kept for five minutes. */
const GONE_MS = 6 * 60_000;

/** What a session's listener has noted. */
interface Listened {
  lag: Sample[];
  /** From the end of a word to the text that has it for good; only where nothing is muted, so that both clocks are one. */
  delay: Sample[];
  words: number;
}

/** Whether sessions that last for hours are heard at their end as at their beginning, and leave nothing behind. */
export async function liveSoak({ isSmall, minutes: asked }: BenchOptions): Promise<Report> {
  const minutes = asked ?? (isSmall ? 1 : USUAL_MINUTES);
  const { samples } = await realSpeech(isSmall ? 10 : TALK_SECONDS);
  const service = await Service.start({ model: 'tiny.en', modelDir: await requireTinyEn() });
  try {
    const redis = service.redis.client();
    const keys = () => redis.dbsize();
    const [keysBefore, memoryBefore] = [await keys(), await usedKilobytes(redis)];
    const gauges: Gauge[] = [
      ...processGauges('API', service.apis[0]?.process.pid ?? 0, Number(new URL(service.url).port)),
      ...processGauges('worker', service.workers[0]?.process.pid ?? 0, null),
      { process: 'Redis', what: 'kB used', read: () => usedKilobytes(redis) },
      { process: 'Redis', what: 'keys', read: keys },
    ];
    const untilMs = minutes * 60_000;
    const stop = new AbortController();
    const talking = Promise.all([
      listen(
        service.url,
        forAsLong(untilMs, () => withSilence(samples)),
        true,
      ),
      listen(
        service.url,
        forAsLong(untilMs, () => withMute(samples)),
        false,
      ),
    ]).finally(() => stop.abort());
    const readings = await readGauges(gauges, READ_EVERY_MS, stop.signal);
    const [talker, muted] = await talking;
    if (!isSmall) await gone(service);
    const rows = gauges.map(({ process, what }, index) => [
      process,
      what,
      ...sixthAndLast(readings[index] ?? [], minutes),
    ]);
    return {
      title: `${minutes} minutes of two live sessions`,
      method: [
        `tiny.en, one API, one worker, each a process; chunks of ${CHUNK_MS} ms at their own pace. One session says ${TALK_SECONDS} s of a talk and then sends ${SILENCE_SECONDS} s of silence, again and again; the other one`,
        `says the same and is then muted for ${MUTED_SECONDS / 60} minutes, in which it sends nothing. Read every ${READ_EVERY_MS / 1_000} s; figures of the sixth minute and of the last one, medians where nothing else is said.`,
        `${talker.words} and ${muted.words} words were told.`,
        `Redis before: ${memoryBefore.toFixed(0)} kB and ${keysBefore} keys;`,
        isSmall
          ? 'afterwards it was not read.'
          : `when what is kept of sessions was gone: ${(await usedKilobytes(redis)).toFixed(0)} kB and ${await keys()} keys.`,
      ].join(' '),
      columns: ['of', 'what', 'sixth minute', 'last minute', 'ratio'],
      rows: [
        ...rows,
        ['text', 'lag, ms, p95', ...sixthAndLast([...talker.lag, ...muted.lag], minutes, 95)],
        ['text', 'ms from the end of a word, p50', ...sixthAndLast(talker.delay, minutes)],
        ['text', 'ms from the end of a word, p95', ...sixthAndLast(talker.delay, minutes, 95)],
      ],
    };
  } finally {
    await service.close({ leftovers: true });
  }
}

async function listen(url: string, chunks: Iterable<Int16Array | null>, isNeverMuted: boolean): Promise<Listened> {
  const live = new SottoClient({ baseUrl: url }).live({ WebSocket, model: 'tiny.en', language: 'en' });
  const beganMs = performance.now();
  const saying = say(live, chunks);
  const listened: Listened = { lag: [], delay: [], words: 0 };
  for await (const event of live) {
    if (event.type !== 'partial' && event.type !== 'final') continue;
    const atMs = performance.now() - beganMs;
    listened.lag.push({ atMs, value: event.lag_ms });
    if (event.type === 'partial') continue;
    listened.words += event.words.length;
    if (isNeverMuted) listened.delay.push(...event.words.map(({ end }) => ({ atMs, value: atMs - end * 1_000 })));
  }
  await saying;
  return listened;
}

function* forAsLong(durationMs: number, round: () => Iterable<Int16Array | null>): Generator<Int16Array | null> {
  for (let saidMs = 0; saidMs < durationMs; ) {
    for (const chunk of round()) {
      if (saidMs >= durationMs) return;
      yield chunk;
      saidMs += CHUNK_MS;
    }
  }
}

function* withSilence(samples: Int16Array): Generator<Int16Array> {
  yield* chunksOf(samples);
  yield* chunksOf(new Int16Array(SILENCE_SECONDS * 16_000));
}

function* withMute(samples: Int16Array): Generator<Int16Array | null> {
  yield* chunksOf(samples);
  for (let mutedMs = 0; mutedMs < MUTED_SECONDS * 1_000; mutedMs += CHUNK_MS) yield null;
}

async function usedKilobytes(redis: ReturnType<Service['redis']['client']>): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]) / 1_024;
}

async function gone({ redis, prefix }: Service): Promise<void> {
  const client = redis.client();
  await waitFor(async () => (await client.keys(`${prefix}:live:*`)).length === 0, {
    what: 'what is kept of the sessions to go',
    timeoutMs: GONE_MS,
    intervalMs: 5_000,
  });
}
