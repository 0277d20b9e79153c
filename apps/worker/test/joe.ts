import { mkdir, readdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { SottoError } from '@sotto/contracts';
import { cacheFolder, type Resource } from '@sotto/testkit';
import { installVoices } from '@sotto/voices';

/** The folder of voices with Piper's joe, kept beside the checkout. */
export async function installedJoe(): Promise<Resource<string>> {
  const folder = await cacheFolder('voices');
  try {
    await installVoices('joe', folder);
    return { value: folder };
  } catch (error) {
    return { skipped: error instanceof SottoError ? error.detail : String(error) };
  }
}

/** Puts joe, and what it runs in, into another folder, as an installation does: all of it is there at once. */
export async function putJoe(from: string, to: string): Promise<void> {
  const work = `${to}.work`;
  await mkdir(work, { recursive: true });
  for (const part of await readdir(from)) {
    if (!part.startsWith('.') && part !== 'kokoro') await symlink(join(from, part), join(work, part));
  }
  await rename(work, to);
}
