import { asSottoError, type Run, SottoError } from '@sotto/contracts';
import { DelayedError, type Job, type Queue, UnrecoverableError } from 'bullmq';
import { type ChildKind, JOB_CATALOG, type JobKind } from '../catalog/jobs.ts';
import { retryDecision } from '../catalog/retry.ts';
import { type ChildQueueName, queueOf } from '../order/lane.ts';
import { parsePayload } from '../redis/queues.ts';
import type { Runs } from '../runs/runs.ts';
import { type ChildQueues, isSuspension, type Places, runChildren } from './children.ts';
import type { ConsumerEvent } from './consumer-events.ts';
import type { Handlers, JobContext } from './handlers.ts';
import { Interruption, type InterruptionCause, interruptionSignal } from './interruption.ts';
import { removeWaitingChildrenOf } from './removal.ts';

export interface JobRunnerDeps {
  runs: Runs;
  transcriptions: Queue;
  children: ChildQueues;
  handlers: Handlers;
  /** Places in a queue for so many jobs of a run. */
  takeTurns(queue: ChildQueueName, run: Run, count: number): Promise<number[]>;
  onEvent(event: ConsumerEvent): void;
}

interface Attempt {
  kind: JobKind;
  job: Job;
  token: string;
  runId: string | null;
  number: number;
  signal: AbortSignal;
  startedMs: number;
}

/** Runs one job of any kind through its handler, and decides what becomes of it when that throws. */
export class JobRunner {
  readonly #deps: JobRunnerDeps;

  constructor(deps: JobRunnerDeps) {
    this.#deps = deps;
  }

  async run(job: Job, token: string, signal: AbortSignal | undefined): Promise<unknown> {
    const kind = kindOf(job);
    const interruption = interruptionSignal(signal, JOB_CATALOG[kind].timeoutMs);
    const attempt: Attempt = {
      kind,
      job,
      token,
      runId: runIdOf(job),
      number: job.attemptsMade + 1,
      signal: interruption.signal,
      startedMs: performance.now(),
    };
    try {
      return await this.#handle(attempt);
    } catch (error) {
      throw await this.#settle(attempt, error);
    } finally {
      interruption.release();
    }
  }

  async #handle(attempt: Attempt): Promise<unknown> {
    const { kind, job, token, runId, number, signal } = attempt;
    const run = runId === null ? null : await this.#deps.runs.run(runId);
    if (runId !== null && run?.status !== 'processing') throw new Interruption('run_ended');
    const waitedMs = job.attemptsStarted > 1 ? null : Math.max(0, Date.now() - job.timestamp);
    this.#tell(attempt, { type: 'taken', waitedMs });

    const context: JobContext = {
      jobId: String(job.id),
      attempt: number,
      lane: run?.lane ?? null,
      signal,
      children: (step, jobs) =>
        runChildren(
          this.#deps.children,
          { job, token, places: (of, count) => this.#places(of, runId, count), signal },
          step,
          jobs,
        ),
    };
    signal.throwIfAborted();
    const handler = this.#deps.handlers[kind] as (payload: unknown, context: JobContext) => Promise<unknown>;
    const result = await handler(parsePayload(kind, job.data), context);
    if (kind === 'transcribe') await this.#mustHaveEnded(runId);
    this.#tell(attempt, { type: 'finished', tookMs: tookMs(attempt) });
    return result;
  }

  /**
   * BullMQ has failed a job without its handler: its workers died too often, or a child of it failed. Its run has
   * ended by then, unless that child never came to its handler either.
   */
  async failedUnhandled(job: Job): Promise<void> {
    const runId = runIdOf(job);
    if (runId === null) return;
    const error = new SottoError('transcription_failed', 'The workers that tried it did not survive it.');
    if (await this.#deps.runs.fail(runId, error.toJobError())) {
      await removeWaitingChildrenOf(this.#deps.transcriptions, runId);
    }
  }

  /** Asked when children are added, not before: the lane is settled once the recording's length is known. */
  async #places(kind: ChildKind, runId: string | null, count: number): Promise<Places> {
    const run = runId === null ? null : await this.#deps.runs.run(runId);
    if (run?.status !== 'processing') throw new Interruption('run_ended');
    const queue = queueOf(kind, run.lane);
    return { queue, priorities: await this.#deps.takeTurns(queue, run, count) };
  }

  /** Its job is the only thing that still drives a run: a handler that returns without an end would strand it. */
  async #mustHaveEnded(runId: string | null): Promise<void> {
    const run = runId === null ? null : await this.#deps.runs.run(runId);
    if (run?.status === 'processing') throw new Error('the transcribe handler returned before its run had ended');
  }

  /** Gives the error BullMQ shall see: it decides by type whether the job waits, is tried again, or has failed. */
  async #settle(attempt: Attempt, error: unknown): Promise<unknown> {
    if (isSuspension(error)) {
      this.#tell(attempt, { type: 'suspended', tookMs: tookMs(attempt) });
      return error;
    }
    switch (interruptionOf(attempt, error)) {
      case 'run_ended':
        return this.#drop(attempt);
      case 'lock_lost':
        this.#tell(attempt, { type: 'lock_lost', tookMs: tookMs(attempt) });
        return error;
      case 'shutdown':
        return this.#handOver(attempt);
      case 'timeout':
        return this.#fail(attempt, new SottoError('transcription_failed', 'It took too long.', { cause: error }));
      case null:
        return this.#fail(attempt, error);
    }
  }

  #drop(attempt: Attempt): Error {
    this.#tell(attempt, { type: 'dropped', tookMs: tookMs(attempt) });
    return new UnrecoverableError('its run has ended');
  }

  /** Through `delayed`, due now: the only way back that wakes an idle worker at once whatever the priority. */
  async #handOver(attempt: Attempt): Promise<Error> {
    await attempt.job.moveToDelayed(Date.now(), attempt.token);
    this.#tell(attempt, { type: 'handed_over', tookMs: tookMs(attempt) });
    return new DelayedError();
  }

  async #fail(attempt: Attempt, thrown: unknown): Promise<Error> {
    const decision = retryDecision(thrown);
    if (decision === 'cancel') return this.#cancel(attempt);
    const error = asSottoError(thrown).toJobError();
    const ended = { tookMs: tookMs(attempt), error, cause: thrown };
    if (decision === 'retry' && attempt.number < (attempt.job.opts.attempts ?? 1)) {
      this.#tell(attempt, { type: 'retried', ...ended });
      return new Error(error.code, { cause: thrown });
    }
    if (attempt.runId !== null) {
      await this.#deps.runs.fail(attempt.runId, error);
      await removeWaitingChildrenOf(this.#deps.transcriptions, attempt.runId);
    }
    this.#tell(attempt, { type: 'failed', ...ended });
    return new UnrecoverableError(error.code);
  }

  async #cancel(attempt: Attempt): Promise<Error> {
    if (attempt.runId !== null) {
      await this.#deps.runs.cancel(attempt.runId);
      await removeWaitingChildrenOf(this.#deps.transcriptions, attempt.runId);
    }
    return this.#drop(attempt);
  }

  #tell(attempt: Attempt, event: Told): void {
    const { kind, job, runId, number } = attempt;
    this.#deps.onEvent({ kind, jobId: String(job.id), runId, attempt: number, ...event });
  }
}

type Told = ConsumerEvent extends infer E
  ? E extends { kind: JobKind }
    ? Omit<E, 'kind' | 'jobId' | 'runId' | 'attempt'>
    : never
  : never;

const tookMs = (attempt: Attempt): number => performance.now() - attempt.startedMs;

function kindOf(job: Job): JobKind {
  if (job.name in JOB_CATALOG) return job.name as JobKind;
  throw new UnrecoverableError(`no such kind of job: ${job.name}`);
}

export function runIdOf(job: Job): string | null {
  const data: unknown = job.data;
  if (typeof data !== 'object' || data === null || !('runId' in data)) return null;
  return typeof data.runId === 'string' ? data.runId : null;
}

/** An interrupted handler throws whatever it likes; one that failed just before the interruption counts as it too. */
function interruptionOf(attempt: Attempt, error: unknown): InterruptionCause | null {
  if (error instanceof Interruption) return error.why;
  const reason: unknown = attempt.signal.reason;
  return attempt.signal.aborted && reason instanceof Interruption ? reason.why : null;
}
