import { type Run, SottoError } from '@sotto/contracts';
import type { Attached, RunEvents } from '@sotto/queue';
import type { Response } from 'express';
import { ClientGone } from '../http/client-gone.ts';
import { type Interruption, type SyncLimits, waitForRun } from './sync-wait.ts';

/**
 * Keeps the connection of a client that does not know 202 open until the run has ended. The run continues whatever
 * happens here, and the same request sent again joins it.
 *
 * @throws SottoError `still_running` at the deadline, `shutting_down`; ClientGone.
 */
export async function holdForEnd(
  { run }: Attached,
  response: Response,
  events: Pick<RunEvents, 'waitForEnd'>,
  limits: SyncLimits,
): Promise<Run> {
  const ended = run.status === 'processing' ? await waitForRun(run.id, events, response, limits) : run;
  if (typeof ended === 'string') throw interruptionError(ended);
  return ended;
}

const RETRY_AFTER_SECONDS = 1;

export function interruptionError(why: Interruption): SottoError | ClientGone {
  const options = { retryAfterSeconds: RETRY_AFTER_SECONDS };
  switch (why) {
    case 'client_gone':
      return new ClientGone();
    case 'deadline':
      return new SottoError('still_running', 'The request reached its time limit (DIALECT_TIMEOUT).', options);
    case 'shutdown':
      return new SottoError('shutting_down', 'The work goes on. Send the same request again to wait for it.', options);
  }
}
