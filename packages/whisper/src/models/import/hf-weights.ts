import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { refused } from './refusal.ts';
import { readSafetensors, type StoredTensor } from './safetensors.ts';

const ONE_FILE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

export interface HfWeights {
  /** By name, without the leading `model.` that some have. */
  tensors: Map<string, StoredTensor>;
  close(): Promise<void>;
}

/** The tensors of `model.safetensors`, or of the shards that its index names. */
export async function openHfWeights(folder: string): Promise<HfWeights> {
  const index = await readIndex(folder);
  const files = index ? [...new Set(index.values())] : [ONE_FILE];
  const handles: Awaited<ReturnType<typeof open>>[] = [];
  const close = async () => void (await Promise.all(handles.map((handle) => handle.close())));
  try {
    const tensors = new Map<string, StoredTensor>();
    for (const file of files) {
      const handle = await open(join(folder, file), 'r').catch((cause: unknown) => {
        throw refused(`the folder has no ${file}`, cause);
      });
      handles.push(handle);
      for (const tensor of await readSafetensors(handle, file)) addTensor(tensors, tensor);
    }
    for (const [name, file] of index ?? []) {
      if (tensors.get(plain(name))?.file !== file) throw refused(`its ${file} lacks ${name}, which the index promises`);
    }
    return { tensors, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const plain = (name: string): string => name.replace(/^model\./, '');

function addTensor(tensors: Map<string, StoredTensor>, tensor: StoredTensor): void {
  const name = plain(tensor.name);
  const other = tensors.get(name);
  if (other) throw refused(`its tensor ${name} comes twice, in ${other.file} and ${tensor.file}`);
  tensors.set(name, tensor);
}

/** Name of each tensor -> its shard; null when there is one file. Shards lie in the folder, whatever the index says. */
async function readIndex(folder: string): Promise<Map<string, string> | null> {
  const text = await readFile(join(folder, INDEX), 'utf8').catch(() => null);
  if (text === null) return null;
  let map: Record<string, string>;
  try {
    map = indexSchema.parse(JSON.parse(text)).weight_map;
  } catch (error) {
    throw refused(`its ${INDEX} cannot be read`, error);
  }
  const odd = Object.values(map).find((file) => !/^[\w.-]+\.safetensors$/.test(file));
  if (odd !== undefined) throw refused(`its ${INDEX} names ${JSON.stringify(odd)}, which is no file of the folder`);
  return new Map(Object.entries(map));
}
