/** A worker of its own process that knows the trial kind: `trial-process.ts JSON`. Says "ready"; SIGTERM drains it. */
import { setTimeout as delay } from 'node:timers/promises';
import {
  ApiKeys,
  Batches,
  connectRedis,
  Extras,
  type Handlers,
  type JobContext,
  Outbox,
  type QueueSettings,
  Receivers,
  Runs,
  Sweeper,
  startConsumers,
  Usage,
  Webhooks,
} from '@sotto/queue';
import { AddressGuard } from '@sotto/runtime';
import { FileBlobStore, Manifests } from '@sotto/storage';
import { sweepHandler } from '../../src/handlers/sweep.ts';
import { OutboxReaders } from '../../src/outbox/outbox-readers.ts';
import { deliverWebhookHandler } from '../../src/webhooks/deliver.ts';
import { TRIAL_CATALOG, type TrialRun } from './trial-kind.ts';

export interface TrialOptions {
  redisUrl: string;
  settings: QueueSettings;
  folder: string;
  /** For each copy: long enough to be killed in. */
  copyMs: number;
  webhookSecret: string;
}

const { redisUrl, settings: given, folder, copyMs, webhookSecret } = JSON.parse(process.argv[2] ?? '') as TrialOptions;
const settings: QueueSettings = { ...given, catalog: TRIAL_CATALOG };
const redis = connectRedis(redisUrl, 'worker');
const runs = new Runs(redis, settings);
const extras = new Extras(redis, settings);
const blobs = new FileBlobStore(folder);
const webhooks = new Webhooks(redis, settings);
const sweeper = new Sweeper(redis, settings);
const apiKeys = new ApiKeys(redis, settings);

const outboxReaders = new OutboxReaders({
  outbox: new Outbox(redis, settings),
  runs,
  webhooks,
  batches: new Batches(redis, settings),
  usage: new Usage(redis, settings),
  apiKeys,
  onQuota: () => {},
  retryDelayMs: 100,
  onError: (error) => console.log(error),
});

async function copy({ runId }: { runId: string }, { children, signal }: JobContext): Promise<void> {
  const run = (await runs.run(runId)) as unknown as TrialRun | null;
  if (run === null) return;
  console.log(`begun ${runId}`);
  const name = { id: runId, kind: 'trial' as never };
  if ((await runs.start(name)) === null) return;
  await runs.settle({ run: name, cost: run.text.length, stage: 'copying', plan: '{}' });
  const both = [
    { kind: 'trial-count', payload: { runId } },
    { kind: 'trial-faulty', payload: { runId, fail: run.options.faultyTimes > 0 } },
  ];
  await children('extras', both as never);
  const writer = await blobs.createWriter('results', runId);
  try {
    for (let done = 0; done < run.options.times; done += 1) {
      await writer.write(Buffer.from(run.text));
      await delay(copyMs, undefined, { signal });
      await runs.advance(name, (done + 1) / run.options.times);
    }
  } catch (error) {
    await writer.abort();
    throw error;
  }
  const { key, bytes } = await writer.commit();
  await runs.completeWithBlob(name, { blobKey: key, bytes, mediaType: 'text/plain' });
}

const handlers = {
  trial: copy,
  'trial-count': async ({ runId }: { runId: string }) => {
    const run = (await runs.run(runId)) as unknown as TrialRun;
    await extras.complete(runId, 'trial-count', 'count_failed', JSON.stringify(run.text.length));
  },
  'trial-faulty': async ({ runId, fail }: { runId: string; fail: boolean }) => {
    if (fail) throw new Error('as asked for');
    await extras.complete(runId, 'trial-faulty', 'faulty_failed', '"fine"');
  },
  'deliver-webhook': deliverWebhookHandler({
    webhooks,
    receivers: new Receivers(redis, settings),
    guard: new AddressGuard(['127.0.0.0/8']),
    apiKeys,
    secret: () => webhookSecret,
    timeoutMs: () => 5_000,
    onEvent: () => {},
  }),
  sweep: sweepHandler({
    sweeper,
    blobs,
    ownVoices: { has: async () => false },
    manifests: new Manifests(blobs),
    leftoverAgeMs: 3_600_000,
    keepMs: 0,
    outbox: outboxReaders,
    apiKeys,
    pieceCache: { sweep: async () => 0 },
    onEvent: () => {},
  }),
};

const consumers = await startConsumers({
  redisUrl,
  settings,
  roles: ['prepare', 'transcribe'],
  handlers: handlers as unknown as Handlers,
  concurrency: { prepare: 2, transcribe: 2, speak: 1 },
  onEvent: (event) => {
    if (event.type === 'outbox_filled') outboxReaders.wake();
    else console.log(JSON.stringify(event));
  },
});
outboxReaders.wake();
process.once('SIGTERM', async () => {
  await consumers.drain(50);
  await outboxReaders.close();
  await Promise.all([webhooks.close(), sweeper.close()]);
  await redis.quit();
});
console.log('ready');
