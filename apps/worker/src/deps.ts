import type { Role } from '@sotto/contracts';
import {
  ApiKeys,
  Batches,
  connectRedis,
  disconnect,
  Extras,
  Heartbeats,
  LiveSessions,
  Matchings,
  ModelOperations,
  ModelWishes,
  Origins,
  Outbox,
  OwnVoices,
  QueueProbe,
  type QueueSettings,
  Receivers,
  RedisWatch,
  RemoteBudgets,
  ResumableUploads,
  Runs,
  SpeechOffers,
  SpokenText,
  SpokenWords,
  Sweeper,
  Usage,
  Voices,
  Webhooks,
  Windows,
  WorkerDrains,
} from '@sotto/queue';
import {
  type AddressGuard,
  createMetrics,
  type Lifecycle,
  type Logger,
  redisAddressOf,
  unreadableRecords,
} from '@sotto/runtime';
import { type BlobStore, Manifests, openBlobStore } from '@sotto/storage';
import type { Registry } from 'prom-client';
import type { WorkerEnv } from './env.ts';
import { findMediaTools, type MediaTools } from './media/ffmpeg-binary.ts';
import { SpeakerModel } from './speakers/speaker-model.ts';
import { loadSpeechDetection } from './speech/detection.ts';
import type { SpeechDetection } from './speech/detector.ts';

/** What a worker is made of, ready to use. */
export interface WorkerDeps {
  env: WorkerEnv;
  roles: Role[];
  logger: Logger;
  lifecycle: Lifecycle;
  settings: QueueSettings;
  /** Takes the errors of further connections too, so that an outage is logged once. */
  redisWatch: RedisWatch;
  runs: Runs;
  windows: Windows;
  spokenText: SpokenText;
  spokenWords: SpokenWords;
  speechOffers: SpeechOffers;
  remoteBudgets: RemoteBudgets;
  extras: Extras;
  voices: Voices;
  ownVoices: OwnVoices;
  matchings: Matchings;
  liveSessions: LiveSessions;
  uploads: ResumableUploads;
  outbox: Outbox;
  heartbeats: Heartbeats;
  modelOperations: ModelOperations;
  modelWishes: ModelWishes;
  workerDrains: WorkerDrains;
  sweeper: Sweeper;
  origins: Origins;
  webhooks: Webhooks;
  receivers: Receivers;
  batches: Batches;
  apiKeys: ApiKeys;
  usage: Usage;
  /** Decides which addresses that clients name may be called. */
  guard: AddressGuard;
  blobs: BlobStore;
  manifests: Manifests;
  mediaTools: MediaTools;
  speechDetection: SpeechDetection;
  speakerModel: SpeakerModel;
  registry: Registry;
}

/** Opens what a worker needs; whatever is opened registers its end with `lifecycle`. */
export async function openDeps(
  env: WorkerEnv,
  searchPath: string,
  { logger, lifecycle, guard }: Pick<WorkerDeps, 'logger' | 'lifecycle' | 'guard'>,
): Promise<WorkerDeps> {
  const registry = createMetrics({ service: 'sotto-worker' });
  const settings: QueueSettings = {
    prefix: env.QUEUE_PREFIX,
    resultTtlSeconds: env.JOB_RESULT_TTL,
    onUnreadable: unreadableRecords(registry, logger),
  };
  const redis = connectRedis(redisAddressOf(env), 'worker');
  lifecycle.own('redis', () => disconnect(redis));
  const probe = new QueueProbe(redis, settings);
  const handlers = {
    disconnected: (error: Error) => logger.warning('Cannot reach the queue (Redis)', { error }),
    connected: () => logger.info('Connected to the queue (Redis)'),
  };
  const redisWatch = new RedisWatch(redis, handlers, () => probe.mustWrite());
  const sweeper = new Sweeper(redis, settings);
  lifecycle.own('sweeper', () => sweeper.close());
  const webhooks = new Webhooks(redis, settings);
  lifecycle.own('webhooks', () => webhooks.close());
  const blobs = await openBlobStore(env);
  const mediaTools = await findMediaTools(searchPath);
  if (mediaTools.cage === null)
    logger.warning('ffmpeg runs without a cage: this system allows none, or has no python3');
  else logger.info('ffmpeg runs in a cage: it reads one file and opens no connection (Landlock, seccomp)');
  return {
    env,
    roles: [...new Set(env.SOTTO_ROLES)],
    logger,
    lifecycle,
    settings,
    redisWatch,
    runs: new Runs(redis, settings),
    windows: new Windows(redis, settings),
    spokenText: new SpokenText(redis, settings),
    spokenWords: new SpokenWords(redis, settings),
    speechOffers: new SpeechOffers(redis, settings),
    remoteBudgets: new RemoteBudgets(redis, settings),
    extras: new Extras(redis, settings),
    voices: new Voices(redis, settings),
    ownVoices: new OwnVoices(redis, settings),
    matchings: new Matchings(redis, settings),
    liveSessions: new LiveSessions(redis, settings),
    uploads: new ResumableUploads(redis, settings),
    outbox: new Outbox(redis, settings),
    heartbeats: new Heartbeats(redis, settings),
    modelOperations: new ModelOperations(redis, settings),
    modelWishes: new ModelWishes(redis, settings),
    workerDrains: new WorkerDrains(redis, settings),
    sweeper,
    origins: new Origins(redis, settings),
    webhooks,
    receivers: new Receivers(redis, settings),
    batches: new Batches(redis, settings),
    apiKeys: new ApiKeys(redis, settings),
    usage: new Usage(redis, settings),
    guard,
    blobs,
    manifests: new Manifests(blobs),
    mediaTools,
    speechDetection: loadSpeechDetection((error) =>
      logger.warning('Silero cannot be loaded; speech is detected by loudness alone', { error }),
    ),
    speakerModel: new SpeakerModel({ modelDir: env.WHISPER_MODEL_DIR, logger }),
    registry,
  };
}
