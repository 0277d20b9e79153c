import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SottoError } from '@sotto/contracts';
import { modelDigest } from '@sotto/model-files';
import { z } from 'zod';
import { ESPEAK_DATA_VERSION, RUNTIME_VERSION } from './places.ts';

/** What is in the folder of an installed engine, written last. */
const manifestSchema = z.object({
  format: z.literal(1),
  sampleRateHz: z.int().positive(),
  /** How the weights were rewritten; `none`: they are as they were published. */
  weights: z.enum(['s8', 'u8', 'none']),
  /** By their place in the file of voices. */
  voices: z.array(z.string()),
  /** By name. */
  files: z.record(z.string().regex(/^[a-z][a-z0-9.-]*$/), z.object({ bytes: z.int(), sha256: z.string() })),
});
export type VoiceManifest = z.infer<typeof manifestSchema>;

export const MANIFEST_FILE = 'voice.json';

/** What an engine has to know of files that are there. */
export interface InstalledModel extends Pick<VoiceManifest, 'sampleRateHz' | 'voices'> {
  files: Readonly<Record<string, { sha256: string }>>;
  folder: string;
  /** Of all files, and of the versions of what they run in. */
  digest: string;
}

export type InstalledVoice = VoiceManifest & InstalledModel;

/**
 * What is installed under a name; null when nothing is.
 * @throws SottoError `model_load_failed` when it is damaged
 */
export async function installedVoice(folder: string): Promise<InstalledVoice | null> {
  const text = await readFile(join(folder, MANIFEST_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (text === null) return null;
  const manifest = parsed(text);
  for (const [name, { bytes }] of Object.entries(manifest.files)) {
    const found = await stat(join(folder, name)).catch(() => null);
    if (found?.size !== bytes) throw damaged(`${name} has ${found?.size ?? 'no'} bytes instead of ${bytes}`);
  }
  const all = JSON.stringify([manifest, RUNTIME_VERSION, ESPEAK_DATA_VERSION]);
  const digest = createHash('sha256').update(all).digest('hex');
  return { ...manifest, folder, digest };
}

/**
 * Reads all files, unless they are the same as when they were last read.
 * @throws SottoError `model_load_failed` when one has changed since it was installed
 */
export async function verifyVoice({ folder, files }: Pick<InstalledModel, 'folder' | 'files'>): Promise<void> {
  for (const [name, { sha256 }] of Object.entries(files)) {
    const found = await modelDigest(join(folder, name)).catch((error: Error) => error.message);
    if (found !== sha256) throw damaged(`${name} has changed`);
  }
}

function parsed(text: string): VoiceManifest {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw damaged(`${MANIFEST_FILE} cannot be read`, cause);
  }
}

const damaged = (why: string, cause?: unknown): SottoError =>
  new SottoError('model_load_failed', `The installed voice is damaged: ${why}. Remove it and install it again.`, {
    cause,
  });
