import { SottoError, type wireModelSchema } from '@sotto/contracts';
import type { z } from 'zod';
import { localModel, type ModelMap } from './model-map.ts';

type WireModel = z.infer<typeof wireModelSchema>;

/** The rows of a list of models for the names that only OpenAI's clients know. */
export function aliasRows(models: readonly WireModel[], map: ModelMap, current: string | null): WireModel[] {
  const taken = new Set(models.map(({ id }) => id));
  return [...map.keys()].flatMap((name) => {
    const target = localModel(name, map) ?? current;
    const row = models.find(({ id }) => id === target);
    return taken.has(name) || row === undefined ? [] : [{ ...row, name, id: name }];
  });
}

/** @throws SottoError `model_not_available`. */
export function findModel(id: string, rows: readonly WireModel[]): WireModel {
  const found = rows.find((row) => row.id.toLowerCase() === id.toLowerCase());
  if (found !== undefined) return found;
  throw new SottoError('model_not_available', `There is no model ${JSON.stringify(id.slice(0, 60))} here.`);
}
