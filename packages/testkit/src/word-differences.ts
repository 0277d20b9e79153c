import { alignWords } from './word-alignment.ts';
import { comparableWords, wordErrors } from './word-errors.ts';

/** So near, the same word again is that word told twice. */
const NEAR_WORDS = 5;

export interface WordDifferences {
  /** Words that all undisturbed texts have, and this one has not, nor another word in their place. */
  lost: string[];
  /** Words that are one too many beside each undisturbed text, and near to the same word. */
  doubled: string[];
  /** All errors beside the nearest of them, what was heard otherwise included. */
  errors: number;
}

/**
 * What a disturbance has made of a text, beside several texts of the same speech that nothing disturbed. Those differ by
 * themselves where it is hard to hear; what they do not agree on can be neither lost nor doubled.
 */
export function differencesFrom(undisturbed: readonly string[], told: string): WordDifferences {
  const [first = [], ...others] = undisturbed.map(comparableWords);
  const heard = comparableWords(told);
  const steady = others.reduce(common, first);
  const lost = alignWords(steady, heard).flatMap(([said, place]) => (place === null ? [steady[said] ?? ''] : []));
  const [doubled = []] = [first, ...others]
    .map((said) => tooMany(said, heard))
    .sort((one, other) => one.length - other.length);
  return {
    lost,
    doubled,
    errors: Math.min(...undisturbed.map((text) => wordErrors(text, told).errors)),
  };
}

const common = (one: readonly string[], other: readonly string[]): string[] =>
  alignWords(one, other).flatMap(([i, j]) => (i !== null && j !== null && one[i] === other[j] ? [one[i] ?? ''] : []));

/** Words that are one too many, and near to the same word. */
function tooMany(said: readonly string[], heard: readonly string[]): string[] {
  const added = alignWords(said, heard).flatMap(([place, at]) => (place === null ? [at] : []));
  return added.filter((at) => isNearItself(heard, at)).map((at) => heard[at] ?? '');
}

function isNearItself(words: readonly string[], at: number): boolean {
  const near = [...words.slice(Math.max(0, at - NEAR_WORDS), at), ...words.slice(at + 1, at + 1 + NEAR_WORDS)];
  return near.includes(words[at] ?? '');
}
