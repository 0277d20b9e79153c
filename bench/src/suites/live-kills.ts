import { setTimeout as delay } from 'node:timers/promises';
import { type LiveTranscription, SottoClient } from '@sotto/client';
import { differencesFrom, Service, type WordDifferences, type WorkerProcess, waitFor } from '@sotto/testkit';
import { WebSocket } from 'ws';
import { textOf } from '../live/latencies.ts';
import { chunksOf, say, type Told } from '../live/speak.ts';
import type { BenchOptions } from '../options.ts';
import { realSpeech } from '../recordings.ts';
import { requireTinyEn } from '../resources.ts';
import { percentile } from '../statistics.ts';
import type { Report } from '../table.ts';

const SECONDS = 60;
const KILLS = 50;
const UNDISTURBED = 5;
/** Between two kills, at random. */
const APART_MS = [3_000, 7_000] as const;
/** Before one dies. */
const LEAST_WORKERS = 2;
/** What a worker has told before it dies may still be under way. */
const UNDER_WAY_MS = 200;

interface Disturbed {
  told: Told[];
  /** From each death to the next text, in milliseconds. */
  pauses: number[];
}

/** Sessions whose worker is killed again and again while somebody speaks, beside the same audio with nothing in its way. */
export async function liveKills({ isSmall }: BenchOptions): Promise<Report> {
  const { samples, what } = await realSpeech(isSmall ? 25 : SECONDS);
  const kills = isSmall ? 3 : KILLS;
  const service = await Service.start({
    model: 'tiny.en',
    modelDir: await requireTinyEn(),
    workers: LEAST_WORKERS + 1,
  });
  try {
    const undisturbed: Told[][] = [];
    for (let round = 0; round < (isSmall ? 2 : UNDISTURBED); round += 1) {
      process.stderr.write(`  undisturbed, ${round + 1}\n`);
      undisturbed.push(await undisturbedSession(service.url, samples));
    }
    const killers = { hearing: new Killer(service, 'hearing'), idle: new Killer(service, 'idle') };
    const sessions: Record<keyof typeof killers, Disturbed[]> = { hearing: [], idle: [] };
    while (killers.hearing.killed < kills) {
      for (const whom of ['idle', 'hearing'] as const) {
        sessions[whom].push(await killers[whom].disturb(samples, kills - killers[whom].killed));
      }
      process.stderr.write(`  ${killers.hearing.killed} killed\n`);
    }
    const texts = undisturbed.map(textOf);
    const natural = texts.map((text, at) => differencesFrom(texts.toSpliced(at, 1), text));
    const pauses = sessions.hearing.flatMap((one) => one.pauses);
    return {
      title: `${kills} workers that die while somebody speaks`,
      method: [
        `${samples.length / 16_000} s (${what}) at their own pace, tiny.en, one API, three workers; the worker that hears it is killed (SIGKILL) at a random moment of an utterance, ${APART_MS.map((ms) => ms / 1_000).join(' to ')} s after the last one or when there are two again, and another one is started.`,
        `The final text of each session is compared with ${undisturbed.length} sessions of the same audio that nothing disturbed, in alignments of least errors. Those differ by themselves, as their passes come at other moments each time: each is compared with the others in the same way.`,
        `In as many sessions, at such moments, the worker dies that does not hear: what they differ by is the work of starting others beside them.`,
        'Lost: words that all undisturbed sessions have, with nothing in their place. Doubled: one too many beside each of them, and the same word within five words. Differences: all word errors beside the nearest one. Out of order: words that begin before the one before them.',
        `From the death of a worker to the next text: median ${percentile(pauses, 50).toFixed(0)} ms, longest ${Math.max(...pauses).toFixed(0)} ms.`,
      ].join(' '),
      columns: ['sessions', 'number', 'words', 'lost', 'doubled', 'differences', 'out of order'],
      rows: [
        row('undisturbed', undisturbed, natural),
        disturbedRow(`another worker dies, ${killers.idle.killed} times`, sessions.idle, texts),
        disturbedRow(`its worker dies, ${killers.hearing.killed} times`, sessions.hearing, texts),
      ],
    };
  } finally {
    await service.close({ leftovers: true });
  }
}

const open = (url: string): LiveTranscription =>
  new SottoClient({ baseUrl: url }).live({ WebSocket, model: 'tiny.en', language: 'en' });

async function undisturbedSession(url: string, samples: Int16Array): Promise<Told[]> {
  const live = open(url);
  const told: Told[] = [];
  await Promise.all([say(live, chunksOf(samples)), follow(live, told)]);
  return told;
}

async function follow(live: LiveTranscription, told: Told[]): Promise<void> {
  const beganMs = performance.now();
  for await (const event of live) told.push({ ...event, atMs: performance.now() - beganMs });
}

/** Kills workers in mid-sentence; another one takes the place of each. */
class Killer {
  killed = 0;
  readonly #service: Service;
  readonly #whom: 'hearing' | 'idle';
  readonly #starting = new Set<Promise<WorkerProcess>>();

  /** @param whom the worker that hears the session, or one that does not */
  constructor(service: Service, whom: 'hearing' | 'idle') {
    this.#service = service;
    this.#whom = whom;
  }

  /** One session, in which at most so many die. */
  async disturb(samples: Int16Array, most: number): Promise<Disturbed> {
    const live = open(this.#service.url);
    const beganMs = performance.now();
    const disturbed: Disturbed = { told: [], pauses: [] };
    const over = new AbortController();
    const said = say(live, chunksOf(samples)).finally(() => over.abort());
    const following = follow(live, disturbed.told);
    for (let count = 0; count < most; count += 1) {
      const [least, longest] = APART_MS;
      await delay(least + Math.random() * (longest - least), null, { signal: over.signal }).catch(() => {});
      await waitFor(() => this.#alive.length >= LEAST_WORKERS, { what: 'two workers', timeoutMs: 60_000 });
      const isWithin = await this.#midSentence(disturbed.told, over.signal);
      if (!isWithin) break;
      const diedMs = performance.now() - beganMs;
      await this.#replace(await this.#victim(live));
      this.killed += 1;
      const next = await waitFor(() => textAfter(disturbed.told, diedMs + UNDER_WAY_MS), {
        what: 'more text',
        timeoutMs: 30_000,
      });
      disturbed.pauses.push(next.atMs - diedMs);
    }
    await Promise.all([said, following, ...this.#starting]);
    return disturbed;
  }

  /** false: the session was over before. */
  async #midSentence(told: readonly Told[], over: AbortSignal): Promise<boolean> {
    const isSpeaking = () =>
      told.findLast(({ type }) => type === 'speech_started' || type === 'speech_stopped')?.type === 'speech_started';
    await waitFor(() => over.aborted || isSpeaking(), { what: 'somebody to speak', timeoutMs: 30_000, intervalMs: 20 });
    return !over.aborted;
  }

  get #alive(): WorkerProcess[] {
    return this.#service.workers.filter(({ process }) => process.exit === null);
  }

  /** Another one is there some seconds later. */
  async #replace({ process }: WorkerProcess): Promise<void> {
    await process.kill9();
    const started = this.#service.addWorker().finally(() => this.#starting.delete(started));
    this.#starting.add(started);
  }

  async #victim(live: LiveTranscription): Promise<WorkerProcess> {
    const owner = await this.#ownerOf(live);
    const other = this.#alive.find((worker) => worker !== owner);
    return this.#whom === 'hearing' || other === undefined ? owner : other;
  }

  /** The worker that hears it. */
  async #ownerOf({ sessionId }: LiveTranscription): Promise<WorkerProcess> {
    const { redis, prefix } = this.#service;
    const client = redis.client();
    return waitFor(
      async () => {
        const owner = await client.hget(`${prefix}:live:${sessionId}`, 'owner');
        return this.#alive.find(({ process }) => owner?.includes(`-${process.pid}-`)) ?? false;
      },
      { what: 'a worker to hear it' },
    );
  }
}

const textAfter = (told: readonly Told[], ms: number): Told | false =>
  told.find(({ type, atMs }) => (type === 'partial' || type === 'final') && atMs > ms) ?? false;

function disturbedRow(name: string, sessions: readonly Disturbed[], undisturbed: readonly string[]): string[] {
  const told = sessions.map((session) => session.told);
  const found = told.map((one) => differencesFrom(undisturbed, textOf(one)));
  for (const one of found) process.stderr.write(`  ${name}: ${JSON.stringify(one)}\n`);
  return row(name, told, found);
}

function row(name: string, told: readonly Told[][], found: readonly WordDifferences[]): string[] {
  const words = told.map((one) => one.flatMap((event) => (event.type === 'final' ? event.words : [])));
  const late = words.map((all) => all.filter(({ start }, at) => start < (all[at - 1]?.start ?? 0)).length);
  const sum = (numbers: readonly number[]) => String(numbers.reduce((total, number) => total + number, 0));
  return [
    name,
    String(told.length),
    sum(words.map(({ length }) => length)),
    sum(found.map(({ lost }) => lost.length)),
    sum(found.map(({ doubled }) => doubled.length)),
    sum(found.map(({ errors }) => errors)),
    sum(late),
  ];
}
