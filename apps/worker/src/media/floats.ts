/** What ffmpeg writes: 32-bit floats, little endian, in pieces of any length. */
export async function* floatsOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Float32Array> {
  let torn: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const joined = torn.length === 0 ? chunk : Buffer.concat([torn, chunk]);
    const count = joined.length >> 2;
    const floats = new Float32Array(count);
    new Uint8Array(floats.buffer).set(joined.subarray(0, count * 4));
    torn = joined.subarray(count * 4);
    if (count > 0) yield floats;
  }
}

/** The bytes of samples as ffmpeg reads them; no copy on the little-endian machines this runs on. */
export function floatBytes(samples: Float32Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}
