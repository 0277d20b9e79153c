import { SottoError, type wireModelSchema } from '@sotto/contracts';
import type { z } from 'zod';
import { localModel, type ModelMap } from '../settings/model-map.ts';

type WireModel = z.infer<typeof wireModelSchema>;

/**
 * Rows of the model list for names that only OpenAI clients know: the model they stand for, under that name.
 *
 * @param unknown makes the row of a model that is not in the list, as before the first worker.
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
