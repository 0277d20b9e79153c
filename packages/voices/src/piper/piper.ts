import { join } from 'node:path';
import type { OfferedVoice } from '@sotto/contracts';
import type { InstalledVoice } from '../install/installed-voice.ts';
import type { SherpaModel, SherpaPlaces } from '../sherpa/sherpa-engine.ts';

/** A model of Piper's has one voice. */
const JOE: OfferedVoice = {
  id: 'joe',
  name: 'Joe',
  languages: ['en-us'],
  gender: 'male',
  quality: 'medium',
  kind: 'stock',
  licence: 'CC0-1.0, MIT; see docs/voices.md',
};

/** Piper's en_US-joe, medium: 22.05 kHz, English only, five times as fast as Kokoro. It adds noise, so no two readings are the same. */
export const PIPER_JOE: SherpaModel = {
  name: 'piper',
  model: 'en_US-joe-medium',
  isDeterministic: false,
  usualRtfx: 10,
  longestSeconds: Number.POSITIVE_INFINITY,
  voices: [JOE],
  blendPlaces: 0,
  languages: null,
};

export function piperConfig({ folder }: InstalledVoice, dataDir: string): Pick<SherpaPlaces, 'config' | 'voicesFile'> {
  const files = { model: join(folder, 'model.onnx'), tokens: join(folder, 'tokens.txt'), dataDir };
  return { config: { vits: files }, voicesFile: null };
}
