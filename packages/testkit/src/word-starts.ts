import { alignWords } from './word-alignment.ts';
import { comparableWords } from './word-errors.ts';

interface Timed {
  word: string;
  startMs: number;
}

/** How far off each rightly heard word begins, in milliseconds; late is positive. */
export function startErrors(said: readonly Timed[], heard: readonly Timed[]): number[] {
  const plain = ({ word }: Timed) => comparableWords(word).join('');
  return alignWords(said.map(plain), heard.map(plain)).flatMap(([i, j]) => {
    const [one, other] = [said[i ?? -1], heard[j ?? -1]];
    if (one === undefined || other === undefined || plain(one) !== plain(other)) return [];
    return [other.startMs - one.startMs];
  });
}

/** The part of some numbers that lie within a limit, either way. */
export function shareWithin(errors: readonly number[], limit: number): number {
  return errors.filter((error) => Math.abs(error) <= limit).length / errors.length;
}
