import { SottoError } from '@sotto/contracts';
import { normalise } from '../normalise/normalise.ts';
import { rulesFor } from '../normalise/rules.ts';
import type { Change } from '../said/said-text.ts';
import { PAUSES } from './pauses.ts';
import type { Manner, Script, Utterance } from './script.ts';
import { sentencesOf } from './sentences.ts';

/** A stretch of a line that is spoken in one manner. */
export interface Stretch {
  text: string;
  manner: Manner;
  /** What is said instead of parts of it whatever rules say. */
  fixed?: readonly Change[];
}

export const USUAL_MANNER: Manner = { language: null, voice: null, speed: 1 };

/** Collects what is said, from whichever markup it comes. */
export class ScriptBuilder {
  readonly #language: string;
  readonly #script: Script = { utterances: [], chapters: [], warnings: [], characters: 0 };

  /** @param language BCP 47, of what says nothing else */
  constructor(language: string) {
    this.#language = language;
  }

  /** One line, and how long it is silent after it. */
  line(stretches: readonly Stretch[], pauseMs: number): void {
    for (const stretch of stretches) {
      for (const sentence of this.#sentences(stretch)) this.#script.utterances.push(sentence);
    }
    this.#pause(pauseMs);
  }

  /** @throws SottoError invalid_parameter: nothing of it can be said */
  script(): Script {
    if (this.#script.utterances.length === 0)
      throw new SottoError('invalid_parameter', 'There is nothing to say in the text.');
    this.#pause(0);
    return this.#script;
  }

  #sentences({ text, manner, fixed }: Stretch): Utterance[] {
    const language = manner.language ?? this.#language;
    const said = sentencesOf(normalise(text, rulesFor(language), fixed), language);
    return said.map((sentence) => {
      this.#script.characters += [...sentence.shown].length;
      return { ...sentence, ...manner, pauseMs: PAUSES.sentence };
    });
  }

  #pause(ms: number): void {
    const last = this.#script.utterances.at(-1);
    if (last) last.pauseMs = ms;
  }
}
