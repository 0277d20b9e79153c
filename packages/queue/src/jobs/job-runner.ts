import { asSottoError, type Run, SottoError, type WaitCause } from '@sotto/contracts';
import { DelayedError, type Job, type Queue, UnrecoverableError } from 'bullmq';
import { CATALOG, type Catalog } from '../catalog/catalog.ts';
import { retryDecision } from '../catalog/retry.ts';
import { queueOf } from '../order/lane.ts';
import type { Extras } from '../runs/extras.ts';
import type { Runs } from '../runs/runs.ts';
import { type Attempt, interruptionOf, isLastTry, tookMs } from './attempt.ts';
import { isSuspension, type Places, Step } from './children.ts';
import type { ConsumerEvent } from './consumer-events.ts';
import type { Handlers, JobContext } from './handlers.ts';
import { Interruption, interruptionSignal } from './interruption.ts';
import { isPoison } from './isolation.ts';
import { lookAgainMs, OUTAGE_LIMIT_MS, untilRedisTakes, waitCauseOf, waitedTooLong } from './outage.ts';
import { Postponed } from './postponed.ts';
import { RunFailures } from './run-failures.ts';
import { runIdOf, takeJob, UnsupportedJob } from './taken-job.ts';

export interface JobRunnerDeps {
  runs: Runs;
  extras: Extras;
  catalog?: Catalog;
  queue(name: string): Queue;
  handlers: Handlers;
  /** Priorities in a queue for so many jobs of a run. */
  takeTurns(queue: string, run: Run, count: number): Promise<number[]>;
  onEvent(event: ConsumerEvent): void;
  /** A run that has waited longer for something that is away fails. */
  outageLimitMs?: number;
}

type AnyHandler = (payload: unknown, context: JobContext) => Promise<unknown>;

/** How long a newer build's job waits until a worker that may know it looks at it; doubles each time. */
const HAND_BACK_MS = 1_000;
const MAX_HAND_BACK_MS = 30_000;

/** Runs one job of any kind through its handler, and decides what becomes of it when the handler throws. */
export class JobRunner {
  readonly #deps: JobRunnerDeps;
  readonly #catalog: Catalog;
  readonly #failures: RunFailures;

  constructor(deps: JobRunnerDeps) {
    this.#deps = deps;
    this.#catalog = deps.catalog ?? CATALOG;
    const { runs, extras, queue } = deps;
    this.#failures = new RunFailures({ runs, extras, catalog: this.#catalog, queue });
  }

  async run(job: Job, token: string, signal: AbortSignal | undefined): Promise<unknown> {
    const definition = this.#catalog.findJob(job.name);
    if (definition === null) throw await this.#handBack(job, token, new UnsupportedJob(`kind of job: ${job.name}`));
    const interruption = interruptionSignal(signal, definition.timeoutMs);
    const attempt: Attempt = {
      kind: job.name,
      definition,
      job,
      token,
      runId: runIdOf(job),
      number: job.attemptsMade + 1,
      isPoison: isPoison(job, this.#catalog),
      signal: interruption.signal,
      startedMs: performance.now(),
      runWaits: false,
    };
    try {
      return await this.#handle(attempt);
    } catch (error) {
      throw await this.#settle(attempt, error);
    } finally {
      interruption.release();
    }
  }

  /** Leaves a job to another worker, at once and without counting an attempt. */
  async passOn(job: Job, token: string): Promise<never> {
    await job.moveToDelayed(Date.now(), token);
    throw new DelayedError();
  }

  /**
   * BullMQ has failed a job without its handler: too many of its workers died, or one of its children failed. By then
   * the run has ended, unless that child never reached its handler either.
   */
  async failedUnhandled(job: Job): Promise<void> {
    const definition = this.#catalog.findJob(job.name);
    const runId = runIdOf(job);
    if (definition === null || runId === null) return;
    const error = new SottoError(definition.failureCode, 'The workers that processed it died.');
    await this.#failures.failed(job.name, runId, error);
  }

  async #handle(attempt: Attempt): Promise<unknown> {
    const { kind, definition, job, number, signal } = attempt;
    const { run, payload } = await takeJob(job, definition, this.#deps.runs);
    const waitedMs = job.attemptsStarted > 1 ? null : Math.max(0, Date.now() - job.timestamp);
    this.#report(attempt, { type: 'taken', waitedMs });
    attempt.runWaits = run?.waiting != null;
    const context: JobContext = {
      jobId: String(job.id),
      attempt: number,
      isFinal: (error) => isFinal(attempt, error),
      isPoison: attempt.isPoison,
      lane: run?.lane ?? null,
      signal,
      children: (step, jobs) => this.#children(attempt, step, jobs) as Promise<never[]>,
    };
    signal.throwIfAborted();
    const handler = (this.#deps.handlers as Record<string, AnyHandler>)[kind];
    if (handler === undefined) throw new UnsupportedJob(`kind of job without a handler: ${kind}`);
    const result = await handler(payload, context);
    await this.#resume(attempt);
    if (definition.ofRun === 'driver') await this.#mustHaveEnded(attempt);
    this.#report(attempt, { type: 'finished', tookMs: tookMs(attempt) });
    return result;
  }

  async #children(
    attempt: Attempt,
    step: string,
    jobs: readonly { kind: string; payload: unknown }[],
  ): Promise<unknown[]> {
    await this.#resume(attempt);
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

  /** The job got what its run had waited for. */
  async #resume(attempt: Attempt): Promise<void> {
    if (!attempt.runWaits || attempt.runId === null) return;
    await this.#deps.runs.resume({ id: attempt.runId });
    attempt.runWaits = false;
  }

  /** Taken when children are added, not before: the lane is settled once the cost of the run is known. */
  async #places(kind: string, runId: string | null, count: number): Promise<Places> {
    const run = runId === null ? null : await this.#deps.runs.run(runId);
    if (run?.status !== 'processing') throw new Interruption('run_ended');
    const queue = queueOf(kind, run.lane, this.#catalog);
    return { queue, priorities: await this.#deps.takeTurns(queue, run, count) };
  }

  /** A run is driven by its job alone: a handler that returned without ending it would leave it stranded. */
  async #mustHaveEnded({ kind, runId }: Attempt): Promise<void> {
    const run = runId === null ? null : await this.#deps.runs.run(runId);
    if (run?.status === 'processing') throw new Error(`the handler of ${kind} returned before its run had ended`);
  }

  /** Returns the error for BullMQ, which tells by its type whether the job waits, is tried again, or has failed. */
  async #settle(attempt: Attempt, error: unknown): Promise<unknown> {
    if (isSuspension(error)) {
      this.#report(attempt, { type: 'suspended', tookMs: tookMs(attempt) });
      return error;
    }
    if (error instanceof UnsupportedJob) return this.#handBack(attempt.job, attempt.token, error);
    if (error instanceof Postponed && !attempt.signal.aborted) return this.#postpone(attempt, error);
    switch (interruptionOf(attempt, error)) {
      case 'run_ended':
        return this.#drop(attempt);
      case 'lock_lost':
        this.#report(attempt, { type: 'lock_lost', tookMs: tookMs(attempt) });
        return error;
      case 'shutdown':
        return this.#handOver(attempt);
      case 'timeout':
        return this.#fail(attempt, tooSlow(attempt, error));
      case null:
        return this.#fail(attempt, error);
    }
  }

  #drop(attempt: Attempt): Error {
    this.#report(attempt, { type: 'dropped', tookMs: tookMs(attempt) });
    return new UnrecoverableError('its run has ended');
  }

  /** Through `delayed`, due now: the only way that wakes an idle worker at once, whatever the priority. */
  async #handOver(attempt: Attempt): Promise<Error> {
    await attempt.job.moveToDelayed(Date.now(), attempt.token);
    this.#report(attempt, { type: 'handed_over', tookMs: tookMs(attempt) });
    return new DelayedError();
  }

  async #postpone(attempt: Attempt, postponed: Postponed): Promise<Error> {
    const { job, token } = attempt;
    await job.moveToDelayed(Date.now() + postponed.delayMs(timesBefore(job)), token);
    this.#report(attempt, { type: 'postponed', tookMs: tookMs(attempt) });
    return new DelayedError();
  }

  /** A newer build's job is left as it is, without counting an attempt, for a worker that knows it. */
  async #handBack(job: Job, token: string, { message: reason }: UnsupportedJob): Promise<Error> {
    const delayMs = Math.min(MAX_HAND_BACK_MS, HAND_BACK_MS * 2 ** Math.min(timesBefore(job), 10));
    await job.moveToDelayed(Date.now() + delayMs, token);
    this.#deps.onEvent({ type: 'handed_back', queue: job.queueName, jobId: String(job.id), reason });
    return new DelayedError();
  }

  /** What is away comes back: the job is put back, and its run, with its upload, stays as it is for so long. */
  async #waitOut(attempt: Attempt, away: WaitCause, thrown: unknown, runId: string): Promise<Error> {
    const { job, token, signal } = attempt;
    const limitMs = this.#deps.outageLimitMs ?? OUTAGE_LIMIT_MS;
    const sinceMs = await untilRedisTakes(() => this.#deps.runs.wait({ id: runId }, away), signal);
    if (sinceMs === null) return this.#drop(attempt);
    const waitedMs = Math.max(0, Date.now() - sinceMs);
    if (waitedMs > limitMs) {
      const error = waitedTooLong(away, limitMs, thrown);
      return this.#failForGood(attempt, error, error);
    }
    const delayMs = lookAgainMs(waitedMs);
    await untilRedisTakes(() => job.moveToDelayed(Date.now() + delayMs, token), signal);
    this.#report(attempt, { type: 'waiting', tookMs: tookMs(attempt), for: away, sinceMs, delayMs, cause: thrown });
    return new DelayedError();
  }

  async #fail(attempt: Attempt, thrown: unknown): Promise<Error> {
    const { runId } = attempt;
    const decision = retryDecision(thrown);
    const away = waitCauseOf(thrown);
    if (away !== null && runId !== null) return this.#waitOut(attempt, away, thrown, runId);
    if (decision === 'cancel') {
      if (runId !== null) await this.#failures.cancelled(runId);
      return this.#drop(attempt);
    }
    const error = asSottoError(thrown);
    if (decision === 'fail' || isLastTry(attempt)) return this.#failForGood(attempt, error, thrown);
    this.#report(attempt, { type: 'retried', tookMs: tookMs(attempt), error: error.toJobError(), cause: thrown });
    return new Error(error.code, { cause: thrown });
  }

  async #failForGood(attempt: Attempt, error: SottoError, cause: unknown): Promise<Error> {
    const { kind, runId } = attempt;
    if (runId !== null) await this.#failures.failed(kind, runId, error);
    this.#report(attempt, { type: 'failed', tookMs: tookMs(attempt), error: error.toJobError(), cause });
    return new UnrecoverableError(error.code);
  }

  #report({ kind, job, runId, number }: Attempt, event: AttemptEvent): void {
    this.#deps.onEvent({ kind, jobId: String(job.id), runId, attempt: number, ...event });
  }
}

/** Whether a job that throws this is neither tried again nor waits until what is away comes back. */
function isFinal(attempt: Attempt, error: unknown): boolean {
  return waitCauseOf(error) === null && (retryDecision(error) === 'fail' || isLastTry(attempt));
}

/** How often a job was taken before without an attempt being counted. */
const timesBefore = (job: Job): number => Math.max(0, job.attemptsStarted - job.attemptsMade - 1);

/** A ConsumerEvent without the fields that every event about a job has. */
type AttemptEvent = ConsumerEvent extends infer E
  ? E extends { kind: string }
    ? Omit<E, 'kind' | 'jobId' | 'runId' | 'attempt'>
    : never
  : never;

function tooSlow({ definition }: Attempt, cause: unknown): SottoError {
  return new SottoError(definition.failureCode, 'It took too long.', { cause });
}
