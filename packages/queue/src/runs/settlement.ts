import type { Run, Warning } from '@sotto/contracts';
import { type QuotaName, quotaExceeded } from '../access/quota.ts';
import { settledLane } from '../order/lane.ts';
import { runScript } from '../redis/scripts.ts';
import type { RunStore } from './run-store.ts';

/** What is known of a run once it has been prepared. */
export interface Settlement {
  run: Pick<Run, 'id' | 'kind'>;
  /** In the unit of its kind. */
  cost: number;
  /** How much of the cost is still to be done; default: all of it. */
  toGo?: number;
  /** The stage that begins. */
  stage: string;
  /** Where the percentage begins, if not where that stage does. */
  fromPercent?: number | undefined;
  warnings?: readonly Warning[];
  /** Numbers of the run's record. */
  fields?: Readonly<Record<string, number>>;
  /** The result of preparing, in the form its kind writes. Storing it marks the run as settled; the first one stays. */
  plan: string;
}

/** See RunLifecycle.settle. */
export async function settleRun(store: RunStore, settlement: Settlement): Promise<string | null> {
  const { redis, keys, catalog } = store;
  const { run, cost, plan } = settlement;
  const { unit } = catalog.run(run.kind);
  const nowMs = Date.now();
  const own = [keys.runs.record(run.id), keys.runs.plan(run.id)];
  const reply = await runScript(redis, 'settle', own, settleArgument(store, settlement, nowMs), plan);
  const [answer, ...rest] = reply as [string, ...unknown[]];
  if (answer === 'quota') {
    const [name, limit, used] = rest as [QuotaName, number, number];
    throw quotaExceeded({ name, unit, limit, used, reserved: 0 }, nowMs, cost);
  }
  return answer === 'ended' ? null : String(rest[0]);
}

function settleArgument({ keys, catalog, parts }: RunStore, settlement: Settlement, nowMs: number) {
  const { run, cost, toGo = cost, stage, fromPercent, warnings = [], fields = {} } = settlement;
  const { unit, lane } = catalog.run(run.kind);
  return {
    runId: run.id,
    cost,
    toGo,
    unit: parts.unit(unit),
    stage,
    percent: fromPercent ?? catalog.stage(run.kind, stage).from,
    warnings: warnings.map((warning) => JSON.stringify(warning)),
    fields: Object.entries(fields).flat().map(String),
    lane: settledLane(lane, cost),
    backlogs: parts.backlogs(unit),
    usageStem: keys.access.usageStem,
    keyRecordStem: keys.access.apiKeyStem,
    now: nowMs,
    outbox: parts.outbox,
    feed: parts.feed(run.id),
  };
}
