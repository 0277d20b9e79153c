import type { Segment, SottoError, Transcript } from '@sotto/contracts';
import { TextJoiner } from '@sotto/transcript';
import type { Response } from 'express';
import { SseStream } from '../events/sse.ts';
import { logprobsOf, type StreamEvent, usageOf } from './answers.ts';
import { openAiError } from './errors.ts';

export interface DeltaStreamOptions {
  logprobs: boolean;
  heartbeatMs: number;
}

/** closed -> open (head sent) -> ended. What was sent is always the text of the segments so far. */
export class DeltaStream {
  readonly #response: Response;
  readonly #signal: AbortSignal;
  readonly #options: DeltaStreamOptions;
  readonly #joiner = new TextJoiner();
  #sse: SseStream | null = null;
  #segments = 0;
  #text = '';

  constructor(response: Response, signal: AbortSignal, options: DeltaStreamOptions) {
    this.#response = response;
    this.#signal = signal;
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#sse !== null;
  }

  open(): SseStream {
    this.#sse ??= new SseStream(this.#response, this.#options.heartbeatMs, { retryMs: null });
    return this.#sse;
  }

  /** Log-probabilities need its words. */
  async add({ text, words = [] }: Pick<Segment, 'text'> & Partial<Pick<Segment, 'words'>>): Promise<void> {
    this.#segments += 1;
    const delta = this.#joiner.add(text);
    this.#text += delta;
    if (delta === '') return;
    await this.#send({
      type: 'transcript.text.delta',
      delta,
      ...(this.#options.logprobs && { logprobs: logprobsOf([{ words }]) }),
    });
  }

  /** Segments whose events were gone (a run keeps its newest 20 000) are sent from the transcript. */
  async finish(transcript: Transcript): Promise<void> {
    for (const segment of transcript.segments.slice(this.#segments)) await this.add(segment);
    await this.#send({
      type: 'transcript.text.done',
      text: this.#text,
      ...(this.#options.logprobs && { logprobs: logprobsOf(transcript.segments) }),
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
