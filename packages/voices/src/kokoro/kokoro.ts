import { join } from 'node:path';
import type { InstalledVoice } from '../install/installed-voice.ts';
import type { SherpaModel, SherpaPlaces } from '../sherpa/sherpa-engine.ts';
import { KOKORO_LANGUAGES, KOKORO_VOICES } from './voices.ts';

/** Kokoro-82M 1.0: 24 kHz, eight languages, the best there is to be had from packages. */
export const KOKORO: SherpaModel = {
  name: 'kokoro',
  model: 'kokoro-82m',
  isDeterministic: true,
  usualRtfx: 2,
  // 160 characters: its process takes 540 MB then, and 690 for 220 characters.
  longestSeconds: 10.7,
  voices: KOKORO_VOICES,
  blendPlaces: 10,
  languages: KOKORO_LANGUAGES,
};

export function kokoroConfig({ folder }: InstalledVoice, dataDir: string): Pick<SherpaPlaces, 'config' | 'voicesFile'> {
  const files = { model: join(folder, 'model.onnx'), tokens: join(folder, 'tokens.txt'), dataDir };
  return { config: { kokoro: { ...files, lang: 'en-us' } }, voicesFile: join(folder, 'voices.bin') };
}
