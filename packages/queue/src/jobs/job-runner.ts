import { asSottoError, type Run, SottoError } from '@sotto/contracts';
import { DelayedError, type Job, type Queue, UnrecoverableError } from 'bullmq';
import { CATALOG, type Catalog } from '../catalog/catalog.ts';
import type { JobKindDefinition } from '../catalog/jobs.ts';
import { retryDecision } from '../catalog/retry.ts';
import { queueOf } from '../order/lane.ts';
import type { Extras } from '../runs/extras.ts';
import type { Runs } from '../runs/runs.ts';
import { isSuspension, type Places, Step } from './children.ts';
import type { ConsumerEvent } from './consumer-events.ts';
import type { Handlers, JobContext } from './handlers.ts';
import { Interruption, type InterruptionCause, interruptionSignal } from './interruption.ts';
import { removeWaitingChildrenOf } from './removal.ts';
import { BeyondThisBuild, runIdOf, takeJob } from './taken-job.ts';

export interface JobRunnerDeps {
  runs: Runs;
  extras: Extras;
  catalog?: Catalog;
  queue(name: string): Queue;
  handlers: Handlers;
  /** Places in a queue for so many jobs of a run. */
  takeTurns(queue: string, run: Run, count: number): Promise<number[]>;
  onEvent(event: ConsumerEvent): void;
}

interface Attempt {
  kind: string;
  definition: JobKindDefinition;
  job: Job;
  token: string;
  runId: string | null;
  number: number;
  signal: AbortSignal;
  startedMs: number;
}

/** What a newer build's job waits before it is looked at again, by a worker that may know it; doubles with each look. */
const HAND_BACK_MS = 1_000;
const MAX_HAND_BACK_MS = 30_000;

/** Runs one job of any kind through its handler, and decides what becomes of it when that throws. */
export class JobRunner {
  readonly #deps: JobRunnerDeps;
  readonly #catalog: Catalog;

  constructor(deps: JobRunnerDeps) {
    this.#deps = deps;
    this.#catalog = deps.catalog ?? CATALOG;
  }

  async run(job: Job, token: string, signal: AbortSignal | undefined): Promise<unknown> {
    const definition = this.#catalog.findJob(job.name);
    if (definition === null) throw await this.#handBack(job, token, new BeyondThisBuild(`kind of job: ${job.name}`));
    const interruption = interruptionSignal(signal, definition.timeoutMs);
    const attempt: Attempt = {
      kind: job.name,
      definition,
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
    const { kind, definition, job, number, signal } = attempt;
    const { run, payload } = await takeJob(job, definition, this.#deps.runs);
    const waitedMs = job.attemptsStarted > 1 ? null : Math.max(0, Date.now() - job.timestamp);
    this.#tell(attempt, { type: 'taken', waitedMs });

    const context: JobContext = {
      jobId: String(job.id),
      attempt: number,
      lane: run?.lane ?? null,
      signal,
      children: (step, jobs) => this.#children(attempt, step, jobs) as Promise<never[]>,
    };
    signal.throwIfAborted();
    const handlers = this.#deps.handlers as Record<string, (payload: unknown, context: JobContext) => Promise<unknown>>;
    const handler = handlers[kind];
    if (handler === undefined) throw new BeyondThisBuild(`kind of job without a handler: ${kind}`);
    const result = await handler(payload, context);
    if (definition.ofRun === 'driver') await this.#mustHaveEnded(attempt);
    this.#tell(attempt, { type: 'finished', tookMs: tookMs(attempt) });
    return result;
  }

  #children(attempt: Attempt, step: string, jobs: readonly { kind: string; payload: unknown }[]): Promise<unknown[]> {
    const { job, token, runId, signal } = attempt;
    const parent = {
      job,
      token,
      places: (kind: string, count: number) => this.#places(kind, runId, count),
      onExtra: async (kind: string, warningCode: string) => {
        if (runId !== null) await this.#deps.extras.ask(runId, kind, warningCode);
      },
      signal,
    };
    return new Step({ catalog: this.#catalog, queue: this.#deps.queue }, parent, step, jobs).run();
  }

  /**
   * BullMQ has failed a job without its handler: its workers died too often, or a child of it failed. Its run has
   * ended by then, unless that child never came to its handler either.
   */
  async failedUnhandled(job: Job): Promise<void> {
    const definition = this.#catalog.findJob(job.name);
    const runId = runIdOf(job);
    if (definition === null || runId === null) return;
    const error = new SottoError(definition.failureCode, 'The workers that tried it did not survive it.');
    await this.#failRun(job.name, definition, runId, error);
  }

  /** Asked when children are added, not before: the lane is settled once the cost of the run is known. */
  async #places(kind: string, runId: string | null, count: number): Promise<Places> {
    const run = runId === null ? null : await this.#deps.runs.run(runId);
    if (run?.status !== 'processing') throw new Interruption('run_ended');
    const queue = queueOf(kind, run.lane, this.#catalog);
    return { queue, priorities: await this.#deps.takeTurns(queue, run, count) };
  }

  /** Its job is the only thing that still drives a run: a handler that returns without an end would strand it. */
  async #mustHaveEnded({ kind, runId }: Attempt): Promise<void> {
    const run = runId === null ? null : await this.#deps.runs.run(runId);
    if (run?.status === 'processing') throw new Error(`the handler of ${kind} returned before its run had ended`);
  }

  /** Gives the error BullMQ shall see: it decides by type whether the job waits, is tried again, or has failed. */
  async #settle(attempt: Attempt, error: unknown): Promise<unknown> {
    if (isSuspension(error)) {
      this.#tell(attempt, { type: 'suspended', tookMs: tookMs(attempt) });
      return error;
    }
    if (error instanceof BeyondThisBuild) return this.#handBack(attempt.job, attempt.token, error);
    switch (interruptionOf(attempt, error)) {
      case 'run_ended':
        return this.#drop(attempt);
      case 'lock_lost':
        this.#tell(attempt, { type: 'lock_lost', tookMs: tookMs(attempt) });
        return error;
      case 'shutdown':
        return this.#handOver(attempt);
      case 'timeout':
        return this.#fail(
          attempt,
          new SottoError(attempt.definition.failureCode, 'It took too long.', { cause: error }),
        );
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

  /** A newer build's: untouched, no try counted, for a worker that knows it. */
  async #handBack(job: Job, token: string, { message: reason }: BeyondThisBuild): Promise<Error> {
    const looks = Math.max(0, job.attemptsStarted - job.attemptsMade - 1);
    const delayMs = Math.min(MAX_HAND_BACK_MS, HAND_BACK_MS * 2 ** Math.min(looks, 10));
    await job.moveToDelayed(Date.now() + delayMs, token);
    this.#deps.onEvent({ type: 'handed_back', queue: job.queueName, jobId: String(job.id), reason });
    return new DelayedError();
  }

  async #fail(attempt: Attempt, thrown: unknown): Promise<Error> {
    const decision = retryDecision(thrown);
    if (decision === 'cancel') return this.#cancel(attempt);
    const error = asSottoError(thrown);
    const ended = { tookMs: tookMs(attempt), error: error.toJobError(), cause: thrown };
    if (decision === 'retry' && attempt.number < (attempt.job.opts.attempts ?? 1)) {
      this.#tell(attempt, { type: 'retried', ...ended });
      return new Error(error.code, { cause: thrown });
    }
    if (attempt.runId !== null) await this.#failRun(attempt.kind, attempt.definition, attempt.runId, error);
    this.#tell(attempt, { type: 'failed', ...ended });
    return new UnrecoverableError(error.code);
  }

  /** What a job's failure means for its run is its kind's. */
  async #failRun(kind: string, { onFailure }: JobKindDefinition, runId: string, error: SottoError): Promise<void> {
    if (onFailure !== 'fail_run') {
      await this.#deps.extras.fail(runId, kind, { code: onFailure.warn, detail: error.detail });
      return;
    }
    const run = await this.#deps.runs.run(runId);
    if (run === null) return;
    await this.#deps.runs.fail(run, error.toJobError());
    await removeWaitingChildrenOf(this.#driverQueue(run), runId);
  }

  async #cancel(attempt: Attempt): Promise<Error> {
    const run = attempt.runId === null ? null : await this.#deps.runs.run(attempt.runId);
    if (run !== null) {
      await this.#deps.runs.cancel(run);
      await removeWaitingChildrenOf(this.#driverQueue(run), run.id);
    }
    return this.#drop(attempt);
  }

  #driverQueue(run: Run): Queue {
    return this.#deps.queue(this.#catalog.driverQueue(run.kind));
  }

  #tell(attempt: Attempt, event: Told): void {
    const { kind, job, runId, number } = attempt;
    this.#deps.onEvent({ kind, jobId: String(job.id), runId, attempt: number, ...event });
  }
}

type Told = ConsumerEvent extends infer E
  ? E extends { kind: string }
    ? Omit<E, 'kind' | 'jobId' | 'runId' | 'attempt'>
    : never
  : never;

const tookMs = (attempt: Attempt): number => performance.now() - attempt.startedMs;

/** An interrupted handler throws whatever it likes; one that failed just before the interruption counts as it too. */
function interruptionOf(attempt: Attempt, error: unknown): InterruptionCause | null {
  if (error instanceof Interruption) return error.why;
  const reason: unknown = attempt.signal.reason;
  return attempt.signal.aborted && reason instanceof Interruption ? reason.why : null;
}
