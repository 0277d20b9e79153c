import {
  ApiKeys,
  AuditStream,
  Backlog,
  Batches,
  ClientSecrets,
  connectRedis,
  dashboardQueues,
  disconnect,
  Extras,
  FigureReader,
  Heartbeats,
  LiveEvents,
  LiveSessions,
  ModelOperations,
  ModelWishes,
  Outbox,
  Producer,
  QueueProbe,
  type QueueSettings,
  RateLimiter,
  Recovery,
  RedisWatch,
  ResumableUploads,
  RunEvents,
  Runs,
  Sessions,
  SpeechOffers,
  Usage,
  Users,
  Webhooks,
  Windows,
  WorkerDrains,
} from '@sotto/queue';
import {
  AddressGuard,
  createLogger,
  createMetrics,
  type EnvChanges,
  Lifecycle,
  type Logger,
  logLevelOf,
  redisAddressOf,
  startTracing,
  unreadableRecords,
} from '@sotto/runtime';
import { type BlobStore, Manifests, openBlobStore } from '@sotto/storage';
import type { Registry } from 'prom-client';
import { AuditLog } from './audit/audit-log.ts';
import { DailyFile } from './audit/daily-file.ts';
import { RefusedLogins } from './audit/refused-logins.ts';
import { KeyShares } from './http/key-shares.ts';
import { LoginGuard } from './http/login-guard.ts';
import { Space } from './http/space.ts';
import { Journals } from './library/journals.ts';
import { Keeper } from './library/keeper.ts';
import { LibraryService } from './library/library-service.ts';
import { LibraryStore } from './library/library-store.ts';
import { SearchFollower } from './library/search-follower.ts';
import { LifecycleLog } from './lifecycle-log.ts';
import { openLiveRecordings } from './live/recordings/live-recordings.ts';
import { addLiveRefusalMetric } from './live/refusal-metric.ts';
import { type OwnedByKeys, ownedByKeys } from './owned-by-keys.ts';
import { LostWork } from './recovery/lost-work.ts';
import { ManifestSweep } from './recovery/manifest-sweep.ts';
import { addRestoredMetric } from './recovery/restored-metric.ts';
import { RenderThreads } from './results/render-threads.ts';
import { Results } from './results/results.ts';
import type { ApiEnv } from './settings/env.ts';
import { reloadOf } from './settings/reload.ts';
import { type ApiSettings, settingsOf } from './settings/settings.ts';
import { IdentityProvider } from './sign-in/identity-provider.ts';
import { Encoders } from './sound/encoder.ts';

/** Everything the application works with, opened and owned elsewhere. */
export interface ApiDeps extends OwnedByKeys {
  settings: ApiSettings;
  logger: Logger;
  registry: Registry;
  /** Its uploads are stopped before they fill the disk. */
  storage: BlobStore;
  space: Space;
  keyShares: KeyShares;
  manifests: Manifests;
  lostWork: LostWork;
  library: LibraryStore;
  journals: Journals;
  searchFollower: SearchFollower;
  /** Puts what is to be kept into it. */
  keeper: Keeper;
  runs: Runs;
  results: Results;
  windows: Windows;
  producer: Producer;
  backlog: Backlog;
  batches: Batches;
  events: RunEvents;
  liveSessions: LiveSessions;
  liveEvents: LiveEvents;
  countLiveRefusal: ReturnType<typeof addLiveRefusalMetric>;
  heartbeats: Heartbeats;
  speechOffers: SpeechOffers;
  /** Of what is spoken. */
  encoders: Encoders;
  modelOperations: ModelOperations;
  modelWishes: ModelWishes;
  workerDrains: WorkerDrains;
  figures: FigureReader;
  rateLimiter: RateLimiter;
  apiKeys: ApiKeys;
  sessions: Sessions;
  clientSecrets: ClientSecrets;
  users: Users;
  /** null: nobody signs in with one. */
  identityProvider: IdentityProvider | null;
  loginGuard: LoginGuard;
  usage: Usage;
  auditStream: AuditStream;
  auditLog: AuditLog;
  refusedLogins: RefusedLogins;
  dashboardQueues: ReturnType<typeof dashboardQueues>;
  webhooks: Webhooks;
  uploads: ResumableUploads;
  /** Which addresses of clients may be called. */
  guard: AddressGuard;
  /** Whether Redis writes, and has room. */
  probe: QueueProbe;
  /** Reads the configuration again. @throws EnvError: nothing has changed. */
  reload(): EnvChanges;
  /** Aborts when the process begins to stop. */
  stopping: AbortSignal;
}

const IS_SOURCE = import.meta.url.endsWith('.ts');
const RENDER_THREAD = new URL(IS_SOURCE ? '../dev/render-thread.mjs' : './render-thread.js', import.meta.url);

export interface OpenedApi {
  deps: ApiDeps;
  lifecycle: Lifecycle;
  log: LifecycleLog;
}

/**
 * Opens what the environment names. The lifecycle closes it again, last opened first.
 *
 * @param read the configuration as it is now
 * @param searchPath where programs are looked for
 */
export async function openDeps(env: ApiEnv, read: () => ApiEnv, searchPath: string): Promise<OpenedApi> {
  const settings = settingsOf(env);
  const logger = createLogger({ service: env.APP_NAME, level: logLevelOf(env) });
  const lifecycle = new Lifecycle({ logger });
  await startTracing(
    { endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT, service: env.APP_NAME, version: env.APP_VERSION },
    lifecycle,
  );
  const log = new LifecycleLog(logger);
  const registry = createMetrics({ service: env.APP_NAME });
  const queue: QueueSettings = {
    prefix: env.QUEUE_PREFIX,
    resultTtlSeconds: env.JOB_RESULT_TTL,
    usageDays: env.USAGE_DAYS,
    onUnreadable: unreadableRecords(registry, logger),
  };

  const address = redisAddressOf(env);
  const redis = connectRedis(address, 'api');
  lifecycle.own('redis', () => disconnect(redis));
  const probe = new QueueProbe(redis, queue);
  const handlers = {
    disconnected: (error: Error) => log.redisDisconnected(error),
    connected: () => log.redisConnected(),
  };
  const watch = new RedisWatch(redis, handlers, () => probe.mustWrite());
  const onError = (error: Error) => {
    if (!watch.handle(error)) log.redisError(error);
  };
  const subscriber = connectRedis(address, 'worker', onError);
  lifecycle.own('redis subscriber', () => disconnect(subscriber));
  const producer = new Producer(redis, queue, onError);
  lifecycle.own('queues', () => producer.close());

  const webhooks = new Webhooks(redis, queue, onError);
  lifecycle.own('webhooks', () => webhooks.close());

  const auditLimits = { maxEntries: env.AUDIT_MAX_ENTRIES, idleTtlMs: env.AUDIT_DAYS * 86_400_000 };
  const auditStream = new AuditStream(redis, queue, auditLimits);
  const file = env.AUDIT_LOG_FILE === 'none' ? null : new DailyFile(env.AUDIT_LOG_FILE, env.AUDIT_DAYS);
  const auditLog = new AuditLog({ stream: auditStream, file, logger, registry });
  const refusedLogins = new RefusedLogins((entry) => auditLog.record(entry));
  lifecycle.own('audit log', () => {
    refusedLogins.settle(true);
    return auditLog.idle();
  });

  const renderThreads = new RenderThreads({ file: RENDER_THREAD });
  lifecycle.own('render threads', () => renderThreads.close());
  const runs = new Runs(redis, queue);

  const guard = new AddressGuard(env.ALLOWED_NETWORKS);
  const reload = reloadOf(env, read, { settings, guard, logger });
  const blobs = await openBlobStore(env);
  const space = new Space(blobs, settings);
  const manifests = new Manifests(blobs);
  const recovery = new Recovery(redis, queue, producer);
  const countRestored = addRestoredMetric(registry);
  const lostWork = new LostWork({
    recovery,
    manifests,
    storage: blobs,
    onRestored: (jobId) => {
      countRestored();
      log.restored(jobId);
    },
  });
  const manifestSweep = new ManifestSweep({ recovery, manifests, storage: blobs, lostWork, settings, logger });
  manifestSweep.start();
  lifecycle.own('manifest sweep', () => manifestSweep.stop());

  const storage = space.guard(blobs);
  const results = new Results(runs, new Extras(redis, queue), renderThreads);
  const library = new LibraryStore({ url: settings.databaseUrl, logger });
  const searchFollower = new SearchFollower({ store: library, results, logger });
  const outbox = new Outbox(redis, queue);
  const libraryService = new LibraryService({
    store: library,
    runs,
    results,
    recovery,
    manifests,
    blobs,
    logger,
    outbox,
    subscriber,
    searchFollower,
  });
  libraryService.start();
  lifecycle.own('library', () => libraryService.close());

  const deps: ApiDeps = {
    settings,
    logger,
    producer,
    stopping: lifecycle.signal,
    registry,
    auditStream,
    auditLog,
    refusedLogins,
    storage,
    space,
    keyShares: new KeyShares(settings, space),
    manifests,
    lostWork,
    runs,
    results,
    library,
    journals: new Journals(library),
    searchFollower,
    keeper: new Keeper(library, storage),
    windows: new Windows(redis, queue),
    events: new RunEvents(redis, subscriber, queue),
    liveSessions: new LiveSessions(redis, queue),
    liveEvents: new LiveEvents(redis, subscriber, queue),
    countLiveRefusal: addLiveRefusalMetric(registry),
    backlog: new Backlog(redis, queue),
    batches: new Batches(redis, queue),
    heartbeats: new Heartbeats(redis, queue),
    speechOffers: new SpeechOffers(redis, queue),
    encoders: new Encoders(searchPath),
    modelOperations: new ModelOperations(redis, queue),
    modelWishes: new ModelWishes(redis, queue),
    workerDrains: new WorkerDrains(redis, queue),
    figures: new FigureReader(redis, queue, producer),
    apiKeys: new ApiKeys(redis, queue),
    sessions: new Sessions(redis, queue),
    clientSecrets: new ClientSecrets(redis, queue),
    users: new Users(redis, queue),
    identityProvider: settings.oidc && new IdentityProvider(settings.oidc, logger),
    loginGuard: new LoginGuard(settings),
    usage: new Usage(redis, queue),
    rateLimiter: new RateLimiter(redis, queue),
    webhooks,
    uploads: new ResumableUploads(redis, queue),
    ...ownedByKeys(redis, queue),
    guard,
    reload: () => log.reloaded(reload.run()),
    probe,
    dashboardQueues: dashboardQueues(redis, queue, { readOnly: !settings.dashboardWritable, onError }),
  };
  openLiveRecordings({ ...deps, recovery, outbox, subscriber }, lifecycle);
  return { deps, lifecycle, log };
}
