import { asSottoError, SottoError, type StoredRunEvent } from '@sotto/contracts';
import type { Attached, RunEvents, Runs, Windows } from '@sotto/queue';
import type { Response } from 'express';
import { followThrough } from '../events/follow-through.ts';
import { ClientGone } from '../http/client-gone.ts';
import type { Results } from '../results/results.ts';
import { interruptionError } from '../transcriptions/hold.ts';
import { type Interruption, interruptions, type SyncLimits } from '../transcriptions/sync-wait.ts';
import { DeltaStream } from './delta-stream.ts';
import { SegmentFeed } from './segment-feed.ts';
import { streamEndRenderer, type Unsent } from './stream-end.ts';

export interface StreamDeps {
  runs: Pick<Runs, 'run'>;
  results: Pick<Results, 'transcript'>;
  windows: Pick<Windows, 'result'>;
  events: Pick<RunEvents, 'follow'>;
}

export interface StreamOptions {
  logprobs: boolean;
  /** Who says what is told at the end. */
  diarized: boolean;
  heartbeatMs: number;
  limits: SyncLimits;
  onBroken(error: SottoError): void;
}

/**
 * Sends the text of a run as OpenAI streams it: a delta per segment in the order of the recording, then `done` with the
 * same text at once. The answer's head waits until the recording has been read, so that a bad one is still refused with
 * a status; what goes wrong later is an `error` in the stream, which OpenAI's clients throw.
 *
 * A stream that ends with an error has told `onBroken` of it.
 *
 * @throws what ended the run, or came before its end, while nothing has been sent; ClientGone.
 */
export async function streamTranscript(
  response: Response,
  { run, request }: Attached,
  { limits, onBroken, ...options }: StreamOptions,
  deps: StreamDeps,
): Promise<void> {
  const interruption = interruptions(response, limits);
  const { signal } = interruption;
  const stream = new DeltaStream(response, signal, options);
  try {
    const feed = options.logprobs ? new SegmentFeed((window) => deps.windows.result(run.id, window)) : null;
    // For an ended run, the transcript has everything.
    const events = run.status === 'processing' ? followThrough(deps.events, run.id, signal) : [];
    const unsent = await follow(events, stream, feed);
    if (signal.aborted) throw interruptionError(signal.reason as Interruption);
    const ended = await deps.runs.run(run.id);
    if (ended === null) throw new SottoError('result_expired', 'The job is no longer stored.');
    const end = { logprobs: options.logprobs, diarized: options.diarized, sent: stream.sent, unsent };
    const { body } = await deps.results.transcript({ run: ended, request }, streamEndRenderer, end, response);
    await stream.finish(body);
  } catch (error) {
    if (!stream.isOpen || error instanceof ClientGone) throw error;
    onBroken(asSottoError(error));
    await stream.fail(asSottoError(error));
  } finally {
    interruption.release();
  }
}

/** Sends the text of a run while it goes on. Returns which segments are left for the transcript to provide. */
async function follow(
  events: AsyncIterable<StoredRunEvent> | Iterable<StoredRunEvent>,
  stream: DeltaStream,
  feed: SegmentFeed | null,
): Promise<Unsent> {
  for await (const { event } of events) {
    if (event.type === 'progress' && event.stage !== 'queued' && event.stage !== 'preparing') stream.open();
    if (event.type !== 'text') continue;
    const segment = feed === null ? event : await feed.next();
    if (segment === null) return { after: feed?.last ?? null };
    await stream.add(segment);
  }
  return { skip: stream.sent.segments };
}
