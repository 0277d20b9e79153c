import { symmetricEigen } from './eigen.ts';
import { seededNormal } from './random.ts';

/**
 * Covariance matrix adaptation evolution strategy, which finds the place where a function that costs much to evaluate is greatest,
 * without its gradient (N. Hansen, The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772; the names are its own). A generation is
 * `candidatesOf`, evaluating them, and `nextGeneration`; the state between two of them is plain numbers, so that it can be stored.
 */
export interface SearchState {
  generation: number;
  /** Where candidates are drawn around. */
  mean: number[];
  /** Length of a step. */
  sigma: number;
  covariance: number[][];
  /** Sums of the last steps: of the mean, and of the mean as if the covariance were the unit matrix. */
  pathC: number[];
  pathSigma: number[];
}

export interface Scored {
  candidate: readonly number[];
  /** More is better. */
  score: number;
}

export function startSearch(mean: readonly number[], sigma: number): SearchState {
  const zeros = mean.map(() => 0);
  const covariance = mean.map((_, i) => mean.map((__, j) => (i === j ? 1 : 0)));
  return { generation: 0, mean: [...mean], sigma, covariance, pathC: zeros, pathSigma: [...zeros] };
}

/** What is to be evaluated next: the same for the same state and seed. */
export function candidatesOf(
  { generation, mean, sigma, covariance }: SearchState,
  count: number,
  seed: number,
): number[][] {
  const { values, vectors } = symmetricEigen(covariance);
  const scales = values.map((value) => Math.sqrt(Math.max(0, value)));
  const normal = seededNormal(seed + generation * SEEDS_APART);
  return Array.from({ length: count }, () => {
    const lengths = scales.map((scale) => scale * normal());
    return mean.map((value, i) => value + sigma * sumOf(lengths, (length, k) => length * (vectors[k]?.[i] ?? 0)));
  });
}

/** The state after all candidates of a generation have been evaluated, in any order. */
export function nextGeneration(state: SearchState, scored: readonly Scored[]): SearchState {
  const { mean, sigma, covariance } = state;
  const rates = ratesOf(mean.length, scored.length);
  const best = [...scored].sort((a, b) => b.score - a.score).slice(0, rates.weights.length);
  const steps = best.map(({ candidate }) => candidate.map((value, i) => (value - (mean[i] ?? 0)) / sigma));
  const step = mean.map((_, i) => sumOf(steps, (each, k) => (rates.weights[k] ?? 0) * (each[i] ?? 0)));
  const pathSigma = pathAfter(state.pathSigma, whitened(step, covariance), rates.cSigma, rates.muEffective);
  const length = Math.hypot(...pathSigma);
  const generation = state.generation + 1;
  const isSteady =
    length / Math.sqrt(1 - (1 - rates.cSigma) ** (2 * generation)) < (1.4 + 2 / (mean.length + 1)) * rates.expected;
  const pathC = pathAfter(state.pathC, isSteady ? step : step.map(() => 0), rates.cC, rates.muEffective);
  return {
    generation,
    mean: mean.map((value, i) => value + sigma * (step[i] ?? 0)),
    sigma: sigma * Math.exp(Math.min(1, (rates.cSigma / rates.dSigma) * (length / rates.expected - 1))),
    covariance: adapted(covariance, { pathC, isSteady, steps }, rates),
    pathC,
    pathSigma,
  };
}

const SEEDS_APART = 0x9e3779b9;

const sumOf = <T>(values: readonly T[], of: (value: T, index: number) => number): number =>
  values.reduce((sum, value, index) => sum + of(value, index), 0);

interface Rates {
  /** Of the better half of the candidates, best first; 1 in total. */
  weights: number[];
  muEffective: number;
  cSigma: number;
  dSigma: number;
  cC: number;
  cOne: number;
  cMu: number;
  /** Length of a vector of that many independent normal numbers. */
  expected: number;
}

/** The defaults of the tutorial (its table 1), with no negative weights. */
function ratesOf(n: number, candidates: number): Rates {
  const raw = Array.from(
    { length: Math.max(1, Math.floor(candidates / 2)) },
    (_, i) => Math.log((candidates + 1) / 2) - Math.log(i + 1),
  );
  const total = sumOf(raw, (weight) => weight);
  const weights = total > 0 ? raw.map((weight) => weight / total) : raw.map(() => 1 / raw.length);
  const mu = 1 / sumOf(weights, (weight) => weight ** 2);
  const cSigma = (mu + 2) / (n + mu + 5);
  const cOne = 2 / ((n + 1.3) ** 2 + mu);
  return {
    weights,
    muEffective: mu,
    cSigma,
    dSigma: 1 + 2 * Math.max(0, Math.sqrt((mu - 1) / (n + 1)) - 1) + cSigma,
    cC: (4 + mu / n) / (n + 4 + (2 * mu) / n),
    cOne,
    cMu: Math.min(1 - cOne, (2 * (mu - 2 + 1 / mu)) / ((n + 2) ** 2 + mu)),
    expected: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

const pathAfter = (path: readonly number[], step: readonly number[], rate: number, mu: number): number[] =>
  path.map((value, i) => (1 - rate) * value + Math.sqrt(rate * (2 - rate) * mu) * (step[i] ?? 0));

/** Where no direction is, there was no step either. */
const LEAST_VARIANCE = 1e-20;

/** The step in a space where all directions are alike: C^-1/2 times it. */
function whitened(step: readonly number[], covariance: readonly (readonly number[])[]): number[] {
  const { values, vectors } = symmetricEigen(covariance);
  const parts = vectors.map((vector, k) => {
    return sumOf(vector, (value, i) => value * (step[i] ?? 0)) / Math.sqrt(Math.max(LEAST_VARIANCE, values[k] ?? 0));
  });
  return step.map((_, i) => sumOf(parts, (part, k) => part * (vectors[k]?.[i] ?? 0)));
}

interface Learned {
  pathC: readonly number[];
  isSteady: boolean;
  steps: readonly (readonly number[])[];
}

function adapted(
  covariance: readonly (readonly number[])[],
  { pathC, isSteady, steps }: Learned,
  { weights, cOne, cMu, cC }: Rates,
): number[][] {
  const kept = 1 - cOne - cMu + (isSteady ? 0 : cOne * cC * (2 - cC));
  return covariance.map((row, i) =>
    row.map((value, j) => {
      const one = (pathC[i] ?? 0) * (pathC[j] ?? 0);
      const many = sumOf(steps, (step, k) => (weights[k] ?? 0) * (step[i] ?? 0) * (step[j] ?? 0));
      return kept * value + cOne * one + cMu * many;
    }),
  );
}
