import { memoryLimitBytes, readMemory } from '@sotto/runtime';
import type { InstalledModelFile } from '@sotto/whisper';

/** Of a model that is not in the catalogue: one decoding state, and what loading takes beside the weights. */
const STATE_BYTES = 150_000_000;

const needOf = ({ catalog, bytes }: InstalledModelFile): number => catalog?.memoryBytes ?? bytes + STATE_BYTES;

export interface RoomLimits {
  /** What all loaded models may take together; 0: what the machine, or the container, has free. */
  budgetBytes: number;
  /** Whether models are in the memory of this process: that of a GPU is not ours to see. */
  isInMainMemory: boolean;
}

/** Whether a model fits beside those that are loaded. */
export function hasRoom(
  file: InstalledModelFile,
  loaded: readonly InstalledModelFile[],
  { budgetBytes, isInMainMemory }: RoomLimits,
  freeBytes = freeMemory,
): boolean {
  if (budgetBytes > 0) return loaded.reduce((sum, one) => sum + needOf(one), needOf(file)) <= budgetBytes;
  return !isInMainMemory || needOf(file) <= freeBytes();
}

/** Whether a model would fit if no other were loaded and nothing else took memory. */
export function fitsAlone(
  file: InstalledModelFile,
  { budgetBytes, isInMainMemory }: RoomLimits,
  limitBytes = memoryLimitBytes,
): boolean {
  if (budgetBytes > 0) return needOf(file) <= budgetBytes;
  return !isInMainMemory || needOf(file) <= limitBytes();
}

function freeMemory(): number {
  const { totalBytes, usedBytes } = readMemory();
  return totalBytes - usedBytes;
}
