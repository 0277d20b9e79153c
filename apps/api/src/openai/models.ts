import { SottoError, type wireModelSchema } from '@sotto/contracts';
import type { z } from 'zod';
import { localModel, type ModelMap } from '../settings/model-map.ts';

type WireModel = z.infer<typeof wireModelSchema>;

/**
 * The rows of a list of models for the names that only OpenAI's clients know: what they stand for, under that name.
 *
 * @param unknown the row of a model that the list does not have; before the first worker none is installed.
 */
export function aliasRows(
  models: readonly WireModel[],
  map: ModelMap,
  current: string | null,
  unknown: (name: string) => WireModel,
): WireModel[] {
  const names = [...map.keys()].filter((name) => !models.some(({ id }) => id === name));
  return names.map((name) => {
    const target = localModel(name, map) ?? current;
    const row = models.find(({ id }) => id === target) ?? unknown(name);
    return { ...row, name, id: name };
  });
}

/** @throws SottoError `model_not_available`. */
export function findModel(id: string, rows: readonly WireModel[]): WireModel {
  const found = rows.find((row) => row.id.toLowerCase() === id.toLowerCase());
  if (found !== undefined) return found;
  throw new SottoError('model_not_available', `Unknown model: ${JSON.stringify(id.slice(0, 60))}.`);
}
