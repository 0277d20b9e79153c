import type { Lane } from '@sotto/contracts';
import { WORKERS_CHOICE } from '../models/model-directory.ts';

/** Windows of the interactive lane do not share the engine with those of the batch lane. */
export const goesFirst = (lane: Lane | null): boolean => lane === 'interactive';

export function modelNameOf(model: string): string | null {
  return model === WORKERS_CHOICE ? null : model;
}
