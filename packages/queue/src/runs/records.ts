import { deliveryOptionsSchema, type JobRequest, jobRequestSchema, type Run, runSchema } from '@sotto/contracts';
import type { Hash } from '../redis/hash.ts';

/** Runs and requests as Redis hashes, and back. */

const WARNING_SEPARATOR = '\n';

const numberOrNull = (text: string | undefined): number | null =>
  text === undefined || text === '' ? null : Number(text);

const jsonOrNull = (text: string | undefined): unknown => (text === undefined || text === '' ? null : JSON.parse(text));

export function runOf(hash: Hash): Run | null {
  if (hash.id === undefined) return null;
  return runSchema.parse({
    id: hash.id,
    status: hash.status,
    stage: hash.stage,
    progress: Number(hash.progress),
    upload: jsonOrNull(hash.upload),
    options: jsonOrNull(hash.options),
    lane: hash.lane,
    keyId: hash.keyId === '' ? null : hash.keyId,
    createdAtMs: Number(hash.createdAtMs),
    startedAtMs: numberOrNull(hash.startedAtMs),
    endedAtMs: numberOrNull(hash.endedAtMs),
    durationMs: numberOrNull(hash.durationMs),
    windowsTotal: numberOrNull(hash.windowsTotal),
    windowsDone: Number(hash.windowsDone ?? 0),
    error: jsonOrNull(hash.error),
    warnings: (hash.warnings ?? '').split(WARNING_SEPARATOR).filter(Boolean).map(parseJson),
  });
}

const parseJson = (text: string): unknown => JSON.parse(text);

/** Kept beside a run for the scripts; '' stands for none. */
export interface RunExtras {
  workKey: string;
  modelDigest: string;
  /** Its sender wants it in the batch lane even if it is short. */
  stepsBack: boolean;
}

/** Fields of a run nobody has begun. Ids of API keys are never empty, so '' can stand for none. */
export function newRunFields(run: Run, { workKey, modelDigest, stepsBack }: RunExtras): string[] {
  const hash: Hash = {
    id: run.id,
    status: run.status,
    stage: run.stage,
    progress: String(run.progress),
    upload: JSON.stringify(run.upload),
    options: JSON.stringify(run.options),
    lane: run.lane,
    keyId: run.keyId ?? '',
    createdAtMs: String(run.createdAtMs),
    windowsDone: '0',
    frontier: '0',
    workKey,
    modelDigest,
    stepsBack: stepsBack ? '1' : '0',
  };
  return Object.entries(hash).flat();
}

/** A request, and when it left its run by itself (its client cancelled it while others still waited). */
export interface RequestRecord {
  request: JobRequest;
  cancelledAtMs: number | null;
}

export function requestOf(hash: Hash): RequestRecord | null {
  if (hash.id === undefined) return null;
  const request = jobRequestSchema.parse({
    id: hash.id,
    runId: hash.runId,
    keyId: hash.keyId === '' ? null : hash.keyId,
    createdAtMs: Number(hash.createdAtMs),
    delivery: deliveryOptionsSchema.parse(jsonOrNull(hash.delivery)),
    fileName: hash.fileName,
  });
  return { request, cancelledAtMs: numberOrNull(hash.cancelledAtMs) };
}

/** All but `runId`, which the attach script decides. */
export function newRequestFields(request: Omit<JobRequest, 'runId'>): string[] {
  const hash: Hash = {
    id: request.id,
    keyId: request.keyId ?? '',
    createdAtMs: String(request.createdAtMs),
    delivery: JSON.stringify(request.delivery),
    fileName: request.fileName,
    // A batch is told of its items' ends the same way.
    ...((request.delivery.webhookUrl ?? request.delivery.batchId) !== undefined && { webhook: '1' }),
  };
  return Object.entries(hash).flat();
}

/** What a client that cancelled its request sees, whatever became of the run. */
export function seenBy(record: RequestRecord, run: Run): Run {
  if (record.cancelledAtMs === null || run.status === 'cancelled') return run;
  return { ...run, status: 'cancelled', endedAtMs: record.cancelledAtMs, error: null };
}
