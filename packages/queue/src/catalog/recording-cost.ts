import type { Upload } from '@sotto/contracts';

/** Bytes of a second of audio, where only the size of a file is known: 16-bit stereo, raw mono, AMR, 128 kbit/s. */
const BYTES_PER_SECOND: Partial<Record<Upload['container'], number>> = {
  wav: 176_400,
  aiff: 176_400,
  w64: 176_400,
  au: 176_400,
  flac: 90_000,
  pcm: 32_000,
  amr: 1_600,
};
const COMPRESSED_BYTES_PER_SECOND = 16_000;

/**
 * The length of a recording that has not been decoded yet, by the bytes per second that are usual for its container: a
 * film seems longer than it is, 16 kHz speech in a WAV file shorter.
 */
export function guessDurationMs({ container, bytes }: Pick<Upload, 'container' | 'bytes'>): number {
  return Math.round((bytes / (BYTES_PER_SECOND[container] ?? COMPRESSED_BYTES_PER_SECOND)) * 1000);
}
