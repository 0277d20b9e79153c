import { enginesOf, SottoError, wireHealthSchema, wireReadySchema } from '@sotto/contracts';
import type { Producer, QueueProbe, QueueState } from '@sotto/queue';
import type { BlobStore } from '@sotto/storage';
import { z } from 'zod';
import {
  currentModelName,
  type Fleet,
  isModelLoaded,
  type WorkerDirectory,
  warningsOf,
} from '../fleet/worker-directory.ts';
import { hasRoom } from '../http/admission.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import type { Shutdown } from '../http/shutdown.ts';
import type { LibraryStore } from '../library/library-store.ts';
import type { ApiSettings } from '../settings/settings.ts';

type WireHealth = z.infer<typeof wireHealthSchema>;
type WireReady = z.infer<typeof wireReadySchema>;

export interface HealthDeps {
  settings: ApiSettings;
  directory: WorkerDirectory;
  producer: Pick<Producer, 'counts'>;
  storage: Pick<BlobStore, 'health'>;
  probe: Pick<QueueProbe, 'read'>;
  library: Pick<LibraryStore, 'isOn' | 'problem'>;
  shutdown: Shutdown;
  startedAtMs: number;
}

/** Redis cannot be reached, or does not write. */
const NO_QUEUE: QueueState = { isWritable: false, memoryPercent: null };
const NO_FLEET: Fleet = { workers: [], models: [] };
const NO_WORKERS = 'No worker is running. Jobs are accepted but wait.';
const NO_MEMORY = 'The memory of the queue (Redis) is almost full. New work is refused.';
const STOPPING = 'This process is stopping. Another one will take the request.';
const NO_MODEL = 'No worker has loaded its model yet.';

export function healthEndpoints(deps: HealthDeps): Endpoint[] {
  return [healthEndpoint(deps), liveEndpoint(), readyEndpoint(deps)];
}

function healthEndpoint(deps: HealthDeps): Endpoint {
  return endpoint({
    method: 'get',
    tag: 'operations',
    access: 'open',
    errors: [],
    path: '/health',
    summary: 'Health of the service',
    answers: {
      200: { description: 'Healthy or degraded.', content: { 'application/json': wireHealthSchema } },
      503: { description: 'Unhealthy.', content: { 'application/json': wireHealthSchema } },
    },
    handle: async ({ response }) => {
      const body = await describeHealth(deps);
      response.status(body.status === 'unhealthy' ? 503 : 200).json(body);
    },
  });
}

function liveEndpoint(): Endpoint {
  return endpoint({
    method: 'get',
    tag: 'operations',
    access: 'open',
    errors: [],
    path: '/health/live',
    summary: 'Liveness probe',
    answers: {
      200: { description: 'Alive.', content: { 'application/json': z.object({ status: z.literal('alive') }) } },
    },
    handle: ({ response }) => void response.json({ status: 'alive' }),
  });
}

function readyEndpoint(deps: HealthDeps): Endpoint {
  return endpoint({
    method: 'get',
    tag: 'operations',
    access: 'open',
    errors: [],
    path: '/health/ready',
    summary: 'Readiness probe',
    description:
      '`degraded` (200): results and states are served, but no worker is available to process new work yet, the queue has no memory for it, or the library cannot be used.',
    answers: {
      200: { description: 'Ready or degraded.', content: { 'application/json': wireReadySchema } },
      503: { description: 'Not ready.', content: { 'application/json': wireReadySchema } },
    },
    handle: async ({ response }) => {
      const body = await readiness(deps);
      response.status(body.status === 'not_ready' ? 503 : 200).json(body);
    },
  });
}

/** null: the queue cannot be reached, or does not do it. */
async function ask<T>(queue: Promise<T>): Promise<T | null> {
  try {
    return await queue;
  } catch (error) {
    if (error instanceof SottoError && error.code === 'queue_unavailable') return null;
    throw error;
  }
}

async function readiness({ settings, directory, storage, probe, library, shutdown }: HealthDeps): Promise<WireReady> {
  const [fleet, state, { writable, freeBytes }, libraryProblem] = await Promise.all([
    ask(directory.freshFleet()),
    ask(probe.read()),
    storage.health(),
    library.problem(),
  ]);
  const queue = state ?? NO_QUEUE;
  const checks = {
    redis_connected: fleet !== null,
    redis_writable: queue.isWritable,
    redis_memory: hasRoom(queue, settings),
    storage_writable: writable,
    disk_space: freeBytes === null || freeBytes >= settings.minFreeDiskBytes,
    model_loaded: isModelLoaded(fleet ?? NO_FLEET),
    ...(library.isOn && { library: libraryProblem === null }),
  };
  const { model_loaded: hasModel, redis_memory: hasMemory, library: hasLibrary = true, ...needed } = checks;
  const isReady = Object.values(needed).every(Boolean) && !shutdown.signal.aborted;
  const status = isReady ? (hasModel && hasMemory && hasLibrary ? 'ready' : 'degraded') : 'not_ready';
  const problems = problemsOf(checks, fleet, shutdown.signal.aborted);
  return { status, checks, problems: [...problems, ...(libraryProblem === null ? [] : [libraryProblem])] };
}

async function describeHealth(deps: HealthDeps): Promise<WireHealth> {
  const { settings, directory, producer, startedAtMs } = deps;
  const [ready, fleet, storage] = await Promise.all([
    readiness(deps),
    ask(directory.freshFleet()),
    deps.storage.health(),
  ]);
  const counts = fleet === null ? null : await producer.counts().catch(() => null);
  const { workers, models } = fleet ?? NO_FLEET;
  const current = currentModelName({ workers, models }, settings.defaultModel);
  return {
    status: ready.status === 'not_ready' ? 'unhealthy' : ready.status === 'degraded' ? 'degraded' : 'healthy',
    version: settings.version,
    model: current,
    device: enginesOf(workers, 'transcribe')[0]?.device ?? null,
    timestamp: new Date().toISOString(),
    uptime_seconds: Math.floor((Date.now() - startedAtMs) / 1000),
    workers: workers.length,
    queue: counts && { waiting: counts.waiting, active: counts.active },
    storage: {
      kind: storage.kind,
      writable: storage.writable,
      free_bytes: storage.freeBytes,
      total_bytes: storage.totalBytes,
    },
    warnings: [
      ...(ready.problems ?? []),
      ...models.filter(({ name, fits }) => name === current || !fits).flatMap(warningsOf),
    ],
  };
}

/** @param fleet null: the queue cannot be reached, and nobody knows which workers there are */
function problemsOf(checks: WireReady['checks'], fleet: Fleet | null, isStopping: boolean): string[] {
  return [
    ...(isStopping ? [STOPPING] : []),
    ...(checks.redis_connected ? [] : ['The queue (Redis) cannot be reached.']),
    ...(checks.redis_writable || !checks.redis_connected ? [] : ['The queue (Redis) does not accept writes.']),
    ...(checks.redis_memory || !checks.redis_writable ? [] : [NO_MEMORY]),
    ...(checks.storage_writable ? [] : ['The storage is not writable.']),
    ...(checks.disk_space ? [] : ['The disk is almost full.']),
    ...(fleet === null ? [] : workerProblems(fleet)),
  ];
}

function workerProblems(fleet: Fleet): string[] {
  if (fleet.workers.length === 0) return [NO_WORKERS];
  return isModelLoaded(fleet) ? [] : [NO_MODEL];
}
