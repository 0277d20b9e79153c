import type { Warning } from '@sotto/contracts';
import type { SoundFigures } from './sound-figures.ts';
import type { Treatment } from './sound-filters.ts';

export const TRUNCATED_MEDIA: Warning = {
  code: 'truncated_media',
  detail: 'The file ends too early; the part that could be read was transcribed.',
};

export const DAMAGED_MEDIA: Warning = {
  code: 'damaged_media',
  detail: 'Parts of the file could not be read; the rest was transcribed.',
};

export const NOT_ENHANCED: Warning = {
  code: 'not_enhanced',
  detail: 'The ffmpeg of this worker lacks a filter that `enhance` needs: the sound was transcribed as it is.',
};

/** What was done to the sound, and what was measured of it. */
export function enhancedBy({ reducesNoise, evensLevel }: Treatment, { loudDb, snrDb }: SoundFigures): Warning {
  const done = [reducesNoise && 'its noise was reduced', evensLevel && 'its level was evened out'].filter(Boolean);
  const measured = `speech at up to ${loudDb.toFixed(0)} dBFS, ${snrDb.toFixed(0)} dB above the noise`;
  return { code: 'enhanced', detail: `Before it was transcribed, ${done.join(' and ')} (measured: ${measured}).` };
}
