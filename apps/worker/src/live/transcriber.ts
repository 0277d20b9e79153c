import type { LiveCheckpoint, LiveEvent, LiveListening, LiveMark, Span, Word } from '@sotto/contracts';
import { Agreement } from './agreement.ts';
import { Endpointer, type EndpointerOptions, listeningAt, STEP_MS } from './endpointer.ts';
import { LONGEST_WINDOW_MS, SpeechWindow } from './speech-window.ts';
import { isSentenceEnd, textOf } from './spoken.ts';

/** An utterance is heard for so much longer than it lasts: the last sound of a word is soft. */
const END_MS = 200;
/** Kept while nobody speaks, so that the beginning of an utterance is there when it is noticed. */
const BEFORE_SPEECH_MS = 1_000;
/** More is never heard at once. */
const MOST_MS = 28_000;
/** Of a window in which no two passes agree, the words before this much of its end become final. */
const UNSURE_END_MS = 2_000;
/** No utterance waits longer for its end, however unfinished its text is. */
const MAX_SILENCE_MS = 4_000;

export interface LiveTranscriberOptions {
  /** null: utterances end when the client says so. */
  endpoints: (EndpointerOptions & { silenceMs: number }) | null;
  /** Told to the model before all text of the session. */
  prompt: string | null;
  /** By so much the silence is multiplied where the text is plainly unfinished; 1: it never is. */
  patience: number;
}

/** What is heard in a stretch, in the time of the session. */
export interface Heard {
  words: Word[];
  language: string | null;
}

export interface Ears {
  /** How likely somebody speaks, for as many steps of 32 ms as can be told by now. */
  listen(pcm: Int16Array): ArrayLike<number>;
  /** @param prompt text before it; null: there is none. */
  decode(pcm: Int16Array, span: Span, prompt: string | null): Promise<Heard>;
}

type Of<T extends LiveEvent['type']> = Extract<LiveEvent, { type: T }>;

/** Events of the session; text says up to where it was heard, instead of how late it is. */
export type LiveText =
  | Of<'speech_started' | 'speech_stopped' | 'committed' | 'cleared'>
  | (Omit<Of<'partial'>, 'lagMs'> & { heardMs: number })
  | (Omit<Of<'final'>, 'lagMs'> & { heardMs: number });

const BEGINNING: LiveCheckpoint = {
  fromMs: 0,
  final: [],
  text: '',
  utterances: 0,
  open: null,
  ended: [],
  listening: null,
  mark: null,
};

/**
 * Text of speech while it is spoken. Samples go in; passes over the growing utterance say what is final and what is likely.
 * It knows neither clocks nor connections: whoever holds it decides when a pass is worth its time. Whoever begins with its
 * checkpoint, and the samples from there on, tells what it would have told.
 */
export class LiveTranscriber {
  readonly #ears: Ears;
  #options: LiveTranscriberOptions;
  readonly #window: SpeechWindow;
  #endpointer: Endpointer | null;
  /** Samples before what the endpointer has heard already; the network steps at the same places then. */
  #skippedSamples = 0;
  #skippedSteps = 0;
  /** Over, their last pass is still to come. */
  readonly #ended: LiveCheckpoint['ended'];
  #agreement: Agreement;
  #open: LiveCheckpoint['open'];
  #utterances: number;
  /** Audio up to here was part of a pass. */
  #heardMs: number;
  /** Likely to come next. */
  #partial: Word[] = [];
  #mark: string | null;

  constructor(ears: Ears, options: LiveTranscriberOptions, from: LiveCheckpoint = BEGINNING) {
    this.#ears = ears;
    this.#options = options;
    this.#window = new SpeechWindow(from);
    const { listening: known = null } = from;
    const listening = known === null ? listeningAt(from.fromMs, from.open !== null) : notBefore(from.fromMs, known);
    this.#endpointer = options.endpoints === null ? null : new Endpointer(options.endpoints, listening);
    const knownMs = listening.atMs - from.fromMs;
    this.#skippedSamples = (knownMs % STEP_MS) * 16;
    this.#skippedSteps = Math.floor(knownMs / STEP_MS);
    this.#agreement = new Agreement(from.final);
    this.#ended = [...from.ended];
    this.#open = from.open;
    this.#utterances = from.utterances;
    this.#heardMs = from.fromMs;
    this.#mark = from.mark;
  }

  /** Audio of the session that has arrived. */
  get endMs(): number {
    return this.#window.endMs;
  }

  /** What no pass has heard yet, although somebody speaks. */
  get unheardMs(): number {
    return this.#open === null ? 0 : this.endMs - Math.max(this.#heardMs, this.#window.fromMs);
  }

  /** Somebody speaks, and no pass has heard it yet. */
  get isNew(): boolean {
    return this.#open !== null && this.#heardMs <= this.#open.startMs;
  }

  /** An utterance is over, all of it is there, and its text is waited for. */
  get isDue(): boolean {
    return (this.#ended[0]?.endMs ?? Number.POSITIVE_INFINITY) <= this.endMs;
  }

  get checkpoint(): LiveCheckpoint {
    return {
      fromMs: this.#window.fromMs,
      final: this.#window.final,
      text: this.#window.text,
      utterances: this.#utterances,
      open: this.#open,
      ended: [...this.#ended],
      listening: this.#endpointer?.state ?? null,
      mark: this.#mark,
    };
  }

  /** From now on. */
  change(options: LiveTranscriberOptions): void {
    const { endpoints } = options;
    const state = this.#endpointer?.state ?? listeningAt(this.endMs, this.#open !== null);
    this.#endpointer = endpoints === null ? null : new Endpointer(endpoints, state);
    this.#options = options;
  }

  /** @returns who begins and stops to speak with it */
  accept(pcm: Int16Array): LiveText[] {
    this.#window.append(pcm);
    const probabilities = this.#listen(pcm);
    if (this.#endpointer === null) {
      if (pcm.length > 0) this.#open ??= this.#begin(this.#window.fromMs);
      return [];
    }
    const events = this.#endpointer.accept(probabilities, this.#silenceMs());
    const told = events.map(({ type, atMs }): LiveText => {
      if (type === 'speech_stopped') return this.#end(atMs);
      this.#open = this.#begin(atMs);
      return { type, utterance: this.#open.utterance, atMs };
    });
    if (this.#open === null && this.#ended.length === 0) this.#window.keepFrom(this.endMs - BEFORE_SPEECH_MS);
    return told;
  }

  /** The client has said this behind all audio so far. Again after it was reached: nothing. */
  reach(mark: LiveMark, id: string): LiveText[] {
    if (this.#mark !== null && !isLater(id, this.#mark)) return [];
    this.#mark = id;
    return mark === 'commit' ? this.#commit() : this.#clear();
  }

  /** No more audio comes. */
  finish(): LiveText[] {
    if (this.#open === null) return [];
    this.#endpointer?.stop();
    return [this.#end(this.endMs)];
  }

  /** Hears what is there and says what is new. Not twice at once. */
  async pass(): Promise<LiveText[]> {
    const [ended] = this.#ended;
    if (ended !== undefined && ended.endMs + END_MS - this.#window.fromMs <= MOST_MS) return this.#lastPass(ended);
    const utterance = ended?.utterance ?? this.#open?.utterance;
    return utterance === undefined ? [] : this.#growingPass(utterance);
  }

  #commit(): LiveText[] {
    const stopped = this.finish();
    const utterance = stopped.length === 0 ? null : this.#utterances - 1;
    return [...stopped, { type: 'committed', utterance, atMs: this.endMs }];
  }

  #clear(): LiveText[] {
    const utterance = this.#open?.utterance ?? null;
    this.#endpointer?.stop();
    this.#open = null;
    this.#partial = [];
    if (this.#ended.length === 0) {
      this.#agreement = new Agreement();
      this.#window.dropBefore(this.endMs);
    }
    return [{ type: 'cleared', utterance, atMs: this.endMs }];
  }

  async #lastPass(ended: LiveCheckpoint['ended'][number]): Promise<LiveText[]> {
    const { utterance } = ended;
    const span = { startMs: this.#window.fromMs, endMs: Math.min(ended.endMs + END_MS, this.endMs) };
    const { words, language } = await this.#decode(span);
    const final = this.#agreement.settle({ words, heardMs: span.endMs });
    this.#window.add(final);
    this.#ended.shift();
    this.#partial = [];
    this.#window.keepFrom(ended.endMs);
    this.#agreement = new Agreement(this.#window.final);
    this.#heardMs = ended.endMs;
    return [{ type: 'final', utterance, words: final, heardMs: span.endMs, language, isLast: true }];
  }

  async #growingPass(utterance: number): Promise<LiveText[]> {
    const span = { startMs: this.#window.fromMs, endMs: Math.min(this.endMs, this.#window.fromMs + MOST_MS) };
    const isLongest = span.endMs - span.startMs >= LONGEST_WINDOW_MS;
    const { words, language } = await this.#decode(span);
    const { final, open } = this.#agreement.accept({ words, heardMs: span.endMs });
    this.#heardMs = span.endMs;
    const sure = final.length > 0 || !isLongest ? [] : this.#unsure(words, span.endMs);
    const settled = [...final, ...sure];
    this.#window.add(settled);
    this.#partial = open.slice(sure.length);
    this.#window.shorten(span.endMs);
    // Nothing was said for so long.
    if (isLongest && this.#window.fromMs === span.startMs) this.#window.dropBefore(span.endMs - UNSURE_END_MS);
    const told: LiveText[] = [];
    if (settled.length > 0) {
      told.push({ type: 'final', utterance, words: settled, heardMs: span.endMs, language, isLast: false });
    }
    told.push({ type: 'partial', utterance, words: this.#partial, heardMs: span.endMs });
    return told;
  }

  /** Passes do not agree, and the window is as long as it may be: what is old is final as it is. */
  #unsure(words: readonly Word[], heardMs: number): Word[] {
    return this.#agreement.settle({ words: words.filter(({ endMs }) => endMs < heardMs - UNSURE_END_MS), heardMs });
  }

  #decode(span: Span): Promise<Heard> {
    const prompt = this.#window.promptAfter(this.#options.prompt);
    return this.#ears.decode(this.#window.slice(span.startMs, span.endMs), span, prompt);
  }

  /** What the network says of steps that the endpointer has not heard yet. */
  #listen(pcm: Int16Array): number[] {
    const unaligned = Math.min(this.#skippedSamples, pcm.length);
    this.#skippedSamples -= unaligned;
    const probabilities = Array.from(this.#ears.listen(pcm.subarray(unaligned)));
    const known = Math.min(this.#skippedSteps, probabilities.length);
    this.#skippedSteps -= known;
    return probabilities.slice(known);
  }

  #begin(startMs: number): { utterance: number; startMs: number } {
    const utterance = this.#utterances;
    this.#utterances += 1;
    if (this.#ended.length === 0) this.#window.keepFrom(startMs);
    return { utterance, startMs };
  }

  #end(atMs: number): LiveText {
    const { utterance, startMs } = this.#open ?? this.#begin(atMs);
    this.#open = null;
    this.#ended.push({ utterance, startMs, endMs: atMs });
    return { type: 'speech_stopped', utterance, atMs };
  }

  #silenceMs(): number {
    const { endpoints, patience } = this.#options;
    const silenceMs = endpoints?.silenceMs ?? 0;
    const text = textOf([...this.#window.final, ...this.#partial]);
    const isUnfinished = text !== '' && !isSentenceEnd(text);
    return isUnfinished ? Math.min(Math.max(silenceMs, MAX_SILENCE_MS), silenceMs * patience) : silenceMs;
  }
}

/** Where audio ended between two steps, the next step begins there. */
const notBefore = (fromMs: number, listening: LiveListening): LiveListening => ({
  ...listening,
  atMs: Math.max(fromMs, listening.atMs),
});

/** Compares ids of marks, `SAMPLE-NUMBER`. */
function isLater(id: string, other: string): boolean {
  const [at = 0, number = 0] = id.split('-').map(Number);
  const [otherAt = 0, otherNumber = 0] = other.split('-').map(Number);
  return at === otherAt ? number > otherNumber : at > otherAt;
}
