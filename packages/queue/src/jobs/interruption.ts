/** Why a handler has to stop before it is done. */
export type InterruptionCause =
  /** Its run was cancelled, or failed elsewhere. */
  | 'run_ended'
  /** Another worker has the job, or will have it soon. */
  | 'lock_lost'
  /** This process is stopping; the job is handed over. */
  | 'shutdown'
  /** It exceeded the timeout of its kind. */
  | 'timeout';

/** The `reason` of a JobContext's signal. What a handler throws afterwards is ignored. */
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
  /** To be called when the job is over: until then the timer keeps everything that listens to the signal in memory. */
  release(): void;
}

/** `cancelled`: BullMQ's signal, whose reason is the text given to cancelJob, one of the causes. */
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
