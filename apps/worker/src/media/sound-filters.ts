import type { Enhancement } from '@sotto/contracts';
import type { SoundFigures } from './sound-figures.ts';

/** ffmpeg's name and settings of one filter. */
export type SoundFilter = `${string}=${string}`;

/** What is done to a sound, beside taking away an offset and rumble. */
export interface Treatment {
  reducesNoise: boolean;
  evensLevel: boolean;
}

/** Below it, nobody speaks; above it, men do. */
const HIGH_PASS: SoundFilter = 'highpass=f=60';
/** With more, models hear worse: what is left of the noise no longer sounds like noise (bench/RESULTS.md). */
const REDUCTION_DB = 6;
/** What afftdn takes for the level of noise. */
const NOISE_RANGE_DB = { from: -80, to: -20 };
/** By so much what is quiet is made louder at most, and noise only up to there. */
const GAIN_RANGE_DB = { from: 0, to: 40 };
const LOUDEST_NOISE_DB = -45;

/** Where speech stands out less than this, reducing noise brings more words than it costs, */
const NOISY_BELOW_SNR_DB = 10;
/** unless the noise changes as voices or traffic do. */
const STEADY_BELOW_DB = 1.7;
/** Where it stands out more, an even level helps those who speak more quietly, and brings up no noise. */
const CLEAN_ABOVE_SNR_DB = 25;
/** Speech as quiet as this is missed here and there. */
const QUIET_BELOW_DB = -40;

/** null: the sound is better left as it is. */
export function treatmentOf(enhance: Enhancement, figures: SoundFigures): Treatment | null {
  if (enhance === 'level') return { reducesNoise: false, evensLevel: true };
  if (enhance === 'denoise') return { reducesNoise: true, evensLevel: false };
  const { loudDb, offset, snrDb, unsteadyDb } = figures;
  const isOff = 20 * Math.log10(Math.abs(offset)) > loudDb;
  const reducesNoise = snrDb < NOISY_BELOW_SNR_DB && unsteadyDb < STEADY_BELOW_DB;
  const evensLevel = snrDb > CLEAN_ABOVE_SNR_DB || loudDb < QUIET_BELOW_DB || isOff;
  return reducesNoise || evensLevel ? { reducesNoise, evensLevel } : null;
}

export function filtersOf(
  { reducesNoise, evensLevel }: Treatment,
  { offset, noiseDb }: SoundFigures,
): readonly SoundFilter[] {
  // First of all: the high-pass would take it for a blow at the very beginning, and the level be set by that.
  const filters: SoundFilter[] = [`dcshift=${(-offset).toFixed(6)}`, HIGH_PASS];
  if (reducesNoise) filters.push(`afftdn=nr=${REDUCTION_DB}:nf=${Math.round(within(NOISE_RANGE_DB, noiseDb))}`);
  if (evensLevel) filters.push(levelFilter(noiseDb));
  return filters;
}

/**
 * Brings speech to the same level wherever it is quiet: from each 250 ms to the next, smoothed over 4 s, and at both ends
 * (b=1) as near them. Peaks stay below full scale, and noise below what would be taken for speech.
 */
function levelFilter(noiseDb: number): SoundFilter {
  const gainDb = within(GAIN_RANGE_DB, LOUDEST_NOISE_DB - noiseDb);
  return `dynaudnorm=f=250:g=15:r=0.1:b=1:m=${(10 ** (gainDb / 20)).toFixed(2)}`;
}

const within = ({ from, to }: { from: number; to: number }, value: number) => Math.min(to, Math.max(from, value));
