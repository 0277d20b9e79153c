import type { Segment, SottoError } from '@sotto/contracts';
import type { Response } from 'express';
import { SseStream } from '../events/sse.ts';
import { Deltas, type DeltasState } from './deltas.ts';
import { openAiError } from './errors.ts';

export interface DeltaStreamOptions {
  logprobs: boolean;
  heartbeatMs: number;
}

/** closed -> open (head sent) -> ended. What was sent is always the text of the segments so far. */
export class DeltaStream {
  readonly #response: Response;
  readonly #signal: AbortSignal;
  readonly #heartbeatMs: number;
  readonly #deltas: Deltas;
  #sse: SseStream | null = null;

  constructor(response: Response, signal: AbortSignal, { logprobs, heartbeatMs }: DeltaStreamOptions) {
    this.#response = response;
    this.#signal = signal;
    this.#heartbeatMs = heartbeatMs;
    this.#deltas = new Deltas(logprobs);
  }

  get isOpen(): boolean {
    return this.#sse !== null;
  }

  get sent(): DeltasState {
    return this.#deltas.state;
  }

  open(): SseStream {
    this.#sse ??= new SseStream(this.#response, this.#heartbeatMs, { retryMs: null });
    return this.#sse;
  }

  async add(segment: Pick<Segment, 'text'> & Partial<Pick<Segment, 'words'>>): Promise<void> {
    const data = this.#deltas.add(segment);
    if (data !== null) await this.open().send({ data }, this.#signal);
  }

  /** @param messages see streamEndRenderer. */
  async finish(messages: string | Buffer): Promise<void> {
    await this.open().write(messages, this.#signal);
    this.open().end();
  }

  async fail(error: SottoError): Promise<void> {
    await this.open().send({ data: { error: openAiError(error) } }, this.#signal);
    this.open().end();
  }
}
