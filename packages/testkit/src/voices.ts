import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './folders.ts';
import { speakerModelFile } from './models.ts';
import type { Resource } from './resources.ts';

/** A folder with Kokoro, which the tests of packages/voices install once per machine; or why it cannot be had. */
async function kokoroFolder(): Promise<Resource<string>> {
  const folder = await cacheFolder('voices');
  if (existsSync(join(folder, 'kokoro', 'voice.json'))) return { value: folder };
  return { skipped: 'Kokoro is not installed yet: packages/voices/test does that' };
}

/** What voices are matched with: Kokoro's, and the model that hears how alike two of them are. */
export async function matchingParts(): Promise<Resource<{ voices: string; speakerModel: string }>> {
  const [voices, speakerModel] = [await kokoroFolder(), await speakerModelFile()];
  if (!('value' in voices)) return voices;
  return 'value' in speakerModel ? { value: { voices: voices.value, speakerModel: speakerModel.value } } : speakerModel;
}

/** Puts installed voices where a service of the test's own looks for them. Workers open them when they start. */
export async function linkVoices(folder: string, modelDir: string): Promise<void> {
  await mkdir(modelDir, { recursive: true });
  await symlink(folder, join(modelDir, 'voices'));
}
