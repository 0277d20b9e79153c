import { sha256File } from '@sotto/model-files';
import { catalogEntry, knownDigests } from './catalog.ts';
import { checkGgmlFile } from './ggml-file.ts';
import { modelNameOf } from './paths.ts';

export interface VerifiedModel {
  sha256: string;
  /**
   * `official`: exactly the file of the catalogue. `own`: whole, and of no model in the catalogue. `other`: whole, but not the
   * file that the catalogue has under this name.
   */
  origin: 'official' | 'own' | 'other';
}

/**
 * Reads a model file to its last byte, whatever was remembered of it.
 *
 * @param file its name without folder
 * @throws SottoError `model_load_failed` when it is damaged
 */
export async function verifyModel(path: string, file: string): Promise<VerifiedModel> {
  await checkGgmlFile(path);
  const sha256 = await sha256File(path);
  const known = knownDigestsOf(modelNameOf(file) ?? file);
  if (known.length === 0) return { sha256, origin: 'own' };
  return { sha256, origin: known.includes(sha256) ? 'official' : 'other' };
}

function knownDigestsOf(name: string): string[] {
  const entry = catalogEntry(name);
  return entry === null ? [] : knownDigests(entry);
}
