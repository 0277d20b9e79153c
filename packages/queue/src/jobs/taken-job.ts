import { type Run, WORKER_PROTOCOL } from '@sotto/contracts';
import { ZodError } from 'zod';
import type { JobKindDefinition } from '../catalog/jobs.ts';
import { UnreadableRecord } from '../redis/readable.ts';
import type { Runs } from '../runs/runs.ts';
import { Interruption } from './interruption.ts';

/** Only a newer build knows this job. It is handed back unchanged, for a worker of that build. */
export class UnsupportedJob extends Error {
  override readonly name = 'UnsupportedJob';
}

/** The part of a BullMQ job that is looked at here. */
export interface JobData {
  data: unknown;
}

/**
 * The run and the payload of a job, if this build can process it.
 *
 * @throws UnsupportedJob; Interruption `run_ended`; ZodError of a payload that is invalid in every build.
 */
export async function takeJob(
  job: JobData,
  { payload: schema, version, onFailure }: JobKindDefinition,
  runs: Runs,
): Promise<{ run: Run | null; payload: unknown }> {
  const { version: written = 1, ...data } = job.data as { version?: number };
  if (written > version) throw new UnsupportedJob(`version of a payload: ${written}`);
  const runId = runIdOf(job);
  const run = runId === null ? null : await takeRun(runId, runs);
  // An extra may be asked for when its run has completed.
  const isOpen = run?.status === 'processing' || (onFailure !== 'fail_run' && run?.status === 'completed');
  if (runId !== null && !isOpen) throw new Interruption('run_ended');
  const parsed = schema.safeParse(data);
  if (parsed.success) return { run, payload: parsed.data };
  const unknown = parsed.error.issues.find((issue) => issue.code === 'unrecognized_keys');
  if (unknown !== undefined) throw new UnsupportedJob(`part of a payload: ${unknown.keys.join(', ')}`);
  throw new ZodError(parsed.error.issues);
}

async function takeRun(runId: string, runs: Runs): Promise<Run | null> {
  try {
    const run = await runs.runForWorker(runId);
    if (run !== null && run.leastWorker > WORKER_PROTOCOL) {
      throw new UnsupportedJob(`protocol of a run: ${run.leastWorker}`);
    }
    return run;
  } catch (error) {
    if (!(error instanceof UnreadableRecord)) throw error;
    throw new UnsupportedJob(error.message, { cause: error });
  }
}

export function runIdOf({ data }: JobData): string | null {
  if (typeof data !== 'object' || data === null || !('runId' in data)) return null;
  return typeof data.runId === 'string' ? data.runId : null;
}
