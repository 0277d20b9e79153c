import { statfs } from 'node:fs/promises';
import { SottoError } from '@sotto/contracts';
import { sizeText } from './size-text.ts';

/** Left free beside the model, so that installing one does not starve its neighbours. */
const RESERVE_BYTES = 64 * 2 ** 20;

/** @throws SottoError `disk_full` when `bytes` more would not fit into the folder's file system. */
export async function requireDiskSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes + RESERVE_BYTES) return;
  throw new SottoError(
    'disk_full',
    `The model needs ${sizeText(bytes)}, the model folder's disk has ${sizeText(free)} free.`,
  );
}
