import type { Segment, Transcript } from '@sotto/contracts';
import { type JoinerState, TextJoiner } from '@sotto/transcript';
import { logprobsOf, type StreamEvent } from './answers.ts';
import { usageOf } from './usage.ts';

/** How far a stream has got, as plain data, so that another thread can continue it. */
export interface DeltasState {
  segments: number;
  text: string;
  joiner?: JoinerState;
}

/** Makes the events of a stream, segment by segment. Their deltas always add up to the text of the segments so far. */
export class Deltas {
  readonly #logprobs: boolean;
  readonly #joiner: TextJoiner;
  #segments: number;
  #text: string;

  constructor(logprobs: boolean, { segments, text, joiner }: DeltasState = { segments: 0, text: '' }) {
    this.#logprobs = logprobs;
    this.#segments = segments;
    this.#text = text;
    this.#joiner = new TextJoiner(joiner);
  }

  get state(): DeltasState {
    return { segments: this.#segments, text: this.#text, joiner: this.#joiner.state };
  }

  /** null: the segment adds nothing. Without its words there are no log-probabilities. */
  add({ text, words = [] }: Pick<Segment, 'text'> & Partial<Pick<Segment, 'words'>>): StreamEvent | null {
    this.#segments += 1;
    const delta = this.#joiner.add(text);
    this.#text += delta;
    if (delta === '') return null;
    return {
      type: 'transcript.text.delta',
      delta,
      ...(this.#logprobs && { logprobs: logprobsOf([{ words }]) }),
    };
  }

  done(transcript: Transcript): StreamEvent {
    return {
      type: 'transcript.text.done',
      text: this.#text,
      ...(this.#logprobs && { logprobs: logprobsOf(transcript.segments) }),
      usage: usageOf(transcript),
    };
  }
}
