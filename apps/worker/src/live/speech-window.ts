import type { LiveCheckpoint, Word } from '@sotto/contracts';
import { AudioWindow } from './audio-window.ts';
import { isSentenceEnd, textOf } from './spoken.ts';

/** A window that is longer begins after final words, at a good place; one of the second length anywhere. */
const LONG_WINDOW_MS = 20_000;
export const LONGEST_WINDOW_MS = 25_000;
/** Speech before that of an utterance is heard again with it: models write short pieces by themselves badly, with twice the errors. */
const CONTEXT_MS = 15_000;
/** Between two words, a good place for a window to begin. */
const GAP_MS = 150;
/** Characters of the text so far that a pass is told. */
const PROMPT_CHARACTERS = 400;

/** What a pass hears: the end of a session's audio, the final words in it, and the end of the text before. */
export class SpeechWindow {
  readonly #audio: AudioWindow;
  #final: Word[];
  #text: string;

  constructor({ fromMs, final, text }: Pick<LiveCheckpoint, 'fromMs' | 'final' | 'text'>) {
    this.#audio = new AudioWindow(fromMs);
    this.#final = final;
    this.#text = text;
  }

  get fromMs(): number {
    return this.#audio.fromMs;
  }

  /** Audio of the session that has arrived. */
  get endMs(): number {
    return this.#audio.endMs;
  }

  /** Final words that it still holds. */
  get final(): Word[] {
    return this.#final;
  }

  /** Said before it, its end. */
  get text(): string {
    return this.#text;
  }

  append(pcm: Int16Array): void {
    this.#audio.append(pcm);
  }

  slice(startMs: number, endMs: number): Int16Array {
    return this.#audio.slice(startMs, endMs);
  }

  add(final: readonly Word[]): void {
    this.#final = [...this.#final, ...final];
  }

  /** What was said before it. null: nothing. */
  promptAfter(prompt: string | null): string | null {
    const text = `${prompt ?? ''}${this.#text}`.slice(-PROMPT_CHARACTERS);
    return text === '' ? null : text;
  }

  /** What is before is not needed but for the words that came shortly before. */
  keepFrom(ms: number): void {
    const context = this.#final.find(({ startMs }) => startMs >= ms - CONTEXT_MS);
    this.dropBefore(Math.min(ms, context?.startMs ?? ms));
  }

  /** A long window begins later: what is final need not be heard again. */
  shorten(endMs: number): void {
    const lengthMs = endMs - this.fromMs;
    if (lengthMs < LONG_WINDOW_MS) return;
    const isGood = (word: Word, next: Word | undefined) =>
      isSentenceEnd(word.word) || (next !== undefined && next.startMs - word.endMs >= GAP_MS);
    const good = this.#final.findLast((word, at) => isGood(word, this.#final[at + 1]));
    const place = good ?? (lengthMs < LONGEST_WINDOW_MS ? undefined : this.#final.at(-1));
    if (place !== undefined) this.dropBefore(place.endMs);
  }

  dropBefore(ms: number): void {
    this.#audio.dropBefore(ms);
    const said = this.#final.filter(({ endMs }) => endMs <= ms);
    this.#final = this.#final.slice(said.length);
    this.#text = `${this.#text}${textOf(said)}`.slice(-PROMPT_CHARACTERS);
  }
}
