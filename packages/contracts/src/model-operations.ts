import { z } from 'zod';

/** What operators can have workers do, once, with a file in their folders of models. */
export const MODEL_OPERATION_KINDS = ['install', 'verify', 'remove'] as const;
export type ModelOperationKind = (typeof MODEL_OPERATION_KINDS)[number];

/** As it is stored, for the workers. */
export const modelOperationSchema = z.object({
  id: z.uuid(),
  kind: z.enum(MODEL_OPERATION_KINDS),
  model: z.string(),
  createdAtMs: z.int(),
});
export type ModelOperation = z.infer<typeof modelOperationSchema>;

/** How far a worker is with it. */
export const operationReportSchema = z.object({
  status: z.enum(['running', 'completed', 'failed']),
  /** Of an installation: `downloading`, `verifying`, ... */
  phase: z.string().nullable(),
  receivedBytes: z.int().nullable(),
  totalBytes: z.int().nullable(),
  /** What came of it. */
  detail: z.string().nullable(),
});
export type OperationReport = z.infer<typeof operationReportSchema>;

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

/** @param workerIds of the living workers that have models */
export function toWireModelOperation(
  { id, kind, model, createdAtMs }: ModelOperation,
  reports: ReadonlyMap<string, OperationReport>,
  workerIds: readonly string[],
): WireModelOperation {
  const workers = workerIds.map((workerId) => {
    const report = reports.get(workerId);
    return {
      id: workerId,
      status: report?.status ?? ('waiting' as const),
      phase: report?.phase ?? null,
      received_bytes: report?.receivedBytes ?? null,
      total_bytes: report?.totalBytes ?? null,
      detail: report?.detail ?? null,
    };
  });
  const hasEnded = workers.length > 0 && workers.every(({ status }) => status === 'completed' || status === 'failed');
  const hasFailed = workers.some(({ status }) => status === 'failed');
  const status = hasEnded ? (hasFailed ? 'failed' : 'completed') : 'running';
  return { id, kind, model, created_at: new Date(createdAtMs).toISOString(), status, workers };
}
