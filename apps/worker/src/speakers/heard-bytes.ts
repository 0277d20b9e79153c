import type { HeardPiece } from '@sotto/speakers';

const HEADER_BYTES = 12;

/** A piece as it is stored: the lengths of its three arrays (uint32), then the arrays, all in this machine's byte order. */
export function bytesOfPiece({ voices, moments, activity }: HeardPiece): Uint8Array {
  const header = Uint32Array.of(voices.length, moments.length, activity.length);
  return Buffer.concat([header, voices, moments, activity].map(viewOf));
}

/** null: it was cut short, or something else wrote it. */
export function pieceOfBytes(bytes: Uint8Array): HeardPiece | null {
  if (bytes.length < HEADER_BYTES) return null;
  // A copy begins where a float may.
  const { buffer } = Uint8Array.from(bytes);
  const [voices = 0, moments = 0, activity = 0] = new Uint32Array(buffer, 0, 3);
  if (bytes.length !== HEADER_BYTES + 4 * (voices + moments) + activity) return null;
  return {
    voices: new Float32Array(buffer, HEADER_BYTES, voices),
    moments: new Float32Array(buffer, HEADER_BYTES + 4 * voices, moments),
    activity: new Uint8Array(buffer, HEADER_BYTES + 4 * (voices + moments), activity),
  };
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint32Array | Float32Array | Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
