import { SottoError } from '@sotto/contracts';
import { normalise } from '../normalise/normalise.ts';
import { rulesFor } from '../normalise/rules.ts';
import type { Dictionary } from '../pronounce/dictionary.ts';
import type { Change } from '../said/said-text.ts';
import { PAUSES, pauseWithin } from './pauses.ts';
import type { Manner, Script, Utterance } from './script.ts';
import { sentencesOf } from './sentences.ts';

/** A stretch of a line that is spoken in one manner. */
export interface Stretch {
  text: string;
  manner: Manner;
  /** What is said instead of parts of it whatever rules and dictionary say, in order. */
  fixed?: readonly Change[];
}

export const USUAL_MANNER: Manner = { language: null, voice: null, speed: 1 };

/** Collects what is said, from whichever markup it comes. */
export class ScriptBuilder {
  readonly #language: string;
  readonly #dictionary: Dictionary;
  readonly #script: Script = { utterances: [], chapters: [], warnings: [], characters: 0 };

  /** @param language BCP 47, of what says nothing else */
  constructor(language: string, dictionary: Dictionary) {
    this.#language = language;
    this.#dictionary = dictionary;
  }

  /** One line, and how long it is silent after it. */
  line(stretches: readonly Stretch[], pauseMs: number): void {
    const before = this.#script.utterances.length;
    for (const stretch of stretches) {
      for (const sentence of this.#sentences(stretch)) this.#script.utterances.push(sentence);
      this.#pause((text) => pauseWithin(text));
    }
    if (this.#script.utterances.length > before) this.#pause(() => pauseMs);
  }

  /** What comes next is a chapter. */
  chapter(title: string): void {
    this.pauseAtLeast(PAUSES.beforeHeading);
    this.#script.chapters.push({ title, utterance: this.#script.utterances.length });
  }

  /** Before whatever comes next; nothing at the beginning. */
  pauseAtLeast(ms: number): void {
    const last = this.#script.utterances.at(-1);
    if (last) last.pauseMs = Math.max(last.pauseMs, ms);
  }

  /** Once for each kind. */
  warn(code: string, detail: string): void {
    if (!this.#script.warnings.some((warning) => warning.code === code)) this.#script.warnings.push({ code, detail });
  }

  /** @throws SottoError invalid_parameter: nothing of it can be said */
  script(): Script {
    const { utterances, chapters } = this.#script;
    if (utterances.length === 0) throw new SottoError('invalid_parameter', 'There is nothing to say in the text.');
    this.#pause(() => 0);
    return { ...this.#script, chapters: chapters.filter(({ utterance }) => utterance < utterances.length) };
  }

  #sentences({ text, manner, fixed = [] }: Stretch): Utterance[] {
    const language = manner.language ?? this.#language;
    const changes = this.#dictionary.changes(text, language, fixed, (code, detail) => this.warn(code, detail));
    return sentencesOf(normalise(text, rulesFor(language), changes), language).map((sentence) => {
      this.#script.characters += [...sentence.shown].length;
      return { ...sentence, ...manner, pauseMs: PAUSES.sentence };
    });
  }

  #pause(after: (text: string) => number): void {
    const last = this.#script.utterances.at(-1);
    if (last) last.pauseMs = after(last.shown);
  }
}
