import { setTimeout as delay } from 'node:timers/promises';
import { SottoError, type StoredRunEvent } from '@sotto/contracts';
import type { RunEvents } from '@sotto/queue';

const RETRY_MS = 300;

/** Events until the end; an outage of the queue is waited out, and the stream read on where it stopped. */
export async function* followThrough(
  events: Pick<RunEvents, 'follow'>,
  runId: string,
  signal: AbortSignal,
): AsyncGenerator<StoredRunEvent> {
  let after: string | null = null;
  while (!signal.aborted) {
    try {
      for await (const stored of events.follow(runId, after, signal)) {
        after = stored.id;
        yield stored;
      }
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof SottoError && error.code === 'queue_unavailable')) throw error;
      await delay(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  }
}
