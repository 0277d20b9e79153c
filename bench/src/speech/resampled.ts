import { spawnSync } from 'node:child_process';

/** Mono sound as models that listen want it, 16 kHz. */
export function resampled(samples: Int16Array, sampleRateHz: number): Int16Array {
  const raw = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const from = ['-f', 's16le', '-ar', `${sampleRateHz}`, '-ac', '1', '-i', 'pipe:0'];
  const to = ['-f', 's16le', '-ar', '16000', 'pipe:1'];
  const { stdout } = spawnSync('ffmpeg', ['-v', 'error', ...from, ...to], { input: raw, maxBuffer: 2 ** 26 });
  return new Int16Array(new Uint8Array(stdout).buffer);
}
