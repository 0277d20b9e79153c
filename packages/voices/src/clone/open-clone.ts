import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OfferedVoice } from '@sotto/contracts';
import type { InstalledModel } from '../install/installed-voice.ts';
import { isThere } from '../install/parts.ts';
import { ESPEAK_DATA_NAME, ESPEAK_DATA_VERSION, partPath, RUNTIME_VERSION, runtimePackage } from '../install/places.ts';
import type { ProcessSetup, Reference } from '../sherpa/protocol.ts';
import { SherpaEngine, type SherpaModel } from '../sherpa/sherpa-engine.ts';
import { readWav } from '../wav.ts';
import {
  type CloneEngineName,
  type CloneModel,
  type CloneVoice,
  cloneFiles,
  cloneModel,
  wrong,
} from './clone-manifest.ts';

/** Of a recording: what is longer makes each piece slower, and what is shorter tells too little. */
const LONGEST_RECORDING_SECONDS = 30;
const SHORTEST_RECORDING_SECONDS = 1;

/**
 * The engine of weights that an operator has put into the folder of voices; nothing is loaded yet. null when there are none.
 * @throws SottoError `model_load_failed`: what is wrong with them, or missing
 */
export async function openClone(
  engine: CloneEngineName,
  { dir, threads }: { dir: string; threads: number },
): Promise<SherpaEngine | null> {
  const model = await cloneModel(partPath(dir, engine), engine);
  if (model === null) return null;
  const [runtime, data] = [runtimePackage(dir), partPath(dir, ESPEAK_DATA_NAME)];
  if (!((await isThere(runtime)) && (await isThere(data)))) {
    throw wrong(engine, 'what they run in is missing; `sotto voices install joe` brings it');
  }
  const references = new Map<string, Reference>();
  for (const voice of model.manifest.voices) references.set(idOf(engine, voice), await referenceOf(voice, model));
  const places = { package: runtime, config: configOf(model, data), voicesFile: null, threads, references };
  return new SherpaEngine(kindOf(model), { installed: installedFrom(model), ...places });
}

const idOf = (engine: string, { id }: Pick<CloneVoice, 'id'>): string => `${engine}-${id}`;

async function referenceOf({ recording, text }: CloneVoice, { folder, manifest }: CloneModel): Promise<Reference> {
  const wav = readWav(await readFile(join(folder, recording.name)));
  if (wav === null) throw wrong(manifest.engine, `${recording.name} is no WAV file of 16-bit mono samples`);
  const seconds = wav.samples.length / wav.sampleRateHz;
  if (seconds < SHORTEST_RECORDING_SECONDS || seconds > LONGEST_RECORDING_SECONDS) {
    const wanted = `${SHORTEST_RECORDING_SECONDS} to ${LONGEST_RECORDING_SECONDS} are wanted`;
    throw wrong(manifest.engine, `${recording.name} has ${seconds.toFixed(1)} s, ${wanted}`);
  }
  return { ...wav, text, ...(manifest.steps !== undefined && { steps: manifest.steps }) };
}

/** As sherpa-onnx's `OfflineTts` takes it. */
function configOf({ folder, manifest }: CloneModel, dataDir: string): ProcessSetup['model'] {
  const files = Object.fromEntries(
    Object.entries(manifest.files).flatMap(([part, file]) => (file ? [[part, join(folder, file.name)]] : [])),
  );
  return manifest.engine === 'zipvoice' ? { zipvoice: { ...files, dataDir } } : { pocket: files };
}

function kindOf({ manifest: { engine, model, languages, licence, voices } }: CloneModel): SherpaModel {
  const offered = voices.map(
    (voice): OfferedVoice => ({
      id: idOf(engine, voice),
      name: voice.name,
      languages,
      gender: voice.gender,
      quality: 'medium',
      kind: 'stock',
      licence,
    }),
  );
  // Nobody has measured them: pieces are short, and cut as if the engine were just in time.
  const speed = { usualRtfx: 1, longestSeconds: 10 };
  return { name: engine, model, isDeterministic: false, ...speed, voices: offered, blendPlaces: 0, languages: null };
}

/** What its process checks before it loads it. */
function installedFrom({ folder, manifest, sha256 }: CloneModel): InstalledModel {
  const digest = createHash('sha256')
    .update(JSON.stringify([sha256, RUNTIME_VERSION, ESPEAK_DATA_VERSION]))
    .digest('hex');
  const files = Object.fromEntries(cloneFiles(manifest).map(({ name, sha256: own }) => [name, { sha256: own }]));
  const voices = manifest.voices.map((voice) => idOf(manifest.engine, voice));
  return { sampleRateHz: manifest.sampleRateHz, voices, files, folder, digest };
}
