import type { JobError, ResultReference, Run, RunEvent } from '@sotto/contracts';
import { type VoiceUse, voiceUseArgument } from '../access/voice-use.ts';
import { RUN_PARTS, WORKING_PARTS } from '../redis/keys/runs.ts';
import { runScript } from '../redis/scripts.ts';
import type { StoredResult } from './results.ts';
import type { RunStore } from './run-store.ts';

/** How a run ends, and with what. */
export type Ending =
  /** `inline`: the result itself, where it is stored beside the run. `voices`: who has spoken in it. */
  | {
      status: 'completed';
      reference: ResultReference;
      inline?: Pick<StoredResult, 'suffix' | 'body'>;
      voices?: readonly VoiceUse[];
    }
  | { status: 'failed'; error: JobError }
  | { status: 'cancelled' };

/** false: it had ended before; the first end stays. */
export async function endRun(store: RunStore, run: Pick<Run, 'id' | 'kind'>, ending: Ending): Promise<boolean> {
  const { runs } = store.keys;
  const record = runs.record(run.id);
  const own = [record, runs.requests(run.id), runs.processing];
  const argument = endArgument(store, run, ending);
  const inline = ending.status === 'completed' ? ending.inline : undefined;
  const reply =
    inline === undefined
      ? await runScript(store.redis, 'end', own, argument)
      : await runScript(store.redis, 'end', [...own, `${record}${inline.suffix}`], argument, inline.body);
  return reply === 'ended';
}

function endArgument({ keys, retention, catalog, parts }: RunStore, run: Pick<Run, 'id' | 'kind'>, ending: Ending) {
  const { status } = ending;
  const { unit, retentionMs = retention.ttlMs[status] } = catalog.run(run.kind);
  return {
    runId: run.id,
    status,
    now: Date.now(),
    error: status === 'failed' ? JSON.stringify(ending.error) : null,
    event: JSON.stringify(eventOf(ending)),
    reference: status === 'completed' ? JSON.stringify(ending.reference) : null,
    retentionMs,
    tombstoneMs: retention.tombstoneMs,
    parts: RUN_PARTS,
    workingParts: WORKING_PARTS,
    requestStem: keys.requests.stem,
    tombstoneStem: keys.requests.tombstoneStem,
    stopped: keys.runs.stopped,
    waitingStem: keys.runs.waitingStem,
    backlogs: parts.backlogs(unit),
    usageStem: keys.access.usageStem,
    unit: parts.unit(unit),
    voiceUse: status === 'completed' ? voiceUseArgument(keys, ending.voices ?? []) : null,
    outbox: parts.outbox,
    feed: parts.feed(run.id),
  };
}

function eventOf(ending: Ending): RunEvent {
  return ending.status === 'failed' ? { type: 'failed', error: ending.error } : { type: ending.status };
}
