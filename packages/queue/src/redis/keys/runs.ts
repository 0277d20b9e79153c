import type { WaitCause } from '@sotto/contracts';

/** Suffixes of the keys that live and die with a run; '' is the run's own hash. */
export const RUN_PARTS = [
  '',
  ':plan',
  ':windows',
  ':texts',
  ':fractions',
  ':words',
  ':events',
  ':requests',
  ':transcript',
  ':result',
  ':extras',
];

/** Those of them that are needed only while the run is processing. */
export const WORKING_PARTS = [':plan', ':windows', ':texts', ':fractions', ':words'];

/** Of runs. */
export class RunKeys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Hash: the run's fields. Stem of all its parts. */
  record(runId: string): string {
    return `${this.stem}${runId}`;
  }

  get stem(): string {
    return `${this.#prefix}:run:`;
  }

  /** String: the result of preparing, in the form its kind writes. */
  plan(runId: string): string {
    return `${this.record(runId)}:plan`;
  }

  /** Hash: index of a child -> its checkpoint as JSON. */
  windows(runId: string): string {
    return `${this.record(runId)}:windows`;
  }

  /** Hash: index of a child -> events that wait for an earlier one. */
  texts(runId: string): string {
    return `${this.record(runId)}:texts`;
  }

  /** Hash: window index -> fraction done, of windows being decoded. */
  fractions(runId: string): string {
    return `${this.record(runId)}:fractions`;
  }

  /** Hash: index of a piece -> when its words are heard, as JSON. */
  words(runId: string): string {
    return `${this.record(runId)}:words`;
  }

  /** Stream: RunEvents. */
  events(runId: string): string {
    return `${this.record(runId)}:events`;
  }

  /** Set: ids of the requests attached to the run. */
  requests(runId: string): string {
    return `${this.record(runId)}:requests`;
  }

  /** Hash: kind of job -> result, of its extras. */
  extras(runId: string): string {
    return `${this.record(runId)}:extras`;
  }

  /** String: id of the run that does, or did, this work. */
  ofWork(workKey: string): string {
    return `${this.#prefix}:work:${workKey}`;
  }

  /** Sorted set: id -> creation time of every run that is processing. */
  get processing(): string {
    return `${this.#prefix}:processing`;
  }

  /** Set: ids of runs in processing that wait for something that is away. */
  waiting(cause: WaitCause): string {
    return `${this.waitingStem}${cause}`;
  }

  get waitingStem(): string {
    return `${this.#prefix}:waiting:`;
  }

  /** Channel: a run has new events; the message `end` comes with the last one. Other builds know it by this name. */
  notifications(runId: string): string {
    return `${this.#prefix}:doorbell:${runId}`;
  }

  /** Channel: ids of runs that were cancelled or failed, for workers that are still at them. */
  get stopped(): string {
    return `${this.#prefix}:stopped`;
  }
}
