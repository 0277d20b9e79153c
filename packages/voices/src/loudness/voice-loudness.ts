import { parseBlend } from '../blend.ts';
import { VOICE_LUFS } from './voice-lufs.ts';

/** How loud a voice of the catalogue, or a blend of them, is before anything is done about it, in LUFS; null: nobody has measured it. */
export function usualLoudness(engine: string, voice: string): number | null {
  const known = (id: string) => VOICE_LUFS[`${engine}/${id}`];
  const own = known(voice);
  if (own !== undefined) return own;
  if (!voice.includes('+')) return null;
  let [sum, weights] = [0, 0];
  for (const { voice: id, weight } of parseBlend(voice)) {
    const lufs = known(id);
    if (lufs === undefined) return null;
    sum += lufs * weight;
    weights += weight;
  }
  return sum / weights;
}
