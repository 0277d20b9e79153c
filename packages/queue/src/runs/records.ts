import { deliveryOptionsSchema, type JobRequest, jobRequestSchema, type Run } from '@sotto/contracts';
import type { Catalog } from '../catalog/catalog.ts';
import type { RunKindDefinition } from '../catalog/runs.ts';
import type { OutboxConsumer } from '../outbox/outbox-event.ts';
import type { Hash } from '../redis/hash.ts';
import { UnreadableRecord } from '../redis/readable.ts';
import type { AttachInput } from './attachment.ts';

/** Runs and requests as Redis hashes, and back. Warnings are JSON lines. */
const SEPARATOR = '\n';
const EXTRA = 'extra:';

/** The kind of runs that have none: builds before kinds of runs had transcriptions only. */
export const FIRST_KIND = 'transcription';

const numberOrNull = (text: string | undefined): number | null =>
  text === undefined || text === '' ? null : Number(text);

const jsonOrNull = (text: string | undefined): unknown => (text === undefined || text === '' ? null : JSON.parse(text));

const linesOf = (text: string | undefined): unknown[] => (text ?? '').split(SEPARATOR).filter(Boolean).map(parseJson);

const parseJson = (text: string): unknown => JSON.parse(text);

/**
 * null: there is no such run.
 *
 * @throws UnreadableRecord
 */
export function runOf(hash: Hash, catalog: Catalog): Run | null {
  if (hash.id === undefined) return null;
  const kind = hash.kind ?? FIRST_KIND;
  const definition = catalog.findRun(kind);
  if (definition === null) throw new UnreadableRecord(`run ${hash.id} is of an unknown kind: ${kind}`);
  const parsed = definition.record.safeParse(fieldsOf(hash, kind, definition));
  if (parsed.success) return parsed.data as Run;
  throw new UnreadableRecord(`run ${hash.id} cannot be read`, { cause: parsed.error });
}

function fieldsOf(hash: Hash, kind: string, { input, numbers }: RunKindDefinition): Record<string, unknown> {
  const fields: Record<string, unknown> = {
    kind,
    id: hash.id,
    status: hash.status,
    stage: hash.stage,
    progress: Number(hash.progress),
    [input.field]: jsonOrNull(hash[input.field]),
    options: jsonOrNull(hash.options),
    lane: hash.lane,
    keyId: hash.keyId === '' ? null : hash.keyId,
    createdAtMs: Number(hash.createdAtMs),
    startedAtMs: numberOrNull(hash.startedAtMs),
    endedAtMs: numberOrNull(hash.endedAtMs),
    error: jsonOrNull(hash.error),
    warnings: linesOf(hash.warnings),
    result: jsonOrNull(hash.result),
    leastWorker: Number(hash.leastWorker ?? 1),
    waiting: jsonOrNull(hash.waiting),
    extras: extrasOf(hash),
  };
  for (const [name, first] of Object.entries(numbers)) fields[name] = numberOrNull(hash[name]) ?? first;
  return fields;
}

function extrasOf(hash: Hash): Record<string, string> {
  const named = Object.entries(hash).filter(([field]) => field.startsWith(EXTRA));
  return Object.fromEntries(named.map(([field, state]) => [field.slice(EXTRA.length), state]));
}

/** @throws UnreadableRecord when a newer build accepted the run with options that this one does not know. */
export function assertKnownOptions(hash: Hash, { options, legacyOptions = {} }: RunKindDefinition): void {
  const written = Object.keys((jsonOrNull(hash.options) ?? {}) as object);
  const unknown = written.filter((name) => !Object.hasOwn(options.shape, name) && !Object.hasOwn(legacyOptions, name));
  if (unknown.length > 0) throw new UnreadableRecord(`run ${hash.id} has unknown options: ${unknown.join(', ')}`);
}

/** A run that has not been started. */
export function newRun({ kind, input, options, lane, keyId, nowMs }: AttachInput, catalog: Catalog): Run {
  const definition = catalog.run(kind);
  const fields: Record<string, unknown> = {
    kind,
    id: crypto.randomUUID(),
    status: 'processing',
    stage: definition.stages[0]?.name ?? 'queued',
    progress: 0,
    [definition.input.field]: input,
    options,
    lane,
    keyId,
    createdAtMs: nowMs,
    startedAtMs: null,
    endedAtMs: null,
    error: null,
    warnings: [],
    result: null,
    leastWorker: definition.leastWorker(input, options),
    waiting: null,
    extras: {},
  };
  return { ...fields, ...definition.numbers } as Run;
}

/** Stored with a run for the scripts; '' stands for none. */
export interface RunNotes {
  workKey: string;
  modelDigest: string;
  /** Its sender asked for the batch lane; it stays there even if it is short. */
  stepsBack: boolean;
  /** See Origins. */
  trace: string | undefined;
}

/** Hash fields of a new run. Ids of API keys are never empty, so '' can stand for none. */
export function newRunFields(run: Run, definition: RunKindDefinition, notes: RunNotes): string[] {
  const input = (run as unknown as Record<string, unknown>)[definition.input.field];
  const hash: Hash = {
    kind: run.kind,
    id: run.id,
    status: run.status,
    stage: run.stage,
    progress: String(run.progress),
    [definition.input.field]: JSON.stringify(input),
    options: JSON.stringify({ ...definition.legacyOptions, ...run.options }),
    lane: run.lane,
    keyId: run.keyId ?? '',
    createdAtMs: String(run.createdAtMs),
    leastWorker: String(run.leastWorker),
    frontier: '0',
    workKey: notes.workKey,
    modelDigest: notes.modelDigest,
    stepsBack: notes.stepsBack ? '1' : '0',
    ...(notes.trace !== undefined && { trace: notes.trace }),
  };
  for (const [name, first] of Object.entries(definition.numbers)) if (first !== null) hash[name] = String(first);
  return Object.entries(hash).flat();
}

/** A request, and when its client cancelled it while others still waited for the run. */
export interface RequestRecord {
  request: JobRequest;
  cancelledAtMs: number | null;
}

/**
 * null: there is no such request.
 *
 * @throws UnreadableRecord
 */
export function requestOf(hash: Hash): RequestRecord | null {
  if (hash.id === undefined) return null;
  try {
    const request = jobRequestSchema.parse({
      id: hash.id,
      runId: hash.runId,
      keyId: hash.keyId === '' ? null : hash.keyId,
      createdAtMs: Number(hash.createdAtMs),
      delivery: deliveryOptionsSchema.parse(jsonOrNull(hash.delivery)),
      fileName: hash.fileName,
    });
    return { request, cancelledAtMs: numberOrNull(hash.cancelledAtMs) };
  } catch (cause) {
    throw new UnreadableRecord(`request ${hash.id} cannot be read`, { cause });
  }
}

/** Hash fields of a new request, without `runId`, which the attach script decides. */
export function newRequestFields(request: Omit<JobRequest, 'runId'>): string[] {
  const { webhookUrl, batchId, keep } = request.delivery;
  const consumers: OutboxConsumer[] = [];
  if (webhookUrl !== undefined) consumers.push('webhooks');
  if (batchId !== undefined) consumers.push('batches');
  const isOfBefore = consumers.length > 0;
  if (keep !== undefined) consumers.push('library');
  const hash: Hash = {
    id: request.id,
    keyId: request.keyId ?? '',
    createdAtMs: String(request.createdAtMs),
    delivery: JSON.stringify(request.delivery),
    fileName: request.fileName,
    consumers: consumers.join(','),
  };
  // For builds before the outbox, which have one consumer for both.
  if (isOfBefore) hash.webhook = '1';
  return Object.entries(hash).flat();
}

/** The run as its client sees it: cancelled if it cancelled its request, whatever became of the run. */
export function seenBy(record: RequestRecord, run: Run): Run {
  if (record.cancelledAtMs === null || run.status === 'cancelled') return run;
  return { ...run, status: 'cancelled', endedAtMs: record.cancelledAtMs, error: null };
}
