/** Boxes of ISO/IEC 14496-12, from which an MP4 file is made. All numbers are big-endian. */

export function box(type: string, ...content: readonly Uint8Array[]): Buffer {
  const bytes = content.reduce((sum, { length }) => sum + length, 8);
  return Buffer.concat([u32(bytes), Buffer.from(type, 'latin1'), ...content], bytes);
}

/** One that begins with a version and flags. */
export function fullBox(type: string, [version, flags]: [number, number], ...content: readonly Uint8Array[]): Buffer {
  return box(type, u32(version * 0x1_00_00_00 + flags), ...content);
}

export const u8 = (...values: number[]): Buffer => Buffer.from(values);

export function u16(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) buffer.writeUInt16BE(value, index * 2);
  return buffer;
}

export function u32(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) buffer.writeUInt32BE(value, index * 4);
  return buffer;
}

export function u64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64BE(BigInt(value));
  return buffer;
}

export const zeros = (bytes: number): Buffer => Buffer.alloc(bytes);

/** As it is, neither turned nor scaled. */
export const UNITY_MATRIX = u32(0x1_00_00, 0, 0, 0, 0x1_00_00, 0, 0, 0, 0x4000_0000);
