import type { Plda } from '../networks.ts';
import { unit, type Vector } from '../vectors.ts';

/** Embeddings into the space where voices are spread as N(0, psi), and takes of one voice as N(voice, 1). */
export function toPldaSpace(voice: Vector, plda: Plda): Vector {
  const inputs = plda.mean1.length;
  const outputs = plda.mean2.length;
  const x = unit(voice.map((value, i) => value - (plda.mean1[i] ?? 0)));
  const projected = Float64Array.from(plda.mean2, (value) => -value);
  for (let i = 0; i < inputs; i++) {
    const factor = Math.sqrt(inputs) * (x[i] ?? 0);
    for (let j = 0; j < outputs; j++) projected[j] = (projected[j] ?? 0) + factor * (plda.lda[i * outputs + j] ?? 0);
  }
  const scale = Math.sqrt(outputs);
  const centred = unit(projected).map((value, i) => scale * value - (plda.mu[i] ?? 0));
  return centred.map((_, row) => {
    let sum = 0;
    for (let j = 0; j < outputs; j++) sum += (plda.transform[row * outputs + j] ?? 0) * (centred[j] ?? 0);
    return sum;
  });
}
