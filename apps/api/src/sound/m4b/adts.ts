/** With and without a checksum. */
const HEADER_BYTES = { plain: 7, checked: 9 };

/**
 * The frames of AAC in a stream of ADTS (ISO/IEC 13818-7, 6.2), without their headers.
 *
 * @throws Error when it is no ADTS, or ends within a frame
 */
export async function* framesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, chunk]);
    let at = 0;
    while (rest.length - at >= HEADER_BYTES.checked) {
      const bytes = frameBytes(rest, at);
      if (rest.length - at < bytes) break;
      yield rest.subarray(at + headerBytes(rest, at), at + bytes);
      at += bytes;
    }
    rest = rest.subarray(at);
  }
  if (rest.length > 0) throw new Error(`A stream of ADTS ends with ${rest.length} bytes of a frame.`);
}

function frameBytes(buffer: Buffer, at: number): number {
  if (buffer.readUInt16BE(at) >> 4 !== 0xfff) throw new Error('A stream of ADTS has something between its frames.');
  return (buffer.readUInt32BE(at + 3) >> 13) & 0x1fff;
}

const headerBytes = (buffer: Buffer, at: number): number =>
  ((buffer[at + 1] ?? 0) & 1) === 1 ? HEADER_BYTES.plain : HEADER_BYTES.checked;
