import * as z from 'zod';

/** What operators can have workers do, once, with a file in their folders of models. */
export const MODEL_OPERATION_KINDS = ['install', 'verify', 'remove'] as const;
export type ModelOperationKind = (typeof MODEL_OPERATION_KINDS)[number];

export const wireModelOperationSchema = z
  .object({
    id: z.string(),
    kind: z.enum(MODEL_OPERATION_KINDS),
    model: z.string(),
    created_at: z.iso.datetime(),
    /** `running` until every worker with models has ended it. */
    status: z.enum(['running', 'completed', 'failed']),
    workers: z.array(
      z.object({
        id: z.string(),
        /** `waiting`: it has not begun. */
        status: z.enum(['waiting', 'running', 'completed', 'failed']),
        phase: z.string().nullable(),
        received_bytes: z.int().nullable(),
        total_bytes: z.int().nullable(),
        detail: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'ModelOperation' });
export type WireModelOperation = z.infer<typeof wireModelOperationSchema>;

/** `GET /admin/model-operations`: the last of each model, for a day. */
export const wireModelOperationListSchema = z
  .object({ operations: z.array(wireModelOperationSchema) })
  .meta({ id: 'ModelOperationList' });
export type WireModelOperationList = z.infer<typeof wireModelOperationListSchema>;
