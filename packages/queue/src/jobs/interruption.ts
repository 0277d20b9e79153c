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

const CAUSES: readonly InterruptionCause[] = ['run_ended', 'lock_lost', 'shutdown', 'timeout'];

export interface Interruptible {
  signal: AbortSignal;
  /** When the job is over: until then the timer keeps alive all that listens to the signal, samples and all. */
  release(): void;
}

/** `cancelled` is BullMQ's signal, whose reason is the text given to cancelJob: one of the causes. */
export function interruptionSignal(cancelled: AbortSignal | undefined, timeoutMs: number): Interruptible {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Interruption('timeout')), timeoutMs).unref();
  const onCancel = () => {
    const why = CAUSES.find((cause) => cause === cancelled?.reason) ?? 'run_ended';
    controller.abort(new Interruption(why));
  };
  if (cancelled?.aborted === true) onCancel();
  cancelled?.addEventListener('abort', onCancel, { once: true });
  const release = () => {
    clearTimeout(timer);
    cancelled?.removeEventListener('abort', onCancel);
  };
  return { signal: controller.signal, release };
}
