import * as z from 'zod';

/** `POST /admin/reload`: names of settings. */
export const wireReloadSchema = z
  .object({
    /** In effect now. */
    changed: z.array(z.string()),
    /** Takes effect at the next start. */
    needs_restart: z.array(z.string()),
  })
  .meta({ id: 'Reload' });

/** `GET /admin/models`, and what its changes answer. */
export const wireAdminModelsSchema = z
  .object({
    /** What requests without a model get now. */
    current_model: z.string().nullable(),
    /** What operators set in place of WHISPER_MODEL; null: nothing. Current once a worker has loaded it. */
    default_model: z.string().nullable(),
    /** Kept in memory by every worker that has them. */
    preloaded: z.array(z.string()),
    models: z.array(
      z.object({
        name: z.string(),
        digest: z.string(),
        bytes: z.int(),
        multilingual: z.boolean(),
        /** How many workers have its file. */
        workers: z.int(),
        /** How many of them have memory enough for it. */
        fits: z.int(),
        /** How many of them have it in memory. */
        loaded_by: z.int(),
        realtime_factor: z.number().nullable().default(null).meta({
          description: 'Audio seconds per second of one worker, over its last windows; null: not measured yet.',
        }),
        memory_bytes: z.int().nullable().default(null).meta({
          description: 'Memory that it takes in one worker, all slots in use; null: not loaded yet.',
        }),
        warning: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'AdminModels' });
export type WireAdminModels = z.infer<typeof wireAdminModelsSchema>;

/** Body of `POST /admin/models/default`. */
export const defaultModelFormSchema = z.strictObject({
  model: z.string().min(1).max(200).nullable().meta({ description: 'An installed model; null: as configured.' }),
});
