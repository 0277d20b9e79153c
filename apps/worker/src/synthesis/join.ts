import type { PieceResult, RunOf, SpeechResult } from '@sotto/contracts';
import type { SpeechPlan } from '@sotto/queue';
import { type BlobStore, pieceKeyOf, resultKeyOf } from '@sotto/storage';
import { soundMs, storeSound } from './sound.ts';

/** Lays the sound of all pieces end to end, in a blob that has the name of the run and goes with it. */
export async function joinPieces(
  { id }: Pick<RunOf<'speech'>, 'id'>,
  results: readonly PieceResult[],
  blobs: BlobStore,
  signal: AbortSignal,
): Promise<SpeechResult['audio']> {
  async function* pieces() {
    for (const { index } of results) {
      signal.throwIfAborted();
      yield await blobs.read(pieceKeyOf(id, index));
    }
  }
  return { blobKey: resultKeyOf(id), bytes: await storeSound(blobs, 'results', id, pieces()) };
}

/** When which piece is heard, and where chapters begin. */
export function timesOf(
  { pieces, chapters, sampleRateHz }: Pick<SpeechPlan, 'pieces' | 'chapters' | 'sampleRateHz'>,
  results: readonly PieceResult[],
): Pick<SpeechResult, 'pieces' | 'chapters' | 'durationMs'> {
  const starts: number[] = [];
  let bytes = 0;
  for (const result of results) {
    starts.push(soundMs(bytes, sampleRateHz));
    bytes += result.bytes;
  }
  return {
    pieces: pieces.map(({ shown: text }, index) => {
      const startMs = starts[index] ?? 0;
      return { text, startMs, endMs: startMs + (results[index]?.durationMs ?? 0) };
    }),
    chapters: chapters.map(({ title, piece }) => ({ title, startMs: starts[piece] ?? 0 })),
    durationMs: soundMs(bytes, sampleRateHz),
  };
}
