import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { modelDigest } from '@sotto/model-files';
import { type CatalogEntry, catalogEntry } from './catalog.ts';
import { FAMILIES } from './catalog-data.ts';
import { checkGgmlFile, type GgmlFile } from './ggml-file.ts';
import { NANO, NANO_WARNING } from './nano.ts';
import { modelNameOf } from './paths.ts';

/** A model file that can be loaded: its structure has been checked to the last byte. */
export interface InstalledModelFile {
  name: string;
  path: string;
  bytes: number;
  /** SHA-256 of the file. */
  digest: string;
  multilingual: boolean;
  /** f16, q8_0, ... */
  precision: string;
  rank: number;
  /** null for models from elsewhere. */
  catalog: CatalogEntry | null;
  /** Set when the model is a stand-in. */
  warning: string | null;
}

export interface ModelFolder {
  models: InstalledModelFile[];
  /** Files that look like models and cannot be used, with the reason. */
  damaged: { file: string; reason: string }[];
}

/** The models in a folder, best first. A folder that does not exist has none. */
export async function installedModels(modelDir: string): Promise<InstalledModelFile[]> {
  return (await scanModelFolder(modelDir)).models;
}

/** As `installedModels`, with the files that had to be left out and why. */
export async function scanModelFolder(modelDir: string): Promise<ModelFolder> {
  const folder: ModelFolder = { models: [], damaged: [] };
  for (const file of await modelFilesIn(modelDir)) {
    try {
      folder.models.push(await describeModel(join(modelDir, file)));
    } catch (error) {
      folder.damaged.push({ file, reason: (error as Error).message });
    }
  }
  folder.models.sort(byRank);
  return folder;
}

/** Best first, as `installedModels` has them. */
export function byRank(a: InstalledModelFile, b: InstalledModelFile): number {
  return b.rank - a.rank || a.name.localeCompare(b.name);
}

/** One model file. @throws SottoError `model_load_failed` when it is damaged. */
export async function describeModel(path: string): Promise<InstalledModelFile> {
  const name = modelNameOf(basename(path)) ?? basename(path);
  const file = await checkGgmlFile(path);
  const catalog = catalogEntry(name);
  return {
    name,
    path,
    bytes: file.bytes,
    digest: await modelDigest(path),
    multilingual: file.multilingual,
    precision: file.precision,
    rank: catalog?.rank ?? rankOf(file),
    catalog,
    warning: name === NANO.name ? NANO_WARNING : null,
  };
}

/** Names of the files that are models, if they are whole. A folder that does not exist has none. */
export async function modelFilesIn(modelDir: string): Promise<string[]> {
  try {
    return (await readdir(modelDir)).filter((file) => modelNameOf(file) !== null).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** A model from elsewhere ranks with the official one of its depth, whose fine-tuned child it most likely is. */
function rankOf({ hparams, multilingual }: GgmlFile): number {
  const byDepth = {
    4: FAMILIES.tiny,
    6: FAMILIES.base,
    12: FAMILIES.small,
    24: FAMILIES.medium,
    32: FAMILIES['large-v1'],
  };
  const family = byDepth[hparams.audioLayers as keyof typeof byDepth];
  return (family?.rank ?? 1) + (multilingual ? 1 : 0);
}
