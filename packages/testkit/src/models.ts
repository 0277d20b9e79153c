import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { copyFile, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { appArguments } from './app-process.ts';
import { baseEnvironment } from './child.ts';
import { runCommand } from './command.ts';
import { cacheFolder, REPOSITORY } from './folders.ts';
import type { Resource } from './resources.ts';

const NANO_ARCHIVE = join(REPOSITORY, 'packages/whisper/assets/nano/ggml-sotto-nano.bin.gz');
const INSTALL_TIMEOUT_MS = 10 * 60_000;
/** A failed download is not tried again by every test file of a run. */
const FAILURE_KEPT_MS = 15 * 60_000;

/** A folder with `ggml-sotto-nano.bin` and nothing else, made from the file in the repository. */
export async function nanoModelDir(): Promise<string> {
  const digest = createHash('sha256')
    .update(await readFile(NANO_ARCHIVE))
    .digest('hex');
  const folder = await cacheFolder('models', `nano-${digest.slice(0, 12)}`);
  const file = join(folder, 'ggml-sotto-nano.bin');
  if (existsSync(file)) return folder;
  const unpacked = join(await cacheFolder('models'), `${randomUUID()}.tmp`);
  try {
    await pipeline(createReadStream(NANO_ARCHIVE), createGunzip(), createWriteStream(unpacked));
    await rename(unpacked, file);
  } finally {
    await rm(unpacked, { force: true });
  }
  return folder;
}

/** As nanoModelDir, below `folder`: for who may install and remove models there, which no other test may see. */
export async function ownNanoModelDir(folder: string): Promise<string> {
  const shared = await nanoModelDir();
  const own = join(folder, 'models');
  await mkdir(own);
  await linkModel(join(shared, 'ggml-sotto-nano.bin'), own);
  return own;
}

/** A folder with OpenAI's tiny.en, which knows English only; or why it cannot be had. */
export const tinyEnModelDir = (): Promise<Resource<string>> => installedModelDir('tiny.en');

/** A folder with OpenAI's base, which knows 99 languages; or why it cannot be had. */
export const baseModelDir = (): Promise<Resource<string>> => installedModelDir('base');

/** Installed through the catalog (`sotto models install NAME`) once per machine. */
async function installedModelDir(name: string, file = `ggml-${name}.bin`): Promise<Resource<string>> {
  const folder = await cacheFolder('models', name);
  if (existsSync(join(folder, file))) return { value: folder };
  const failure = join(await cacheFolder('models'), `${name}.failed`);
  const recent = await recentText(failure);
  if (recent !== null) return { skipped: recent };
  const args = [...appArguments('cli'), 'models', 'install', name];
  const env = { ...process.env, ...baseEnvironment(), WHISPER_MODEL_DIR: folder };
  const { code, stderr } = await runCommand(process.execPath, args, {
    cwd: folder,
    env,
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
  if (code === 0) return { value: folder };
  const reason = `${name} could not be installed: ${stderr.trim().split('\n').at(-1) ?? `exit status ${code}`}`;
  await writeFile(failure, reason);
  return { skipped: reason };
}

/** The file of the model that tells speakers apart; or why it cannot be had. */
export async function speakerModelFile(): Promise<Resource<string>> {
  const name = 'community-1';
  const folder = await installedModelDir(name, `${name}.speakers`);
  return 'value' in folder ? { value: join(folder.value, `${name}.speakers`) } : folder;
}

/** Puts a model file where a service of the test's own looks for it: linked, or copied to another file system. */
export async function linkModel(file: string, modelDir: string): Promise<void> {
  const own = join(modelDir, basename(file));
  await link(file, own).catch(() => copyFile(file, own));
}

async function recentText(path: string): Promise<string | null> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 }));
  return Date.now() - mtimeMs < FAILURE_KEPT_MS ? readFile(path, 'utf8') : null;
}
