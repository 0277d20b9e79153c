import { z } from 'zod';

/** What engines do. */
export const ENGINE_KINDS = ['transcribe'] as const;
export type EngineKind = (typeof ENGINE_KINDS)[number];

/** What a worker is there for: `prepare`, which needs no engine, and to run engines of these kinds. */
export const ROLES = ['prepare', ...ENGINE_KINDS] as const;
export type Role = (typeof ROLES)[number];

/** A model file a worker can load. */
export const installedModelSchema = z.object({
  name: z.string(),
  /** SHA-256 of the file. */
  digest: z.string(),
  bytes: z.int(),
  multilingual: z.boolean(),
  loaded: z.boolean(),
  /** Set when the model is a stand-in (sotto-nano): shown in log, /health, /models and every result. */
  warning: z.string().nullable(),
});
export type InstalledModel = z.infer<typeof installedModelSchema>;

/** What each worker writes every few seconds under a key that expires: absence means death. */
export const heartbeatSchema = z.object({
  workerId: z.string(),
  roles: z.array(z.enum(ROLES)),
  startedAtMs: z.int(),
  /** `starting` while it installs or loads its model. */
  state: z.enum(['starting', 'ready', 'stopping']),
  device: z.string(),
  currentModel: z.string().nullable(),
  models: z.array(installedModelSchema),
  /** Windows decoded at once. */
  slots: z.int(),
  busySlots: z.int(),
  /** Audio seconds per wall second over its last windows; null before the first. */
  rtfx: z.number().nullable(),
  metricsUrl: z.string().nullable(),
  version: z.string(),
});
export type Heartbeat = z.infer<typeof heartbeatSchema>;
