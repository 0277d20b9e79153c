import { type WordErrors, wordErrors } from '@sotto/testkit';

/**
 * Word errors of each speaker's words put together, under the mapping of speakers that gives the fewest (cpWER, Watanabe et
 * al. 2020, https://arxiv.org/abs/2004.09249). All mappings are tried: for a handful of speakers.
 */
export function cpWordErrors(truth: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): WordErrors {
  const [real, heard] = [[...truth.values()], [...found.values()]];
  while (heard.length < real.length) heard.push('');
  while (real.length < heard.length) real.push('');
  const errors = real.map((reference) => heard.map((text) => wordErrors(reference, text).errors));
  const words = real.reduce((sum, reference) => sum + wordErrors(reference, '').words, 0);
  return { errors: fewest(errors, 0, new Set()), words };
}

function fewest(errors: readonly (readonly number[])[], row: number, taken: ReadonlySet<number>): number {
  const own = errors[row];
  if (own === undefined) return 0;
  const left = own.flatMap((count, column) =>
    taken.has(column) ? [] : [count + fewest(errors, row + 1, new Set([...taken, column]))],
  );
  return Math.min(...left);
}
