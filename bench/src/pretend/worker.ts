/**
 * A worker of the real queue whose engine only waits: `worker.ts JSON`. Prints "ready"; SIGTERM drains it. A window
 * takes as long as an engine of that speed would, reports its progress as often, and leaves a result of the usual size.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { WindowResult } from '@sotto/contracts';
import {
  connectRedis,
  type Handlers,
  type Plan,
  type QueueSettings,
  Runs,
  Sweeper,
  startConsumers,
  type WindowPayload,
  Windows,
} from '@sotto/queue';
import { longTranscript } from '@sotto/testkit';

export interface PretendOptions {
  redisUrl: string;
  prefix: string;
  slots: number;
  /** Of each recording. */
  windows: number;
  windowMs: number;
  resultTtlSeconds: number;
}

const WINDOW_SPEECH_MS = 29_000;
/** As apps/worker/src/handlers/window.ts throttles it. */
const PROGRESS_INTERVAL_MS = 500;

const OPTIONS: WindowPayload['options'] = {
  language: 'en',
  task: 'transcribe',
  temperature: 0,
  beamSize: 1,
  bestOf: 5,
  patience: 1,
  lengthPenalty: null,
  suppressTokens: [],
  prompt: null,
  model: 'pretended',
};

const given = JSON.parse(process.argv[2] ?? '') as PretendOptions;
const { redisUrl, prefix, slots, windows: count, windowMs, resultTtlSeconds } = given;
const settings: QueueSettings = { prefix, resultTtlSeconds };
const redis = connectRedis(redisUrl, 'worker');
const runs = new Runs(redis, settings);
const windows = new Windows(redis, settings);
const sweeper = new Sweeper(redis, settings);
const spoken = longTranscript(0.1);
const segments = spoken.segments.filter(({ endMs }) => endMs < WINDOW_SPEECH_MS);

function planOf(): Plan {
  const span = (index: number) => ({ startMs: index * WINDOW_SPEECH_MS, endMs: (index + 1) * WINDOW_SPEECH_MS });
  const totalMs = count * WINDOW_SPEECH_MS;
  const list = Array.from({ length: count }, (_, index) => ({ index, spans: [span(index)] }));
  return { audioKey: 'audio/none', durationMs: totalMs, speechMs: totalMs, windows: list, warnings: [] };
}

function resultOf(index: number): WindowResult {
  return { index, language: 'en', languageProbability: null, segments, dropped: [], engineMs: windowMs };
}

const handlers: Partial<Handlers> = {
  async transcribe({ runId }, context) {
    const run = await runs.start({ id: runId, kind: 'transcription' });
    if (run === null) return;
    const plan = await windows.planned({ id: runId, kind: 'transcription' }, planOf());
    const children = plan.windows.map(({ index, spans }) => ({
      kind: 'window' as const,
      payload: { runId, audioKey: plan.audioKey, index, spans, options: OPTIONS },
    }));
    await context.children('windows', children);
    await runs.setStage(run, 'assembling');
    await runs.complete(run, {
      ...spoken,
      segments: (await windows.results(runId)).flatMap((result) => result.segments),
    });
  },

  async window({ runId, index }, { signal }) {
    if ((await windows.result(runId, index)) !== null) return;
    const endsAt = performance.now() + windowMs;
    for (let leftMs = windowMs; leftMs > 0; leftMs = endsAt - performance.now()) {
      await delay(Math.min(PROGRESS_INTERVAL_MS, leftMs), undefined, { signal });
      const fraction = 1 - (endsAt - performance.now()) / windowMs;
      if (fraction < 1) windows.progress(runId, index, fraction).catch(() => {});
    }
    await windows.complete(runId, resultOf(index));
  },

  async sweep() {
    await sweeper.sweep();
  },
};

const consumers = await startConsumers({
  redisUrl,
  settings,
  roles: ['prepare', 'transcribe'],
  handlers: handlers as Handlers,
  concurrency: { prepare: 1, transcribe: slots, speak: 1 },
  onEvent: () => {},
});
process.once('SIGTERM', async () => {
  await consumers.drain(1_000);
  await sweeper.close();
  await redis.quit();
});
console.log('ready');
