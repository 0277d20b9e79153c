import { setTimeout as delay } from 'node:timers/promises';
import { asSottoError, SottoError, type StoredRunEvent, type Transcript } from '@sotto/contracts';
import type { Attached, RunEvents, Runs, Windows } from '@sotto/queue';
import type { Response } from 'express';
import { ClientGone } from '../http/client-gone.ts';
import { interruptionError } from '../transcriptions/hold.ts';
import { transcriptOf } from '../transcriptions/outcome.ts';
import { type Interruption, interruptions, type SyncLimits } from '../transcriptions/sync-wait.ts';
import { DeltaStream } from './delta-stream.ts';
import { SegmentFeed, type SegmentSource } from './segment-feed.ts';

export interface StreamDeps {
  runs: Pick<Runs, 'run' | 'result'>;
  windows: Pick<Windows, 'result'>;
  events: Pick<RunEvents, 'follow'>;
}

export interface StreamOptions {
  logprobs: boolean;
  heartbeatMs: number;
  limits: SyncLimits;
  onBroken(error: SottoError): void;
}

function segmentsOf(runId: string, { runs, windows }: StreamDeps): SegmentSource {
  return {
    window: (index) => windows.result(runId, index),
    transcript: async () => {
      const run = await runs.run(runId);
      return run?.kind === 'transcription' ? runs.result<Transcript>(run) : null;
    },
  };
}

/**
 * Sends the text of a run as OpenAI streams it: a delta per segment in the order of the recording, then `done` with the
 * same text at once. The answer's head waits until the recording has been read, so that a bad one is still refused with
 * a status; what goes wrong later is an `error` in the stream, which OpenAI's clients throw.
 *
 * @returns null when the stream ended with an error, which `onBroken` has heard.
 * @throws what ended the run, or came before its end, while nothing has been sent; ClientGone.
 */
export async function streamTranscript(
  response: Response,
  { run, request }: Attached,
  { limits, onBroken, ...options }: StreamOptions,
  deps: StreamDeps,
): Promise<Transcript | null> {
  const interruption = interruptions(response, limits);
  const { signal } = interruption;
  const stream = new DeltaStream(response, signal, options);
  try {
    const feed = options.logprobs ? new SegmentFeed(segmentsOf(run.id, deps)) : null;
    // For an ended run, the transcript has everything.
    if (run.status === 'processing') await follow(followThrough(deps.events, run.id, signal), stream, feed);
    if (signal.aborted) throw interruptionError(signal.reason as Interruption);
    const ended = await deps.runs.run(run.id);
    if (ended === null) throw new SottoError('result_expired', 'The job is no longer stored.');
    const transcript = await transcriptOf(ended, request, deps.runs);
    await stream.finish(transcript);
    return transcript;
  } catch (error) {
    if (!stream.isOpen || error instanceof ClientGone) throw error;
    onBroken(asSottoError(error));
    await stream.fail(asSottoError(error));
    return null;
  } finally {
    interruption.release();
  }
}

async function follow(
  events: AsyncIterable<StoredRunEvent>,
  stream: DeltaStream,
  feed: SegmentFeed | null,
): Promise<void> {
  for await (const { event } of events) {
    if (event.type === 'progress' && event.stage !== 'queued' && event.stage !== 'preparing') stream.open();
    if (event.type !== 'text') continue;
    const segment = feed === null ? event : await feed.next();
    if (segment === null) return;
    await stream.add(segment);
  }
}

const RETRY_MS = 300;

/** Events until the end; an outage of the queue is waited out, and the stream read on where it stopped. */
async function* followThrough(
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
