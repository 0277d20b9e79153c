import { readdir } from 'node:fs/promises';
import { openCt2Folder } from './ct2-model.ts';
import type { ForeignModel } from './foreign-model.ts';
import { openHfFolder } from './hf-model.ts';
import { refused } from './refusal.ts';

/** What is there instead of weights, and what to do about it. */
const OTHERS: [file: string, problem: string][] = [
  ['adapter_config.json', 'it is an adapter (PEFT) without its model; merge the two and save the result'],
  ['pytorch_model.bin', 'its weights are in pytorch_model.bin; save it again with safe_serialization=True'],
  ['pytorch_model.bin.index.json', 'its weights are in pytorch_model.bin; save it again with safe_serialization=True'],
];

/** The model in a folder, whichever of the formats it has. The caller closes it. */
export async function openFolder(folder: string): Promise<ForeignModel> {
  const files = await readdir(folder).catch((cause: unknown) => {
    throw refused('the folder cannot be read', cause);
  });
  if (files.some((file) => /^model\.safetensors(\.index\.json)?$/.test(file))) return openHfFolder(folder);
  if (files.includes('model.bin')) return openCt2Folder(folder);
  for (const [file, problem] of OTHERS) if (files.includes(file)) throw refused(problem);
  throw refused('the folder has no model.safetensors (Hugging Face) and no model.bin (CTranslate2)');
}
