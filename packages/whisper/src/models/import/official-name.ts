import { SottoError } from '@sotto/contracts';
import { type CatalogEntry, catalogEntry, knownDigests } from '../catalog.ts';
import { PYTHON_MODELS } from '../python-models.ts';
import type { Quantisation } from './quantise.ts';

/**
 * The official model that a name stands for; null: the name is free. An import gets an official name when its weights turn out
 * to be that model's, which can be told of those only whose converted file is known.
 *
 * @throws SottoError `invalid_parameter` for an official name that this import cannot get, whatever its weights are.
 */
export function officialEntry(name: string, quantise: Quantisation | undefined): CatalogEntry | null {
  const entry = catalogEntry(name);
  if (entry === null) return null;
  if (entry.name !== name) throw refusedName(`${name} is another name for the official model ${entry.name}`);
  if (!Object.hasOwn(PYTHON_MODELS, entry.base)) {
    const known = Object.keys(PYTHON_MODELS).join(' and ');
    throw refusedName(`${name} is the name of an official model, and only the weights of ${known} are recognised`);
  }
  if (entry.precision !== (quantise ?? 'f16')) {
    throw refusedName(`${name} is the official name of weights of type ${entry.precision}, not ${quantise ?? 'f16'}`);
  }
  return entry;
}

/**
 * @param float16Sha256 of the imported model's file with matrices of float16
 * @throws SottoError `invalid_parameter` when the weights or the vocabulary are another model's.
 */
export function requireOfficial(entry: CatalogEntry, float16Sha256: string): void {
  const float16 = catalogEntry(entry.base);
  if (float16 && knownDigests(float16).includes(float16Sha256)) return;
  throw refusedName(
    `${entry.name} is the name of an official model, and this is another one (its float16 file would have the SHA-256 ${float16Sha256})`,
  );
}

const refusedName = (problem: string): SottoError =>
  new SottoError('invalid_parameter', `${problem}; choose another name.`);
