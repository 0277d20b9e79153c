import { mkdir } from 'node:fs/promises';
import { readDisk, readMemory, wholeCores } from '@sotto/runtime';
import type { Settings } from '../../settings.ts';
import { bytesText } from '../../terminal/output.ts';
import { type Check, ok, problem, warning } from './check.ts';

/** `base` and its working memory fit in this. */
const SMALL_MEMORY_BYTES = 1_500_000_000;
const SMALL_DISK_BYTES = 2_000_000_000;
const SMALL_DISK_HINT = 'free some space, or keep uploads and models elsewhere: TEMP_DIR, WHISPER_MODEL_DIR';

export async function checkMachine(settings: Settings): Promise<Check[]> {
  return [checkCores(), await checkMemory(), await checkDisk(settings)];
}

function checkCores(): Check {
  const cores = wholeCores();
  return cores > 1
    ? ok('cores', String(cores))
    : warning('cores', '1', 'transcription will be slow; a container can be given more');
}

async function checkMemory(): Promise<Check> {
  const { totalBytes } = await readMemory();
  const text = bytesText(totalBytes);
  return totalBytes > SMALL_MEMORY_BYTES
    ? ok('memory', text)
    : warning('memory', text, 'use a small model: WHISPER_MODEL=tiny or base');
}

async function checkDisk({ dataFolder }: Settings): Promise<Check> {
  try {
    await mkdir(dataFolder, { recursive: true });
    const { freeBytes } = await readDisk(dataFolder);
    const text = `${bytesText(freeBytes)} free in ${dataFolder}`;
    return freeBytes > SMALL_DISK_BYTES ? ok('disk', text) : warning('disk', text, SMALL_DISK_HINT);
  } catch (error) {
    return problem('disk', `${dataFolder} cannot be written: ${String(error)}`, 'make it writable for your user');
  }
}
