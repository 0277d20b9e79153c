import { SottoError } from '@sotto/contracts';
import { hasVnni } from '../install/cpu.ts';
import { installedVoice } from '../install/installed-voice.ts';
import { isThere } from '../install/parts.ts';
import { ESPEAK_DATA_NAME, partPath, runtimePackage } from '../install/places.ts';
import { SherpaEngine } from '../sherpa/sherpa-engine.ts';
import type { VoicesEntry } from './catalog.ts';

export interface OpenSherpaOptions {
  /** The folder of voices. */
  dir: string;
  /** Of the model; default where it is installed. */
  folder?: string;
  threads: number;
}

/**
 * An engine of the catalog; nothing is loaded yet. null when it is not installed.
 * @throws SottoError `model_load_failed` when something of it is damaged, missing, or made for another processor
 */
export async function openSherpa(
  entry: VoicesEntry,
  { dir, folder, threads }: OpenSherpaOptions,
): Promise<SherpaEngine | null> {
  const installed = await installedVoice(folder ?? partPath(dir, entry.part.name));
  if (installed === null) return null;
  const [runtime, data] = [runtimePackage(dir), partPath(dir, ESPEAK_DATA_NAME)];
  if (!((await isThere(runtime)) && (await isThere(data)))) {
    throw unusable(entry, 'what it runs in is missing for this machine');
  }
  if (installed.weights === 's8' && !(await hasVnni())) {
    throw unusable(entry, 'it was made for processors with VNNI, and this one has none');
  }
  return new SherpaEngine(entry.model, { installed, package: runtime, threads, ...entry.config(installed, data) });
}

const unusable = ({ name }: VoicesEntry, why: string): SottoError =>
  new SottoError('model_load_failed', `${name} cannot be used: ${why}. \`sotto voices install ${name}\` helps.`);
