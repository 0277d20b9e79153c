import { rm } from 'node:fs/promises';
import { publishFile, rememberDigest } from '@sotto/model-files';
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
