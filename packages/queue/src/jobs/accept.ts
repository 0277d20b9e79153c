import { setTimeout as delay } from 'node:timers/promises';
import { asSottoError, type SottoError } from '@sotto/contracts';
import { wasNeverSent } from '../redis/faults.ts';
import type { Attached, AttachInput } from '../runs/attachment.ts';
import type { Runs } from '../runs/runs.ts';
import type { Producer } from './producer.ts';

/** A client must learn of an outage within a second, most of which has passed by now. */
const TAKE_BACK_MS = 100;

/**
 * Accepts work: attaches the request, then puts its run into the queue. If either fails, it takes the request back and
 * throws; `undone` says whether nothing of it is left. In an outage it can be false, when nobody knows what Redis still
 * did: then the caller must keep the blob, since the sweeper may submit the run, or an identical request join it.
 */
export async function acceptWork(runs: Runs, producer: Producer, input: AttachInput): Promise<Attached> {
  let attached: Attached | null = null;
  try {
    attached = await runs.attach(input);
    if (attached.run.status === 'processing') await producer.submit(attached.run, attached.priority);
    // Only its place in the order is at stake, which is no reason to refuse it.
    if (attached.movedUp) await producer.moveUp(attached.run).catch(() => {});
    return attached;
  } catch (thrown) {
    const error = asSottoError(thrown);
    const nothingDone = attached === null && wasNeverSent(error);
    const undone = nothingDone || (await Promise.race([isTakenBack(runs, producer, input.requestId), timedOut()]));
    throw Object.assign(error, { undone }) satisfies RefusedWork;
  }
}

/** The error that acceptWork throws. */
export type RefusedWork = SottoError & { undone: boolean };

async function isTakenBack(runs: Runs, producer: Producer, requestId: string): Promise<boolean> {
  return takeBackRequest(requestId, runs, producer).then(
    () => true,
    () => false,
  );
}

const timedOut = () => delay(TAKE_BACK_MS, false as const, { ref: false });

/** Takes back a request whose client was never told of it. */
export async function takeBackRequest(requestId: string, runs: Runs, producer: Producer): Promise<void> {
  const { run, last } = await runs.detach(requestId);
  if (run !== null && last && run.status === 'processing') await producer.cancel(run);
  await runs.forget(requestId);
}
