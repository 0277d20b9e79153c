import { join } from 'node:path';
import { canonicalModelName, SottoError } from '@sotto/contracts';
import { modelFilesIn, type VerifiedModel, verifyModel } from '@sotto/whisper';
import { CommandError, EXIT, type ExitCode } from '../../exit-codes.ts';
import { readSettings } from '../../settings.ts';
import { result, table } from '../../terminal/output.ts';

const WORDS: Record<VerifiedModel['origin'], string> = {
  official: 'ok, the official file',
  own: 'ok, of no model in the catalogue',
  other: 'NOT the official file of this name',
};

/** Reads models to their last byte: those that are named, or all of the folder. */
export async function verifyModels(names: readonly string[]): Promise<ExitCode> {
  const { modelDir } = readSettings(process.env);
  const files = await modelFilesIn(modelDir);
  const wanted = names.length === 0 ? files : names.map((name) => fileOf(name, files, modelDir));
  const rows: string[][] = [];
  let isFine = true;
  for (const file of wanted) {
    const { sha256, words, isGood } = await verdict(join(modelDir, file), file);
    isFine &&= isGood;
    rows.push([file, sha256.slice(0, 16), words]);
  }
  result(table([['FILE', 'SHA-256', ''], ...rows]));
  return isFine ? EXIT.ok : EXIT.failed;
}

function fileOf(name: string, files: readonly string[], modelDir: string): string {
  const file = files.find((each) => each.toLowerCase() === `ggml-${canonicalModelName(name)}.bin`);
  if (file === undefined) throw new CommandError(`No model named ${name} is in ${modelDir}.`);
  return file;
}

async function verdict(path: string, file: string): Promise<{ sha256: string; words: string; isGood: boolean }> {
  try {
    const { sha256, origin } = await verifyModel(path, file);
    return { sha256, words: WORDS[origin], isGood: origin !== 'other' };
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    return { sha256: '', words: `DAMAGED: ${error.detail}`, isGood: false };
  }
}
