import type { Word } from '@sotto/contracts';
import { spoken } from './spoken.ts';

/** A word that ends so near to the end of what was heard may be cut off. */
const MAY_BE_CUT_MS = 500;
/** By so many final words at most, the place is found at which a pass goes on. */
const MATCHED_WORDS = 5;
/** The same word again makes up for so much of a difference in time. */
const MATCH_MS = 300;

/** One look at the stretch that is not over yet, in the time of the session. */
export interface Pass {
  words: readonly Word[];
  /** What was heard ends here. */
  heardMs: number;
}

/**
 * Decides which words of growing speech are final. Each pass hears the same speech again and more of it; what two in a row
 * write alike, from the first word that is not final on, is final (local agreement: Liu et al. 2020, https://arxiv.org/abs/2005.11185).
 * What is final never changes.
 */
export class Agreement {
  /** The newest final words. */
  #final: Word[] = [];
  #before: Pass = { words: [], heardMs: 0 };

  /** Final words of a session that somebody else began. */
  constructor(final: readonly Word[] = []) {
    this.#remember(final);
  }

  /** @returns words that are final from now on, and those that may still change */
  accept(pass: Pass): { final: Word[]; open: Word[] } {
    const words = this.#after(pass.words);
    const before = this.#after(this.#before.words);
    let agreed = 0;
    while (agreed < words.length && this.#agree(words[agreed], before[agreed])) agreed += 1;
    const final = words.slice(0, agreed);
    this.#before = pass;
    this.#remember(final);
    return { final, open: words.slice(agreed) };
  }

  /** The speech is over: all of its last pass is final. */
  settle(pass: Pass): Word[] {
    const final = this.#after(pass.words);
    this.#before = { words: [], heardMs: 0 };
    this.#remember(final);
    return final;
  }

  #agree(word: Word | undefined, before: Word | undefined): boolean {
    if (word === undefined || before === undefined || spoken(word) !== spoken(before)) return false;
    return before.endMs <= this.#before.heardMs - MAY_BE_CUT_MS;
  }

  #remember(final: readonly Word[]): void {
    this.#final = [...this.#final, ...final].slice(-MATCHED_WORDS);
  }

  /**
   * Words of a pass that come after the final ones. The cut is where the final ones ended, give or take what the times of two
   * passes differ by: words before it that are the final ones again count for it.
   */
  #after(words: readonly Word[]): Word[] {
    const last = this.#final.at(-1);
    if (last === undefined) return [...words];
    const costs = Array.from({ length: words.length + 1 }, (_, cut) => {
      const isOver = (words[cut - 1]?.startMs ?? 0) - last.startMs;
      const isEarly = last.endMs - (words[cut]?.startMs ?? last.endMs);
      return Math.max(0, isOver, isEarly) - MATCH_MS * this.#matched(words, cut);
    });
    return words.slice(costs.indexOf(Math.min(...costs)));
  }

  /** How many words before that place are the last final ones. */
  #matched(words: readonly Word[], cut: number): number {
    const most = Math.min(this.#final.length, cut);
    for (let count = 0; count < most; count += 1) {
      const [word, final] = [words[cut - 1 - count], this.#final.at(-1 - count)];
      if (word === undefined || final === undefined || spoken(word) !== spoken(final)) return count;
    }
    return most;
  }
}
