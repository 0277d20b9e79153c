import { setTimeout as delay } from 'node:timers/promises';
import { type Run, SottoError } from '@sotto/contracts';
import type { RunEvents } from '@sotto/queue';
import type { Response } from 'express';
import type { Shutdown } from '../http/shutdown.ts';

/** Why a waiting client is answered before the run has ended. */
export type Interruption = 'deadline' | 'shutdown' | 'client_gone';

export interface SyncLimits {
  timeoutMs: number;
  shutdown: Shutdown;
}

const RETRY_MS = 300;

/** The ended run, or what came first. An outage of the queue is waited out: the run continues meanwhile. */
export async function waitForRun(
  runId: string,
  events: Pick<RunEvents, 'waitForEnd'>,
  response: Response,
  limits: SyncLimits,
): Promise<Run | Interruption> {
  const interruption = interruptions(response, limits);
  try {
    while (!interruption.signal.aborted) {
      const ended = await waitOnce(runId, events, interruption.signal);
      if (ended !== null) return ended;
      await delay(RETRY_MS, undefined, { signal: interruption.signal }).catch(() => {});
    }
    return interruption.signal.reason as Interruption;
  } finally {
    interruption.release();
  }
}

/** null: interrupted, or the queue was unreachable. */
async function waitOnce(
  runId: string,
  events: Pick<RunEvents, 'waitForEnd'>,
  signal: AbortSignal,
): Promise<Run | null> {
  try {
    return await events.waitForEnd(runId, signal);
  } catch (error) {
    if (signal.aborted || (error instanceof SottoError && error.code === 'queue_unavailable')) return null;
    throw error;
  }
}

export interface Interruptions {
  /** Its reason is the Interruption that came first. */
  signal: AbortSignal;
  release(): void;
}

export function interruptions(response: Response, { timeoutMs, shutdown }: SyncLimits): Interruptions {
  const controller = new AbortController();
  const interrupt = (reason: Interruption) => () => controller.abort(reason);
  const timers = [setTimeout(interrupt('deadline'), timeoutMs)];
  const onStop = () => void timers.push(setTimeout(interrupt('shutdown'), shutdown.graceLeftMs()));
  const onClose = interrupt('client_gone');
  if (shutdown.signal.aborted) onStop();
  else shutdown.signal.addEventListener('abort', onStop, { once: true });
  response.once('close', onClose);
  if (response.destroyed) onClose();
  const release = () => {
    for (const timer of timers) clearTimeout(timer);
    shutdown.signal.removeEventListener('abort', onStop);
    response.off('close', onClose);
  };
  return { signal: controller.signal, release };
}
