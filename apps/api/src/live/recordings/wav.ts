import { MOST_WAV_SAMPLE_BYTES, type RawAudio, WAV_HEADER_BYTES, wavHeaderOf } from '../../uploads/wav-header.ts';

/** What is stored of a session. */
const STORED: RawAudio = { encoding: 'linear16', sampleRate: 16_000, channels: 1 };
const SAMPLE_BYTES = 2;
const BYTES_PER_MS = (STORED.sampleRate * SAMPLE_BYTES) / 1_000;

/** How much a WAV file of that size holds. */
export const longestWavMs = (maxFileBytes: number): number =>
  Math.floor(Math.min(maxFileBytes - WAV_HEADER_BYTES, MOST_WAV_SAMPLE_BYTES) / BYTES_PER_MS);

export const wavMsOf = (sampleBytes: number): number => Math.ceil(sampleBytes / BYTES_PER_MS);

/** The header of a WAV file with so many bytes of samples behind it. */
export const wavHeader = (sampleBytes: number): Buffer => wavHeaderOf(STORED, sampleBytes);
