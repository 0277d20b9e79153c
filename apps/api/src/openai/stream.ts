import { setTimeout as delay } from 'node:timers/promises';
import { asSottoError, type Segment, SottoError, type StoredRunEvent, type Transcript } from '@sotto/contracts';
import type { Attached, RunEvents, Runs } from '@sotto/queue';
import { TextJoiner } from '@sotto/transcript';
import type { Response } from 'express';
import { SseStream } from '../events/sse.ts';
import { ClientGone } from '../http/client-gone.ts';
import { interruptionError } from '../jobs/hold.ts';
import { transcriptOf } from '../jobs/outcome.ts';
import { type Interruption, interruptions, type SyncLimits } from '../jobs/sync-wait.ts';
import { logprobsOf, type StreamEvent, usageOf } from './answers.ts';
import { openAiError } from './errors.ts';
import { SegmentFeed, type SegmentSource } from './segment-feed.ts';

export interface StreamDeps {
  runs: Pick<Runs, 'run'> & SegmentSource;
  events: Pick<RunEvents, 'follow'>;
}

export interface StreamOptions {
  logprobs: boolean;
  limits: SyncLimits;
  onBroken(error: SottoError): void;
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
  { logprobs, limits, onBroken }: StreamOptions,
  deps: StreamDeps,
): Promise<Transcript | null> {
  const interruption = interruptions(response, limits);
  const { signal } = interruption;
  const stream = new DeltaStream(response, signal, logprobs);
  try {
    const feed = new SegmentFeed(run.id, deps.runs);
    for await (const { event } of followThrough(deps.events, run.id, signal)) {
      if (event.type === 'progress' && event.stage !== 'queued' && event.stage !== 'preparing') stream.open();
      if (event.type === 'text') await stream.add(logprobs ? await feed.next() : event);
    }
    if (signal.aborted) throw interruptionError(signal.reason as Interruption);
    const ended = await deps.runs.run(run.id);
    if (ended === null) throw new SottoError('result_expired', 'The run has gone.');
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

/** closed -> open (head sent) -> ended. What was sent is always the text of the segments so far. */
class DeltaStream {
  readonly #response: Response;
  readonly #signal: AbortSignal;
  readonly #logprobs: boolean;
  readonly #joiner = new TextJoiner();
  #sse: SseStream | null = null;
  #segments = 0;
  #text = '';

  constructor(response: Response, signal: AbortSignal, logprobs: boolean) {
    this.#response = response;
    this.#signal = signal;
    this.#logprobs = logprobs;
  }

  get isOpen(): boolean {
    return this.#sse !== null;
  }

  open(): SseStream {
    this.#sse ??= new SseStream(this.#response, { retryMs: null });
    return this.#sse;
  }

  async add(segment: Pick<Segment, 'text'> & Partial<Segment>): Promise<void> {
    this.#segments += 1;
    const delta = this.#joiner.add(segment.text);
    this.#text += delta;
    if (delta === '') return;
    const words = segment.words === undefined ? [] : [segment as Segment];
    await this.#send({
      type: 'transcript.text.delta',
      delta,
      ...(this.#logprobs && { logprobs: logprobsOf(words) }),
    });
  }

  /** Segments whose events were gone (a run keeps its newest 20 000) are sent from the transcript. */
  async finish(transcript: Transcript): Promise<void> {
    for (const segment of transcript.segments.slice(this.#segments)) await this.add(segment);
    await this.#send({
      type: 'transcript.text.done',
      text: this.#text,
      ...(this.#logprobs && { logprobs: logprobsOf(transcript.segments) }),
      usage: usageOf(transcript),
    });
    this.open().end();
  }

  async fail(error: SottoError): Promise<void> {
    await this.open().send({ data: { error: openAiError(error) } }, this.#signal);
    this.open().end();
  }

  #send(event: StreamEvent): Promise<void> {
    return this.open().send({ data: event }, this.#signal);
  }
}
