import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { WORKER_PROTOCOL } from '@sotto/contracts';
import type { Handlers } from '@sotto/queue';
import { type HealthCheck, startHealthServer, VERSION, wholeCores } from '@sotto/runtime';
import { ConsumerGroup } from './consumer-group.ts';
import type { WorkerDeps } from './deps.ts';
import { DrainFollower } from './drain-follower.ts';
import { logEvents } from './events/event-log.ts';
import { countEvents } from './events/metrics.ts';
import type { OnWorkerEvent } from './events/worker-event.ts';
import { buildHandlers } from './handlers/index.ts';
import { HeartbeatLoop } from './heartbeat.ts';
import { type OpenLiveWorker, openLiveWorker } from './live/open-live-worker.ts';
import { decodeLimitsOf } from './media/decode-limits.ts';
import type { Engine } from './models/engine.ts';
import { type EngineReporter, reporterOf } from './models/engine-reporter.ts';
import { ModelDirectory } from './models/model-directory.ts';
import { ModelFigures } from './models/model-figures.ts';
import { openEngine } from './models/open-engine.ts';
import { OperationFollower } from './models/operation-follower.ts';
import { RightOfWay } from './models/right-of-way.ts';
import { Speed } from './models/speed.ts';
import { speakerThreads } from './models/threads.ts';
import { WishFollower } from './models/wish-follower.ts';
import { OutboxReaders } from './outbox/outbox-readers.ts';
import { Cleaner } from './runs/cleaner.ts';
import { openPieceCache } from './synthesis/kept/piece-cache.ts';
import { openVoices } from './synthesis/open-voices.ts';
import type { VoiceBox } from './synthesis/voice-box.ts';
import { WordTimes } from './synthesis/words/word-times.ts';

/**
 * Starts a worker: health server, heartbeat, model, consumers. Each part registers its end with `lifecycle`, so a stop
 * runs in reverse: jobs are handed over first, and the heartbeat is removed near the end.
 */
export function buildWorker(deps: WorkerDeps): Worker {
  return new Worker(deps);
}

/** built -> starting (a model is installed or loaded) -> ready -> stopping. */
export class Worker {
  readonly id = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  readonly #deps: WorkerDeps;
  readonly #speed = new Speed();
  readonly #figures = new ModelFigures();
  readonly #transcriber = reporterOf(
    () => this.#engine,
    this.#speed,
    this.#figures,
    () => this.#live?.report(),
  );
  readonly #rightOfWay = new RightOfWay();
  readonly #cleaner: Cleaner;
  readonly #outboxReaders: OutboxReaders;
  readonly #onEvent: OnWorkerEvent;
  readonly #startedAtMs = Date.now();
  #engine: Engine | null = null;
  /** null: it does not have the role. */
  #voiceBox: VoiceBox | null = null;
  #live: OpenLiveWorker | null = null;
  /** Voices were installed, or removed. */
  #onVoices: () => void = () => {};
  #isDraining = false;
  #metricsUrl: string | null = null;
  #isHealthy: HealthCheck = () => false;
  /** A start takes as long as the download of its model. */
  #isAlive: HealthCheck = () => true;

  constructor(deps: WorkerDeps) {
    const { env, registry, logger } = deps;
    this.#deps = deps;
    this.#cleaner = new Cleaner({ ...deps, keepMs: env.KEEP_AFTER_END * 1000 });
    this.#outboxReaders = new OutboxReaders({
      ...deps,
      retryDelayMs: env.WEBHOOK_RETRY_DELAY * 1000,
      onQuota: (event) => this.#onEvent({ type: 'quota', ...event }),
      onError: (error) => logger.warning('an event of the outbox could not be handled; it comes again', { error }),
    });
    const observers = [
      countEvents(registry, () => this.#reporters.map((engine) => engine.reading())),
      logEvents(logger, deps.redisWatch),
      this.#react,
    ];
    this.#onEvent = (event) => {
      for (const observe of observers) observe(event);
    };
  }

  async start(): Promise<void> {
    const { lifecycle, roles, logger } = this.#deps;
    await this.#openHealthServer();
    const heartbeat = this.#openHeartbeat();
    await heartbeat.enter('starting');
    if (this.#deps.roles.includes('speak')) this.#voiceBox = await this.#openVoices(heartbeat);
    if (this.#canTranscribe) this.#engine = await this.#openEngine(() => this.#announceModels(heartbeat));
    await this.#followWishes(heartbeat);
    this.#followOperations();
    lifecycle.signal.throwIfAborted();
    // The fleet learns of its models before it takes the first job.
    await this.#announceModels(heartbeat);
    const consumers = await this.#openConsumers();
    this.#openLive();
    lifecycle.own('readiness', () => heartbeat.leave());
    await heartbeat.enter('ready');
    this.#followDrains(consumers, heartbeat);
    logger.info('worker is ready', { workerId: this.id, roles, slots: this.#slots });
  }

  get #canTranscribe(): boolean {
    return this.#deps.roles.includes('transcribe');
  }

  get #slots(): number {
    return this.#engine?.slots ?? 0;
  }

  /** Of the engines of its roles. */
  get #reporters(): EngineReporter[] {
    const speaking = this.#voiceBox?.canSpeak ? [this.#voiceBox] : [];
    return [...(this.#canTranscribe ? [this.#transcriber] : []), ...speaking];
  }

  async #openHealthServer(): Promise<void> {
    const { env, registry, lifecycle, blobs } = this.#deps;
    const server = await startHealthServer({
      host: env.WORKER_HEALTH_HOST,
      port: env.METRICS_PORT,
      registry,
      checks: { jobs: () => this.#isHealthy(), storage: async () => (await blobs.health()).writable },
      vitals: { consumers: () => this.#isAlive() },
    });
    lifecycle.own('health server', () => server.close());
    this.#metricsUrl = server.metricsUrl;
  }

  #openHeartbeat(): HeartbeatLoop {
    const { lifecycle, heartbeats, logger, roles } = this.#deps;
    const heartbeat = new HeartbeatLoop({
      heartbeats,
      logger,
      describe: () => ({
        protocol: WORKER_PROTOCOL,
        workerId: this.id,
        roles,
        ...(this.#isDraining && { isDraining: true }),
        startedAtMs: this.#startedAtMs,
        engines: this.#reporters.map((engine) => engine.report()),
        metricsUrl: this.#metricsUrl,
        version: VERSION,
      }),
    });
    lifecycle.own('heartbeat', () => heartbeat.close());
    return heartbeat;
  }

  /** Reports its models to the fleet at once. Never rejects: the next heartbeat reports them again. */
  async #announceModels(heartbeat: HeartbeatLoop): Promise<void> {
    const { heartbeats, logger } = this.#deps;
    await heartbeat.beatNow();
    await heartbeats
      .forgetModels('transcribe')
      .catch((error: unknown) => logger.warning('removed models could not be forgotten', { error }));
  }

  async #openEngine(onModelsChange: () => Promise<void>): Promise<Engine> {
    return openEngine(this.#deps, {
      rightOfWay: this.#rightOfWay,
      onEvent: this.#onEvent,
      onModelsChange: () => void onModelsChange(),
    });
  }

  #openVoices(heartbeat: HeartbeatLoop): Promise<VoiceBox> {
    const onChange = () => {
      void heartbeat.beatNow();
      this.#onVoices();
    };
    const { WHISPER_MODEL_DIR: modelDir } = this.#deps.env;
    return openVoices({ ...this.#deps, modelDir, onChange, onEvent: this.#onEvent });
  }

  /** From now on, and once before the first job is taken. */
  async #followWishes(heartbeat: HeartbeatLoop): Promise<void> {
    const { modelWishes: wishes, logger, lifecycle } = this.#deps;
    const engine = this.#engine;
    if (engine === null) return;
    const onChange = () => void this.#announceModels(heartbeat);
    const follower = new WishFollower({ wishes, engine, logger, onChange });
    lifecycle.own('wishes about models', () => follower.close());
    await follower.open();
  }

  #followOperations(): void {
    const { modelOperations: operations, logger, lifecycle, env } = this.#deps;
    const engine = this.#engine;
    if (engine === null) return;
    const own = { workerId: this.id, startedAtMs: this.#startedAtMs };
    const folder = { modelDir: env.WHISPER_MODEL_DIR, baseUrl: env.MODEL_BASE_URL };
    const follower = new OperationFollower({ operations, engine, logger, ...own, ...folder });
    lifecycle.own('operations on models', () => follower.close());
    follower.open();
  }

  /** Last of all that is opened, so that it is handed over first. */
  #openLive(): void {
    const engine = this.#engine;
    if (engine === null) return;
    const takesMore = () => !this.#isDraining;
    const live = openLiveWorker(this.#deps, { workerId: this.id, engine, takesMore, onEvent: this.#onEvent });
    if (live === null) return;
    this.#live = live;
    this.#deps.lifecycle.own('live sessions', () => live.close());
  }

  #followDrains(consumers: ConsumerGroup, heartbeat: HeartbeatLoop): void {
    const { workerDrains: drains, logger, lifecycle } = this.#deps;
    const onChange = async (isDraining: boolean) => {
      this.#isDraining = isDraining;
      await heartbeat.enter(isDraining ? 'stopping' : 'ready');
    };
    const follower = new DrainFollower({ workerId: this.id, drains, consumers, logger, onChange });
    lifecycle.own('drains', () => follower.close());
    follower.open();
  }

  async #openConsumers(): Promise<ConsumerGroup> {
    const { env, lifecycle, roles } = this.#deps;
    lifecycle.own('cleaner', () => this.#cleaner.close());
    lifecycle.own('outbox readers', () => this.#outboxReaders.close());
    const slots = { transcribe: this.#slots, speak: this.#voiceBox?.slots ?? 0 };
    const group = new ConsumerGroup({ ...this.#deps, slots, handlers: this.#buildHandlers(), onEvent: this.#onEvent });
    // Without a voice, texts are for other workers.
    await group.join(roles.filter((role) => role !== 'speak' || this.#voiceBox?.canSpeak));
    this.#onVoices = () => {
      if (this.#voiceBox?.canSpeak) void group.joinLater('speak');
    };
    this.#onVoices();
    const graceMs = env.SHUTDOWN_GRACE * 1000;
    lifecycle.own('consumers', () => group.drain(graceMs), graceMs + HAND_OVER_MS);
    this.#isHealthy = () => group.isHealthy();
    this.#isAlive = () => group.isAlive();
    // Events may have been waiting while no worker was running.
    if (this.#deps.roles.includes('prepare')) this.#outboxReaders.wake();
    return group;
  }

  #buildHandlers(): Handlers {
    const { env } = this.#deps;
    return buildHandlers({
      ...this.#deps,
      cleaner: this.#cleaner,
      decodeLimits: decodeLimitsOf(env),
      speakerThreads: speakerThreads(wholeCores()),
      modelDir: env.WHISPER_MODEL_DIR,
      leftoverAgeMs: env.CLEANUP_INTERVAL * 1000,
      keepMs: env.KEEP_AFTER_END * 1000,
      outbox: this.#outboxReaders,
      deliveries: {
        ...this.#deps,
        secret: () => env.WEBHOOK_SECRET ?? null,
        timeoutMs: () => env.WEBHOOK_TIMEOUT * 1000,
        onEvent: this.#onEvent,
      },
      models: new ModelDirectory(this.#deps.heartbeats, () => this.#engine?.defaultModel ?? null),
      engine: this.#engine,
      voiceBox: this.#voiceBox,
      pieceCache: openPieceCache(this.#deps),
      wordTimes: new WordTimes({ ...this.#deps, engine: this.#engine }),
      rightOfWay: this.#rightOfWay,
      onEvent: this.#onEvent,
    });
  }

  /** What events lead to, beside log lines and metrics. */
  readonly #react: OnWorkerEvent = (event) => {
    if (event.type === 'window') {
      this.#speed.add(event.audioMs, event.engineMs);
      this.#figures.addWindow(event.model, event.audioMs, event.engineMs);
    }
    if (event.type === 'model_loaded') this.#figures.setMemory(event.model, event.memoryBytes);
    if (event.type !== 'job') return;
    const job = event.event;
    if (job.type === 'outbox_filled' && this.#deps.roles.includes('prepare')) this.#outboxReaders.wake();
    const hasEnded = job.type === 'failed' || job.type === 'dropped' || job.type === 'run_stopped';
    if (hasEnded && job.runId !== null) this.#cleaner.clean(job.runId);
  };
}

/** Time to hand over jobs that have not finished within the grace period. */
const HAND_OVER_MS = 10_000;
