import { SottoError } from '@sotto/contracts';
import { type FetchSettings, type ModelProgress, throttled } from '@sotto/model-files';
import { installPart, removePart } from '../install/install-part.ts';
import { installedVoice } from '../install/installed-voice.ts';
import type { PartJob } from '../install/part.ts';
import { ESPEAK_DATA_PART, runtimePart } from '../install/parts.ts';
import { ESPEAK_DATA_NAME, partPath, runtimeName } from '../install/places.ts';
import { VOICES_CATALOG, type VoicesEntry } from './catalog.ts';
import { openSherpa } from './open-sherpa.ts';

export interface InstallVoicesOptions extends FetchSettings {
  onProgress?: (progress: ModelProgress) => void;
  /** At most one report of a phase in this time. Default 100. */
  progressEveryMs?: number;
  signal?: AbortSignal;
}

/** What is said to try what was made: enough for a second of audio. */
const TRIAL = 'This voice is ready.';

/** @throws SottoError `model_not_available` for what the catalog does not have */
export function voicesEntry(name: string): VoicesEntry {
  const entry = VOICES_CATALOG.find((each) => each.name === name.toLowerCase());
  if (entry) return entry;
  const names = VOICES_CATALOG.map((each) => each.name);
  throw new SottoError(
    'model_not_available',
    `There are no voices "${name}" to be installed, only ${names.join(', ')}.`,
  );
}

/**
 * Makes sure that voices of the catalog, and what they run in, are in the folder.
 * @returns whether something had to be installed
 * @throws SottoError `model_not_available` with the reason, `disk_full`; the signal's reason
 */
export async function installVoices(name: string, dir: string, options: InstallVoicesOptions = {}): Promise<boolean> {
  const entry = voicesEntry(name);
  const onProgress = throttled(options.onProgress, options.progressEveryMs);
  const signal = options.signal ?? new AbortController().signal;
  const job: PartJob = { dir, signal, settings: options, onProgress };
  const proof = (folder: string, { signal: own }: PartJob) => tried(entry, folder, dir, own);
  try {
    let isNew = false;
    for (const part of [runtimePart(), ESPEAK_DATA_PART, { ...entry.part, proof }]) {
      isNew = (await installPart(part, job)) || isNew;
    }
    return isNew;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SottoError && error.code !== 'speech_failed') throw error;
    const why = error instanceof SottoError ? error.detail : (error as Error).message;
    throw new SottoError('model_not_available', `${entry.name} could not be installed (${why}).`, { cause: error });
  }
}

/** Takes voices away, and with the last ones what they run in. @returns whether they were there */
export async function removeVoices(name: string, dir: string): Promise<boolean> {
  const entry = voicesEntry(name);
  const wasThere = await removePart(dir, entry.part.name);
  const left = await Promise.all(VOICES_CATALOG.map(({ part }) => isInstalled(dir, part.name)));
  if (!left.includes(true)) {
    await removePart(dir, runtimeName());
    await removePart(dir, ESPEAK_DATA_NAME);
  }
  return wasThere;
}

/** Damaged ones count: something is there. */
const isInstalled = (dir: string, name: string): Promise<boolean> =>
  installedVoice(partPath(dir, name)).then(
    (installed) => installed !== null,
    () => true,
  );

async function tried(entry: VoicesEntry, folder: string, dir: string, signal: AbortSignal): Promise<void> {
  const engine = await openSherpa(entry, { dir, folder, threads: 1 });
  if (engine === null) throw new Error('what was made is not there');
  try {
    const [voice] = engine.voices();
    const piece = { text: TRIAL, voice: voice?.id ?? '', language: voice?.languages[0] ?? '', speed: 1 };
    const samples = await engine.speak(piece, signal);
    const seconds = samples.length / engine.sampleRateHz;
    if (!(seconds > 0.5 && seconds < 5)) throw new Error(`the voice spoke for ${seconds.toFixed(1)} s to say a second`);
  } finally {
    await engine.close();
  }
}
