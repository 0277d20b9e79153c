/** Why a handler is asked to stop before it is done. */
export type InterruptionCause =
  /** Its run was cancelled, or failed elsewhere. */
  | 'run_ended'
  /** Another worker has, or will soon have, the job. */
  | 'lock_lost'
  /** This process is going; the job is handed over. */
  | 'shutdown'
  /** It took longer than its kind may. */
  | 'timeout';

/** The `reason` of a JobContext's signal; what a handler throws after that does not matter. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly why: InterruptionCause;

  constructor(why: InterruptionCause) {
    super(`interrupted: ${why}`);
    this.why = why;
  }
}
