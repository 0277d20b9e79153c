import * as z from 'zod';
import { ENGINE_KINDS, type EngineKind, ROLES } from './roles.ts';
import type { WireWorker } from './wire-workers.ts';

/**
 * Version of what workers and APIs exchange through Redis. A newer build reads what older ones write, and writes all
 * that older ones need. 1: builds whose heartbeats had no `protocol`. 2: builds that speak plain texts only.
 */
export const WORKER_PROTOCOL = 3;

/** A model file a worker can load. */
export const installedModelSchema = z.object({
  name: z.string(),
  /** SHA-256 of the file. */
  digest: z.string(),
  bytes: z.int(),
  multilingual: z.boolean(),
  loaded: z.boolean(),
  /** Whether the worker could hold it with no other loaded; true of builds that did not say. */
  fits: z.boolean().default(true),
  /** Audio seconds per second of the engine, over its last windows here; null before any. */
  realtimeFactor: z.number().nullable().default(null),
  /** Of its weights, and of its slots when they are used to the full, as it was last loaded here; null before that. */
  memoryBytes: z.int().nullable().default(null),
  /** Set when the model is a stand-in (sotto-nano): shown in log, /health, /models and every result. */
  warning: z.string().nullable(),
});
export type InstalledModel = z.infer<typeof installedModelSchema>;

/** An engine, as its worker reports it. */
export const engineReportSchema = z.object({
  kind: z.enum(ENGINE_KINDS),
  device: z.string(),
  /** For work that names no model; null until it is loaded. */
  defaultModel: z.string().nullable(),
  models: z.array(installedModelSchema),
  /** How much it does at once; 0 until it is ready. */
  slots: z.int(),
  busy: z.int(),
  /** Measured over its last work, in the unit of its kind; null before any work. */
  speed: z.number().nullable(),
  /** Live sessions that it hears, and can hear at once; absent: none. */
  live: z
    .object({
      sessions: z.int(),
      capacity: z.int(),
      /** It can store what it hears. */
      records: z.boolean().optional(),
    })
    .optional(),
});
export type EngineReport = z.infer<typeof engineReportSchema>;

/** Written by each worker every few seconds, and expires: a worker without a heartbeat is dead. */
export const heartbeatSchema = z.object({
  protocol: z.int(),
  workerId: z.string(),
  roles: z.array(z.enum(ROLES)),
  startedAtMs: z.int(),
  /** `starting` while it installs or loads its models. */
  state: z.enum(['starting', 'ready', 'stopping']),
  /** Takes no new jobs until an operator wants it to; `stopping` to those who do not know this. */
  isDraining: z.boolean().optional(),
  /** One for each role that needs one. */
  engines: z.array(engineReportSchema),
  metricsUrl: z.string().nullable(),
  /** Of the build. */
  version: z.string(),
});
export type Heartbeat = z.infer<typeof heartbeatSchema>;

/** All engines of a kind, in the order of their workers. */
export function enginesOf(workers: readonly Pick<Heartbeat, 'engines'>[], kind: EngineKind): EngineReport[] {
  return workers.flatMap(({ engines }) => engines.filter((engine) => engine.kind === kind));
}

/** A worker as operators see it. */
export function toWireWorker(heartbeat: Heartbeat): WireWorker {
  const { workerId, roles, state, isDraining = false, startedAtMs, version, engines } = heartbeat;
  return {
    id: workerId,
    roles,
    state,
    draining: isDraining,
    started_at: new Date(startedAtMs).toISOString(),
    version,
    engines: engines.map(({ kind, device, defaultModel, models, slots, busy, speed, live }) => ({
      kind,
      device,
      default_model: defaultModel,
      loaded_models: models.filter(({ loaded }) => loaded).map(({ name }) => name),
      too_large_models: models.filter(({ fits }) => !fits).map(({ name }) => name),
      slots,
      slots_busy: busy,
      speed,
      live_sessions: live?.sessions ?? 0,
      live_capacity: live?.capacity ?? 0,
    })),
  };
}
