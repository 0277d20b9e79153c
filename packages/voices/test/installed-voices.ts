import { SottoError } from '@sotto/contracts';
import { cacheFolder, type Resource } from '@sotto/testkit';
import { openSherpa } from '../src/catalog/open-sherpa.ts';
import { installVoices, voicesEntry } from '../src/index.ts';
import type { SherpaEngine } from '../src/sherpa/sherpa-engine.ts';

/** A folder with installed voices, kept beside the checkout: their content is pinned. */
export async function voicesFolder(name: string): Promise<Resource<string>> {
  const folder = await cacheFolder('voices');
  try {
    await installVoices(name, folder);
    return { value: folder };
  } catch (error) {
    return { skipped: outside(error instanceof SottoError ? error.detail : String(error)) };
  }
}

/** Only what lies outside of this repository may skip a test: no Python, no npm, no registry. */
export function outside(problem: string): string {
  if (/SHA-256|damaged|voice spoke|voice's process/.test(problem)) throw new Error(problem);
  return problem;
}

export async function openInstalled(name: string, dir: string): Promise<SherpaEngine> {
  const engine = await openSherpa(voicesEntry(name), { dir, threads: 1 });
  if (engine === null) throw new Error(`${name} is not installed`);
  return engine;
}
