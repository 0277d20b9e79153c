import { asSottoError } from '@sotto/contracts';
import type { Producer } from './producer.ts';
import type { Attached, AttachInput, Runs } from './runs.ts';

/**
 * Accepts work: attaches the request, then puts its run into the queue. Throws, with the request taken back, when
 * either fails. Taking back can fail too (Redis is away): then `undone` says false, and the caller must leave the
 * blob where it is, for the run may exist; the sweeper deals with both.
 */
export async function acceptWork(runs: Runs, producer: Producer, input: AttachInput): Promise<Attached> {
  try {
    const attached = await runs.attach(input);
    if (attached.run.status === 'processing') await producer.submit(attached.run);
    return attached;
  } catch (error) {
    throw Object.assign(asSottoError(error), { undone: await takeBack(runs, producer, input.requestId) });
  }
}

async function takeBack(runs: Runs, producer: Producer, requestId: string): Promise<boolean> {
  try {
    const { run, last } = await runs.detach(requestId);
    if (run !== null && last && run.status === 'processing') await producer.cancel(run.id);
    await runs.forget(requestId);
    return true;
  } catch {
    return false;
  }
}
