import { access, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SottoError } from '@sotto/contracts';
import { catalogEntry } from '../catalog.ts';
import { requireDiskSpace } from '../disk-space.ts';
import { describeModel, type InstalledModelFile } from '../installed.ts';
import { withModelLock } from '../lock.ts';
import { isModelName, modelPath, workPath } from '../paths.ts';
import { type OnProgress, throttled } from '../progress.ts';
import { publishModel } from '../publish.ts';
import { convertModel } from './convert.ts';

export interface ImportOptions {
  /** The name under which it will be asked for. */
  name: string;
  modelDir: string;
  /** Replace a model of that name. Default false. */
  overwrite?: boolean;
  onProgress?: OnProgress;
  signal?: AbortSignal;
}

/**
 * Takes a faster-whisper (CTranslate2) model folder into the model folder, fine-tuned ones too. float16, bfloat16,
 * float32 and int8/int16 models are read; float16 is written.
 *
 * @throws SottoError `invalid_parameter` with what is wrong with folder or name, `disk_full`; the signal's reason.
 */
export async function importModel(folder: string, options: ImportOptions): Promise<InstalledModelFile> {
  const { name, modelDir } = options;
  checkName(name);
  const target = modelPath(modelDir, name);
  const onProgress = throttled(options.onProgress);
  const work = workPath(modelDir, name);
  const convert = async (signal: AbortSignal): Promise<InstalledModelFile> => {
    if (!options.overwrite && (await exists(target))) {
      throw new SottoError('invalid_parameter', `There is a model named ${name} already.`);
    }
    await requireDiskSpace(modelDir, (await stat(join(folder, 'model.bin')).catch(() => null))?.size ?? 0);
    await rm(work, { recursive: true, force: true });
    await mkdir(work, { recursive: true });
    try {
      const temporary = join(work, 'model.bin');
      const sha256 = await convertModel(folder, temporary, {
        signal,
        onBytes: (receivedBytes, totalBytes) =>
          onProgress({ model: name, phase: 'converting', source: 'import', receivedBytes, totalBytes }),
      });
      await publishModel(temporary, target, sha256);
      return await describeModel(target);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  };
  return withModelLock(modelDir, name, convert, { signal: options.signal });
}

function checkName(name: string): void {
  // Requests are matched in lower case.
  if (!isModelName(name) || name !== name.toLowerCase()) {
    throw new SottoError(
      'invalid_parameter',
      'A model name has up to 64 small letters, digits, dots, dashes and underscores.',
    );
  }
  if (catalogEntry(name) || name.toLowerCase() === 'auto') {
    throw new SottoError('invalid_parameter', `${name} is the name of an official model; choose another one.`);
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
