import type { Span } from '@sotto/contracts';
import type { HeardPiece } from '@sotto/speakers';

/** A piece of a recording, and where a detector hears speech in it, in the time of the recording. */
export interface StoredPiece extends HeardPiece {
  speech: Span[];
}

const HEADER_BYTES = 16;

/** A piece as it is stored: the lengths of its four arrays (uint32), then the arrays, all in this machine's byte order. */
export function bytesOfPiece({ voices, moments, speech, activity }: StoredPiece): Uint8Array {
  const times = Uint32Array.from(speech.flatMap(({ startMs, endMs }) => [startMs, endMs]));
  const header = Uint32Array.of(voices.length, moments.length, times.length, activity.length);
  return Buffer.concat([header, voices, moments, times, activity].map(viewOf));
}

/** null: it was cut short, or something else wrote it. */
export function pieceOfBytes(bytes: Uint8Array): StoredPiece | null {
  if (bytes.length < HEADER_BYTES) return null;
  // A copy begins where a float may.
  const { buffer } = Uint8Array.from(bytes);
  const [voices = 0, moments = 0, times = 0, activity = 0] = new Uint32Array(buffer, 0, 4);
  if (bytes.length !== HEADER_BYTES + 4 * (voices + moments + times) + activity) return null;
  const at = (words: number) => HEADER_BYTES + 4 * words;
  return {
    voices: new Float32Array(buffer, at(0), voices),
    moments: new Float32Array(buffer, at(voices), moments),
    speech: spansOf(new Uint32Array(buffer, at(voices + moments), times)),
    activity: new Uint8Array(buffer, at(voices + moments + times), activity),
  };
}

const spansOf = (times: Uint32Array): Span[] =>
  Array.from({ length: times.length / 2 }, (_, i) => ({ startMs: times[2 * i] ?? 0, endMs: times[2 * i + 1] ?? 0 }));

const viewOf = ({ buffer, byteOffset, byteLength }: Uint32Array | Float32Array | Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
