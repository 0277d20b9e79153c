import type { Lane } from '@sotto/contracts';
import { WORKERS_CHOICE } from '../models/model-directory.ts';

/** Whoever waits for a recording, or sent a short one, does not share the engine with those that nobody waits for. */
export const goesFirst = (lane: Lane | null): boolean => lane === 'interactive';

export function modelNameOf(model: string): string | null {
  return model === WORKERS_CHOICE ? null : model;
}
