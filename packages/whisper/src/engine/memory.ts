import { stat } from 'node:fs/promises';

/** Of the memory that is free once the model is loaded; the rest is for decoding audio and for other processes. */
const SHARE_FOR_SLOTS = 0.5;

/** Bytes that the slots of this model may take together, at least 1; 1 also when there is no such file. */
export async function memoryForSlots(path: string): Promise<number> {
  const model = await stat(path).catch(() => null);
  const free = process.availableMemory() - (model?.size ?? 0);
  return Math.max(1, Math.floor(SHARE_FOR_SLOTS * free));
}
