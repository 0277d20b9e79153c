import { createHash } from 'node:crypto';
import { pcmBytes, pcmOf } from '../../media/pcm.ts';

/** Speech without the silence after it, which differs from text to text. */
export interface KeptSound {
  samples: Int16Array;
  sampleRateHz: number;
}

const HASH_BYTES = 32;
const HEADER_BYTES = HASH_BYTES + 4;

const hashOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** SHA-256 of what follows, sample rate (uint32), samples (s16le). */
export function encodeKept({ samples, sampleRateHz }: KeptSound): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + samples.length * Int16Array.BYTES_PER_ELEMENT);
  bytes.writeUInt32LE(sampleRateHz, HASH_BYTES);
  bytes.set(pcmBytes(samples), HEADER_BYTES);
  bytes.set(hashOf(bytes.subarray(HASH_BYTES)));
  return bytes;
}

/** null: it is damaged. */
export function decodeKept(bytes: Buffer): KeptSound | null {
  if (bytes.length < HEADER_BYTES || !hashOf(bytes.subarray(HASH_BYTES)).equals(bytes.subarray(0, HASH_BYTES))) {
    return null;
  }
  return { samples: pcmOf(bytes.subarray(HEADER_BYTES)), sampleRateHz: bytes.readUInt32LE(HASH_BYTES) };
}
