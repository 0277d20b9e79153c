import { seededRandom } from '@sotto/testkit';

/** The most frequent ones of English, in order. */
const FREQUENT = (
  'the of and to a in that is was he for it with as his on be at by I this had not are but from or have an they which one ' +
  'you were her all she there would their we him been has when who will more no if out so said what up its about into than ' +
  'them can only other new some could time these two may then do first any my now such like our over man me even most made ' +
  'after also did many before must through back year where much your way well down should because each just those people ' +
  'how too little state good very make world still own see men work long get here between both life being under never day ' +
  'same another know while last might us great old off come since against go came right used take three question answer ' +
  'meeting project report number system problem result service transcript recording window talk listen remember change ' +
  'morning evening country water history language government family different example important together possible'
).split(' ');
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
  const words = new Set(FREQUENT);
  while (words.size < VOCABULARY) {
    const syllables = random() < 0.4 ? 1 : 2;
    const stem = Array.from({ length: syllables }, () => `${one(BEGINNINGS)}${one(VOWELS)}${one(ENDS)}`).join('');
    words.add(`${stem}${one(SUFFIXES)}`);
  }
  return [...words];
}
