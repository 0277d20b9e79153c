import * as z from 'zod';
import { ENGINE_KINDS, ROLES } from './roles.ts';

/** A worker as operators see it. */
export const wireWorkerSchema = z
  .object({
    id: z.string(),
    roles: z.array(z.enum(ROLES)),
    state: z.enum(['starting', 'ready', 'stopping']),
    draining: z
      .boolean()
      .default(false)
      .meta({ description: 'Takes no new jobs until an operator wants it to; its `state` is `stopping`.' }),
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
        /** People that it hears while they speak, and how many it could. */
        live_sessions: z.int().default(0),
        live_capacity: z.int().default(0),
      }),
    ),
  })
  .meta({ id: 'Worker' });
export type WireWorker = z.infer<typeof wireWorkerSchema>;

/** `GET /admin/workers`. */
export const wireWorkerListSchema = z.object({ workers: z.array(wireWorkerSchema) }).meta({ id: 'WorkerList' });
export type WireWorkerList = z.infer<typeof wireWorkerListSchema>;
