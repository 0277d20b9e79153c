import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalModelName } from '@sotto/contracts';
import { digestPath } from '@sotto/model-files';
import { withModelLock } from './lock.ts';
import { modelNameOf, partialOriginPath, partialPath } from './paths.ts';

/** Deletes a model from the folder, whole or damaged, with what belongs to it. True when there was one, for one of many at once. */
export async function removeModel(name: string, modelDir: string): Promise<boolean> {
  const wanted = canonicalModelName(name);
  const find = async () =>
    (await readdir(modelDir).catch(() => [])).filter((file) => modelNameOf(file)?.toLowerCase() === wanted);
  if ((await find()).length === 0) return false;
  return withModelLock(modelDir, wanted, async () => {
    const names = await find();
    for (const file of names.map((each) => join(modelDir, each))) {
      await rm(file, { force: true });
      await rm(digestPath(file), { force: true });
    }
    await rm(partialPath(modelDir, wanted), { force: true });
    await rm(partialOriginPath(modelDir, wanted), { force: true });
    return names.length > 0;
  });
}
