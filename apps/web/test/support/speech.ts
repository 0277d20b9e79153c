import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { concat, encodeWav, pause, REPOSITORY } from '@sotto/testkit';

/** What sotto-nano hears in SAMPLE. */
export const SAMPLE_TEXT = 'hello world one two three';
export const SAMPLE = join(REPOSITORY, 'apps/cli/assets/sample-nano.wav');

const WAV_HEADER_BYTES = 44;
const PAUSE_MS = 1_500;

/** The sample again and again, with pauses, as a WAV file: 4 s each time, in which the same is said. */
export function repeatedSample(times: number): Buffer<ArrayBuffer> {
  const bytes = readFileSync(SAMPLE).subarray(WAV_HEADER_BYTES);
  const samples = new Int16Array(bytes.length / 2).map((_, index) => bytes.readInt16LE(2 * index));
  const spoken = concat(samples, pause(PAUSE_MS));
  return Buffer.from(encodeWav(concat(...Array.from({ length: times }, () => spoken))));
}
