import type { SherpaEngine } from '../sherpa/sherpa-engine.ts';
import { VOICES_CATALOG } from './catalog.ts';
import { openSherpa } from './open-sherpa.ts';

/**
 * Another instance of the engine whose voices can be mixed, with a process and places of its own, so that whoever speaks meanwhile
 * loses neither. Nothing is loaded before it first speaks. null: it is not installed.
 * @throws SottoError `model_load_failed` as `openEngines` has it
 */
export async function openMatchingEngine(dir: string): Promise<SherpaEngine | null> {
  const entry = VOICES_CATALOG.find(({ model }) => model.blendPlaces > 0);
  return entry === undefined ? null : openSherpa(entry, { dir, threads: 1 });
}
