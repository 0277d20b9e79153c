import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Whole or not at all, also after a power cut. */
export async function publishFile(temporary: string, target: string): Promise<void> {
  await sync(temporary);
  await rename(temporary, target);
  await sync(dirname(target));
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
