import { EMBEDDING_WIDTH, LOCAL_SPEAKERS } from '../geometry.ts';
import type { RecordingPlan } from './pieces.ts';

/** What was heard in a piece: plain numbers, to be kept as a checkpoint. A row of zeros stands for a voice that was not heard. */
export interface HeardPiece {
  /** [chunks][589][3]: how sure it is that a local speaker speaks, from 0 to 255. */
  activity: Uint8Array;
  /** [chunks][3][256]: the voice of each local speaker over the chunk. */
  voices: Float32Array;
  /** [slots][3][256]: the voice of each local speaker of the slot's chunk over the 1.6 s around the slot, where it speaks alone. */
  moments: Float32Array;
}

/** What was heard in a recording: its pieces, one after another. */
export interface Heard extends HeardPiece, Omit<RecordingPlan, 'pieces'> {}

/** @throws RangeError where the pieces are not those of the plan */
export function joinPieces({ pieces: _, ...plan }: RecordingPlan, pieces: readonly HeardPiece[]): Heard {
  const activity = new Uint8Array(joined(pieces.map((piece) => piece.activity)));
  const voices = new Float32Array(joined(pieces.map((piece) => piece.voices)));
  const moments = new Float32Array(joined(pieces.map((piece) => piece.moments)));
  const row = LOCAL_SPEAKERS * EMBEDDING_WIDTH;
  const [chunks, slots] = [voices.length / row, moments.length / row];
  if (chunks !== plan.chunks || slots !== plan.slots) {
    throw new RangeError(`pieces of ${chunks} chunks and ${slots} slots, expected ${plan.chunks} and ${plan.slots}`);
  }
  return { ...plan, activity, voices, moments };
}

function joined(parts: readonly (Uint8Array | Float32Array)[]): ArrayBuffer {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  return bytes.buffer;
}
