/** What everything after decoding works on: 16 kHz, mono, signed 16-bit little endian. */
export const SAMPLE_RATE = 16_000;
export const BYTES_PER_SAMPLE = 2;
export const SAMPLES_PER_MS = SAMPLE_RATE / 1000;
export const BYTES_PER_MS = SAMPLES_PER_MS * BYTES_PER_SAMPLE;

/** Full scale is 32768; NaN and infinities become silence, since one of them would poison a whole window's mel. */
export function toPcm16(samples: Float32Array): Int16Array {
  const pcm = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i] ?? 0;
    if (!Number.isFinite(value)) continue;
    pcm[i] = Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)));
  }
  return pcm;
}

/** The bytes of samples as they are stored; no copy on the little-endian machines this runs on. */
export function pcmBytes(pcm: Int16Array): Buffer {
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
}

/** Samples of stored bytes; copies, because a Buffer may lie at an odd address. */
export function pcmOf(bytes: Uint8Array): Int16Array {
  const pcm = new Int16Array(bytes.byteLength >> 1);
  new Uint8Array(pcm.buffer).set(bytes.subarray(0, pcm.byteLength));
  return pcm;
}
