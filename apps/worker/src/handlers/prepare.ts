import type { Handlers } from '@sotto/queue';
import { makePlan, type PlanDeps } from '../runs/make-plan.ts';

/** Prepares a recording that is not small; the job that drives its run continues with the plan. */
export function prepareHandler(deps: PlanDeps): Handlers['prepare'] {
  return async ({ runId }, { signal }) => {
    const run = await deps.runs.run(runId);
    if (run?.kind !== 'transcription') return;
    if ((await deps.windows.plan(runId)) === null) await makePlan(run, deps, signal);
  };
}
