import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SottoError } from '@sotto/contracts';
import { type OnProgress, requireDiskSpace, throttled } from '@sotto/model-files';
import { engineInfo } from '../../engine/info.ts';
import type { CatalogEntry } from '../catalog.ts';
import { describeModel, type InstalledModelFile } from '../installed.ts';
import { withModelLock } from '../lock.ts';
import { isModelName, modelPath, workPath } from '../paths.ts';
import { publishModel } from '../publish.ts';
import { convertModel } from './convert.ts';
import { officialEntry, requireOfficial } from './official-name.ts';
import type { Quantisation } from './quantise.ts';
import { type SelfTest, selfTest, type TestSpeech } from './self-test.ts';

export interface ImportOptions {
  /** The name under which it will be asked for: a free one, or that of the official model whose weights these are. */
  name: string;
  modelDir: string;
  /** Type of the weight matrices; float16 when not given. */
  quantize?: Quantisation | undefined;
  /** What the model must transcribe, in the real engine, before it gets its name. Not tested when not given. */
  speech?: TestSpeech | undefined;
  /** Replace a model of that name. Default false. */
  overwrite?: boolean;
  onProgress?: OnProgress;
  signal?: AbortSignal;
}

export interface ImportedModel extends InstalledModelFile {
  /** null when there was none. */
  selfTest: SelfTest | null;
}

/**
 * Takes a faster-whisper (CTranslate2) or Hugging Face model folder into the model folder, fine-tuned ones too. float16,
 * bfloat16, float32 and CTranslate2's int8 and int16 are read; float16 or `quantize`'s type is written.
 *
 * @throws SottoError `invalid_parameter` with what is wrong with folder or name, `disk_full`, `model_load_failed` when
 *   the engine is not built; the signal's reason.
 */
export async function importModel(folder: string, options: ImportOptions): Promise<ImportedModel> {
  const { name, modelDir } = options;
  checkName(name);
  const official = officialEntry(name, options.quantize);
  // Before the work, not after it.
  if (options.quantize || options.speech) engineInfo();
  const work = workPath(modelDir, name);
  const run = async (signal: AbortSignal): Promise<ImportedModel> => {
    if (!options.overwrite && (await exists(modelPath(modelDir, name)))) {
      throw new SottoError('invalid_parameter', `There is a model named ${name} already.`);
    }
    await rm(work, { recursive: true, force: true });
    await mkdir(work, { recursive: true });
    try {
      return await convertAndPublish(folder, join(work, 'model.bin'), { ...options, signal }, official);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  };
  return withModelLock(modelDir, name, run, { signal: options.signal });
}

async function convertAndPublish(
  folder: string,
  temporary: string,
  { name, modelDir, quantize, speech, onProgress, signal }: ImportOptions,
  official: CatalogEntry | null,
): Promise<ImportedModel> {
  const report = throttled(onProgress);
  const { sha256, float16Sha256 } = await convertModel(folder, temporary, {
    quantise: quantize,
    signal,
    onSize: (bytes) => requireDiskSpace(modelDir, bytes),
    onBytes: (receivedBytes, totalBytes) =>
      report({ model: name, phase: 'converting', source: 'import', receivedBytes, totalBytes }),
  });
  if (official) requireOfficial(official, float16Sha256);
  if (speech) report({ model: name, phase: 'testing', source: 'import', receivedBytes: 0, totalBytes: null });
  const test = speech ? await selfTest(temporary, speech, signal) : null;
  const target = modelPath(modelDir, name);
  await publishModel(temporary, target, sha256);
  return { ...(await describeModel(target)), selfTest: test };
}

function checkName(name: string): void {
  // Requests are matched in lower case.
  if (!isModelName(name) || name !== name.toLowerCase()) {
    throw new SottoError(
      'invalid_parameter',
      'A model name has up to 64 small letters, digits, dots, dashes and underscores.',
    );
  }
  if (name === 'auto') {
    throw new SottoError('invalid_parameter', 'auto stands for the best installed model; choose another name.');
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
