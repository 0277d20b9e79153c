import { FFT_BINS } from '../ggml-file.ts';

const TOP_HZ = 8_000;
/** Slaney's scale: linear up to 1 kHz (15 mel), logarithmic above. */
const LOG_STEP = Math.log(6.4) / 27;
const toMel = (hz: number): number => (hz < 1000 ? (hz * 3) / 200 : 15 + Math.log(hz / 1000) / LOG_STEP);
const toHz = (mel: number): number => (mel < 15 ? (mel * 200) / 3 : 1000 * Math.exp((mel - 15) * LOG_STEP));

/**
 * The triangular filters of Whisper's log-mel spectrogram: `mels` rows over the 201 bins of a 400-point FFT at 16 kHz,
 * each of area 1 (Slaney; librosa.filters.mel). They are not stored in model files, so they are computed.
 */
export function melFilters(mels: number): Float32Array {
  const step = toMel(TOP_HZ) / (mels + 1);
  const edges = Array.from({ length: mels + 2 }, (_, i) => toHz(i === mels + 1 ? toMel(TOP_HZ) : i * step));
  const filters = new Float32Array(mels * FFT_BINS);
  for (let mel = 0; mel < mels; mel++) {
    const [low, centre, high] = edges.slice(mel, mel + 3) as [number, number, number];
    for (let bin = 0; bin < FFT_BINS; bin++) {
      const hz = bin * (TOP_HZ / (FFT_BINS - 1));
      const triangle = Math.max(0, Math.min((hz - low) / (centre - low), (high - hz) / (high - centre)));
      filters[mel * FFT_BINS + bin] = (triangle * 2) / (high - low);
    }
  }
  return filters;
}
