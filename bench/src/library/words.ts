import { FREQUENT_WORDS, seededRandom } from '@sotto/testkit';

const BEGINNINGS = 'b br c ch cl d dr f fl g gr h j k l m n p pl pr qu r s sh sl st t th tr v w'.split(' ');
const VOWELS = 'a e i o u ai ea ee oa ou'.split(' ');
const ENDS = 'b ck d ft g l ll m n nd ng nt p r rd rm sh st t th v'.split(' ');
const SUFFIXES = ['', '', '', 's', 'ed', 'ing', 'er', 'ment', 'ness', 'ly', 'ation'];

const VOCABULARY = 40_000;
/** Mandelbrot's form of Zipf's law: the word of rank r is said in proportion to 1 / (r + 2.7). */
const SHIFT = 2.7;

/** A vocabulary whose words are said as often as those of English: a few most of the time, most of them hardly ever. */
export class Vocabulary {
  /** The most frequent first. */
  readonly words: readonly string[];
  readonly #sums: Float64Array;

  constructor(seed: number) {
    this.words = madeUp(seed);
    this.#sums = new Float64Array(this.words.length);
    let sum = 0;
    for (let rank = 0; rank < this.#sums.length; rank += 1) {
      sum += 1 / (rank + 1 + SHIFT);
      this.#sums[rank] = sum;
    }
  }

  said(random: () => number): string {
    const at = random() * (this.#sums.at(-1) ?? 0);
    let [low, high] = [0, this.#sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sums[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return this.words[low] ?? '';
  }
}

function madeUp(seed: number): string[] {
  const random = seededRandom(seed);
  const one = (parts: readonly string[]) => parts[Math.floor(random() * parts.length)] ?? '';
  const words = new Set(FREQUENT_WORDS);
  while (words.size < VOCABULARY) {
    const syllables = random() < 0.4 ? 1 : 2;
    const stem = Array.from({ length: syllables }, () => `${one(BEGINNINGS)}${one(VOWELS)}${one(ENDS)}`).join('');
    words.add(`${stem}${one(SUFFIXES)}`);
  }
  return [...words];
}
