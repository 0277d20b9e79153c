import * as z from 'zod';
import { MODEL_OPERATION_KINDS, type WireModelOperation } from './wire-model-operations.ts';

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
