import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { rememberDigest } from './digest.ts';
import { checkGgmlFile } from './ggml-file.ts';

/**
 * Gives a finished, checked file its visible name: readers see the whole model or none, also after a power cut.
 * whisper.cpp accepts truncated files silently, so the structure is checked here once more, whatever the source was.
 */
export async function publishModel(temporary: string, target: string, sha256: string): Promise<void> {
  try {
    await checkGgmlFile(temporary);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await publishFile(temporary, target);
  await rememberDigest(target, sha256);
}

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
