import * as z from 'zod';
import { ENGINE_KINDS, type Heartbeat, ROLES } from './workers.ts';

/** A worker as operators see it. */
const wireWorkerSchema = z
  .object({
    id: z.string(),
    roles: z.array(z.enum(ROLES)),
    state: z.enum(['starting', 'ready', 'stopping']),
    started_at: z.iso.datetime(),
    /** Of the build. */
    version: z.string(),
    engines: z.array(
      z.object({
        kind: z.enum(ENGINE_KINDS),
        device: z.string(),
        default_model: z.string().nullable(),
        loaded_models: z.array(z.string()),
        /** Models that it has, but not the memory for: their work goes to other workers. */
        too_large_models: z.array(z.string()).default([]),
        slots: z.int(),
        slots_busy: z.int(),
        /** Audio seconds per wall second, over its last work; null before any. */
        speed: z.number().nullable(),
      }),
    ),
  })
  .meta({ id: 'Worker' });
export type WireWorker = z.infer<typeof wireWorkerSchema>;

/** `GET /admin/workers`. */
export const wireWorkerListSchema = z.object({ workers: z.array(wireWorkerSchema) }).meta({ id: 'WorkerList' });
export type WireWorkerList = z.infer<typeof wireWorkerListSchema>;

export function toWireWorker({ workerId, roles, state, startedAtMs, version, engines }: Heartbeat): WireWorker {
  return {
    id: workerId,
    roles,
    state,
    started_at: new Date(startedAtMs).toISOString(),
    version,
    engines: engines.map(({ kind, device, defaultModel, models, slots, busy, speed }) => ({
      kind,
      device,
      default_model: defaultModel,
      loaded_models: models.filter(({ loaded }) => loaded).map(({ name }) => name),
      too_large_models: models.filter(({ fits }) => !fits).map(({ name }) => name),
      slots,
      slots_busy: busy,
      speed,
    })),
  };
}
