import { dot, indexOfLargest, type Vector } from '../vectors.ts';
import type { Labels } from './labels.ts';

export interface VbxOptions {
  /** Scales the evidence: items overlap, so each counts for less. */
  fa: number;
  /** The cost of a voice. */
  fb: number;
}

/** How sure the first labels are. */
const SMOOTHING = 7;
const ROUNDS = 20;
const LEAST_GAIN = 1e-4;
const LEAST_SHARE = 1e-7;

/**
 * Variational Bayes for a mixture of voices (Landini et al. 2022, without the hidden Markov model).
 * @param items in PLDA space @param psi variance between voices @param labels to begin with
 * @returns for each voice that is left, how much of each item is it
 */
export function vbx(items: readonly Vector[], psi: Vector, labels: Labels, { fa, fb }: VbxOptions): Vector[] {
  const voices = Math.max(...labels) + 1;
  const rho = items.map((item) => item.map((value, i) => value * Math.sqrt(psi[i] ?? 0)));
  const constants = items.map((item) => -0.5 * (dot(item, item) + item.length * Math.log(2 * Math.PI)));
  let shares = labels.map((label) => softmax(Float64Array.from({ length: voices }, (_, k) => (k === label ? SMOOTHING : 0))).shares);
  let priors = new Float64Array(voices).fill(1 / voices);
  let last = Number.NEGATIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const posteriors = Array.from({ length: voices }, (_, k) => posterior(k, rho, shares, psi, fa / fb));
    let evidence = 0;
    shares = rho.map((item, n) => {
      const scores = Float64Array.from(posteriors, ({ mean, spread }, k) => {
        const likelihood = dot(item, mean) - 0.5 * spread + (constants[n] ?? 0);
        return fa * likelihood + Math.log((priors[k] ?? 0) + 1e-8);
      });
      const { shares: own, logSum } = softmax(scores);
      evidence += logSum;
      return own;
    });
    priors = new Float64Array(voices);
    for (const own of shares) own.forEach((share, k) => { priors[k] = (priors[k] ?? 0) + share / items.length; });
    const bound = evidence + fb * 0.5 * posteriors.reduce((sum, { complexity }) => sum + complexity, 0);
    if (bound - last < LEAST_GAIN) break;
    last = bound;
  }
  return Array.from(priors, (prior, k) => ({ prior, k }))
    .filter(({ prior }) => prior > LEAST_SHARE)
    .map(({ k }) => Float64Array.from(shares, (own) => own[k] ?? 0));
}

interface Posterior {
  mean: Vector;
  /** (variance + mean^2).psi */
  spread: number;
  complexity: number;
}

function posterior(k: number, rho: readonly Vector[], shares: readonly Vector[], psi: Vector, ratio: number): Posterior {
  const mean = new Float64Array(psi.length);
  let weight = 0;
  rho.forEach((item, n) => {
    const share = shares[n]?.[k] ?? 0;
    weight += share;
    if (share < 1e-12) return;
    for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] ?? 0) + share * (item[i] ?? 0);
  });
  let spread = 0;
  let complexity = 0;
  for (let i = 0; i < mean.length; i++) {
    const variance = 1 / (1 + ratio * weight * (psi[i] ?? 0));
    const value = ratio * variance * (mean[i] ?? 0);
    mean[i] = value;
    spread += (variance + value * value) * (psi[i] ?? 0);
    complexity += Math.log(variance) - variance - value * value + 1;
  }
  return { mean, spread, complexity };
}

function softmax(scores: Vector): { shares: Vector; logSum: number } {
  const most = scores[indexOfLargest(scores)] ?? 0;
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return { shares: powers.map((power) => power / sum), logSum: most + Math.log(sum) };
}
