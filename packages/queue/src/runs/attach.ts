import { type Run, SottoError } from '@sotto/contracts';
import { type QuotaName, quotaExceeded } from '../access/quota.ts';
import { usageArgument } from '../access/usage-argument.ts';
import type { RunKindDefinition } from '../catalog/runs.ts';
import { laneOfFirstTurn, movesUpWhenJoined } from '../order/lane.ts';
import { prioritiesOf } from '../order/priorities.ts';
import { type TurnReply, turnIn, turnOf } from '../order/turns.ts';
import { hashOf } from '../redis/hash.ts';
import { indexMember } from '../redis/ids.ts';
import { RUN_PARTS } from '../redis/keys/runs.ts';
import { runScript } from '../redis/scripts.ts';
import { JOINABLE_FACTOR } from '../redis/settings.ts';
import { keyDiskFull } from '../uploads/key-disk.ts';
import type { Attached, AttachInput, BacklogLimits } from './attachment.ts';
import { newRequestFields, newRun, newRunFields, runOf } from './records.ts';
import type { RunStore } from './run-store.ts';

/** For a Retry-After where nobody has measured how fast the service is. */
const KEY_FULL_RETRY_SECONDS = 10;

/** See Runs.attach. */
export async function attachRequest(store: RunStore, input: AttachInput): Promise<Attached> {
  const { keys, catalog } = store;
  const { requestId, keyId, nowMs, delivery, fileName } = input;
  const definition = catalog.run(input.kind);
  const fresh = newRun(input, catalog);
  const newRequest = { id: requestId, keyId, createdAtMs: nowMs, delivery, fileName };
  const own = [
    keys.requests.record(requestId),
    keys.runs.record(fresh.id),
    keys.runs.processing,
    keys.requests.tombstone(requestId),
    ...(input.workKey === null ? [] : [keys.runs.ofWork(input.workKey)]),
  ];
  const argument = {
    ...recordsArgument(store, input, fresh, newRequestFields(newRequest)),
    ...countsArgument(store, input),
    turn: turnIn(keys, catalog.driverQueue(input.kind), laneOfFirstTurn(fresh, catalog)),
  };
  const reply = await runScript(store.redis, 'attach', own, argument);
  const [answer, ...rest] = reply as [string, ...unknown[]];
  if (answer === 'key_full') throw keyFull(definition, rest as [number, number]);
  if (answer === 'key_disk') throw keyDiskFull(rest as [number, number]);
  if (answer === 'quota') throw quotaSpent(definition, rest as [QuotaName, number, number, number], nowMs);
  if (answer === 'new') {
    const [priority = 1] = prioritiesOf(laneOfFirstTurn(fresh, catalog), turnOf(rest as TurnReply), 1);
    return { run: fresh, request: { ...newRequest, runId: fresh.id }, joined: false, movedUp: false, priority };
  }
  const run = runOf(hashOf(rest[0]), catalog);
  if (run === null) throw new SottoError('internal_error', 'A run vanished while it was being processed.');
  const movedUp = rest[1] === 'moved_up';
  return { run, request: { ...newRequest, runId: run.id }, joined: answer === 'joined', movedUp, priority: null };
}

/** The request, the run it may need, and where both are found. */
function recordsArgument({ keys, retention, catalog }: RunStore, input: AttachInput, fresh: Run, request: string[]) {
  const { requestId, keyId, nowMs } = input;
  const definition = catalog.run(input.kind);
  const retentionMs = definition.retentionMs ?? retention.ttlMs.completed;
  const modelDigest = input.modelDigest ?? '';
  const workKey = input.workKey === null ? '' : keys.runs.ofWork(input.workKey);
  const notes = { workKey, modelDigest, stepsBack: input.delivery.priority === 'batch', trace: input.trace };
  return {
    requestId,
    runId: fresh.id,
    now: nowMs,
    modelDigest,
    request,
    run: newRunFields(fresh, definition, notes),
    runStem: keys.runs.stem,
    parts: RUN_PARTS,
    movesUp: movesUpWhenJoined(input.lane),
    indexes: {
      keys: [keys.requests.index(null), keys.requests.index(keyId)],
      member: indexMember(nowMs, requestId),
      idleMs: retention.tombstoneMs,
    },
    retentionMs,
    joinableMs: retentionMs * JOINABLE_FACTOR,
    tombstoneMs: retention.tombstoneMs,
    keyId: keyId ?? '',
  };
}

/** What is counted when work is accepted, and what limits it. */
function countsArgument({ keys, catalog, parts, retention }: RunStore, input: AttachInput) {
  const { kind, keyId, nowMs } = input;
  const definition = catalog.run(kind);
  const { unit } = definition;
  return {
    cost: definition.guessCost(input.input),
    unit: parts.unit(unit),
    backlogs: {
      all: keys.order.backlog(unit),
      key: keys.order.backlogOfKey(keyId, unit),
      ofKey: parts.backlogsOfKey(keyId),
    },
    limits: limitsArgument(input.limits),
    held: parts.held(keyId),
    bytes: input.input.bytes,
    isPaid: input.isPaid,
    usage: usageArgument(keys, retention, keyId, nowMs),
    outbox: parts.outbox,
  };
}

function limitsArgument({ runs = null, cost = null, bytes = null, uploadId }: Partial<BacklogLimits> = {}) {
  return { runs, cost, bytes, replaces: uploadId === undefined ? null : `upload:${uploadId}` };
}

function keyFull({ unit }: RunKindDefinition, [runs, cost]: [number, number]): SottoError {
  const minutes = Math.ceil(cost / 60_000);
  const isAudio = unit === 'audio_ms';
  const amount = isAudio ? `${minutes} min` : `${cost} ${unit}`;
  const unfinished = isAudio ? { unfinished_minutes: minutes } : { [`unfinished_${unit}`]: cost };
  return new SottoError('key_full', `${runs} jobs of this key (${amount}) are not done yet.`, {
    fields: { unfinished_jobs: runs, ...unfinished },
    retryAfterSeconds: KEY_FULL_RETRY_SECONDS,
  });
}

function quotaSpent(
  { unit }: RunKindDefinition,
  [name, limit, used, reserved]: [QuotaName, number, number, number],
  nowMs: number,
): SottoError {
  return quotaExceeded({ name, unit, limit, used, reserved }, nowMs);
}
