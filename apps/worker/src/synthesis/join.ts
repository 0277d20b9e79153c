import type { PieceResult, RunOf, SpeechResult } from '@sotto/contracts';
import type { SpeechPlan } from '@sotto/queue';
import { type BlobStore, pieceKeyOf, resultKeyOf } from '@sotto/storage';
import { BYTES_PER_SAMPLE } from '../media/pcm.ts';
import { placeInSlots } from './dub/slots.ts';
import { soundMs, storeSound } from './sound.ts';

/** Where each piece begins in the sound of all, in bytes, and how much that is. */
export interface Layout {
  starts: number[];
  bytes: number;
  /** Pieces that are over later than their slots. */
  late: number;
}

/** One after the other, or, where they have slots, with silence between them. */
export function layOut(
  { pieces, leastMs = 0, sampleRateHz }: Pick<SpeechPlan, 'pieces' | 'leastMs' | 'sampleRateHz'>,
  results: readonly PieceResult[],
): Layout {
  const { startsMs, late } = placeInSlots(
    results.flatMap(({ index, bytes }) => {
      const slot = pieces[index]?.slot;
      return slot === undefined ? [] : [{ slot, durationMs: (bytes / BYTES_PER_SAMPLE / sampleRateHz) * 1000 }];
    }),
  );
  const bytesAt = (ms: number) => Math.round((ms * sampleRateHz) / 1000) * BYTES_PER_SAMPLE;
  const starts: number[] = [];
  let end = 0;
  for (const [at, result] of results.entries()) {
    const start = Math.max(end, bytesAt(startsMs[at] ?? 0));
    starts.push(start);
    end = start + result.bytes;
  }
  return { starts, bytes: Math.max(end, bytesAt(leastMs)), late };
}

/** What sound is put into, besides. */
export interface IntoVideo {
  /** @param sound s16le mono, from its beginning each time */
  made(sound: () => AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/**
 * Lays the sound of all pieces down, in a blob that has the name of the run and goes with it; behind it, the video that it is
 * put into. @returns how much the video is, besides
 */
export async function joinPieces(
  { id }: Pick<RunOf<'speech'>, 'id'>,
  results: readonly PieceResult[],
  layout: Layout,
  blobs: BlobStore,
  signal: AbortSignal,
  into: IntoVideo | null,
): Promise<{ audio: SpeechResult['audio']; videoBytes: number }> {
  async function* sound() {
    let at = 0;
    for (const [place, { index, bytes }] of results.entries()) {
      signal.throwIfAborted();
      const start = layout.starts[place] ?? at;
      yield* silence(start - at);
      yield await blobs.read(pieceKeyOf(id, index));
      at = start + bytes;
    }
    yield* silence(layout.bytes - at);
  }
  async function* all() {
    yield* sound();
    if (into !== null) yield* into.made(sound);
  }
  const bytes = await storeSound(blobs, 'results', id, all());
  return { audio: { blobKey: resultKeyOf(id), bytes: layout.bytes }, videoBytes: bytes - layout.bytes };
}

const SILENCE = new Uint8Array(64 * 1024);

function* silence(bytes: number): Generator<Uint8Array> {
  for (let left = bytes; left > 0; left -= SILENCE.length) yield SILENCE.subarray(0, Math.min(left, SILENCE.length));
}

/** When which piece is heard, and where chapters begin. */
export function timesOf(
  { pieces, chapters, sampleRateHz }: Pick<SpeechPlan, 'pieces' | 'chapters' | 'sampleRateHz'>,
  results: readonly PieceResult[],
  layout: Layout,
): Pick<SpeechResult, 'pieces' | 'chapters' | 'durationMs'> {
  const starts = layout.starts.map((bytes) => soundMs(bytes, sampleRateHz));
  return {
    pieces: pieces.map(({ shown: text }, index) => {
      const startMs = starts[index] ?? 0;
      return { text, startMs, endMs: startMs + (results[index]?.durationMs ?? 0) };
    }),
    chapters: chapters.map(({ title, piece }) => ({ title, startMs: starts[piece] ?? 0 })),
    durationMs: soundMs(layout.bytes, sampleRateHz),
  };
}
