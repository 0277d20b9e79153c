import { CHUNK_SAMPLES, SAMPLE_RATE, TRUNK_SAMPLES } from '../geometry.ts';

export interface PieceOptions {
  /** From the start of one chunk of 10 s to that of the next: shorter is more exact, longer is faster. */
  stepSeconds: number;
  /** What one piece covers at most, beside what it shares with the next. */
  pieceSeconds: number;
}

export const PIECE_OPTIONS: PieceOptions = { stepSeconds: 2, pieceSeconds: 300 };

/** A stretch of the recording that is heard by itself: a checkpoint. */
export interface Piece {
  index: number;
  /** The chunks that begin in it. */
  firstChunk: number;
  chunks: number;
  /** The slots whose voices it hears; see `Heard`. */
  firstSlot: number;
  slots: number;
  /** The samples it needs: up to the end of its last chunk, or of the recording. */
  startSample: number;
  endSample: number;
}

/** A slot is so many frames of the trunk: 0.8 s. */
export const SLOT_TRUNK_FRAMES = 10;
export const SLOT_SAMPLES = SLOT_TRUNK_FRAMES * TRUNK_SAMPLES;

/** A whole number of the trunk's frames. */
const stepSamplesOf = ({ stepSeconds }: PieceOptions): number =>
  Math.round((stepSeconds * SAMPLE_RATE) / TRUNK_SAMPLES) * TRUNK_SAMPLES;

/** The chunk whose centre is nearest to that of a slot. */
export function chunkOfSlot(slot: number, chunks: number, stepSamples: number): number {
  const centre = (slot + 0.5) * SLOT_SAMPLES - CHUNK_SAMPLES / 2;
  return Math.min(chunks - 1, Math.max(0, Math.round(centre / stepSamples)));
}

/** A recording in pieces of nearly equal length: together they have all its chunks and slots, each once and in order. */
export interface RecordingPlan {
  samples: number;
  stepSamples: number;
  chunks: number;
  slots: number;
  pieces: Piece[];
}

export function planRecording(samples: number, options: PieceOptions = PIECE_OPTIONS): RecordingPlan {
  const stepSamples = stepSamplesOf(options);
  // Chunks go on until one reaches the end of the recording.
  const chunks = 1 + Math.max(0, Math.ceil((samples - CHUNK_SAMPLES) / stepSamples));
  const slots = Math.ceil(samples / SLOT_SAMPLES);
  const count = Math.ceil((chunks * stepSamples) / SAMPLE_RATE / options.pieceSeconds);
  const firstChunkOf = (index: number) => Math.round((index * chunks) / count);
  const slotsBefore = slotsBeforeChunk(slots, chunks, stepSamples);
  const pieces = Array.from({ length: count }, (_, index) => {
    const [firstChunk, end] = [firstChunkOf(index), firstChunkOf(index + 1)];
    const [firstSlot, endSlot] = [slotsBefore(firstChunk), slotsBefore(end)];
    return {
      index,
      firstChunk,
      chunks: end - firstChunk,
      firstSlot,
      slots: endSlot - firstSlot,
      startSample: firstChunk * stepSamples,
      endSample: Math.min(samples, (end - 1) * stepSamples + CHUNK_SAMPLES),
    };
  });
  return { samples, stepSamples, chunks, slots, pieces };
}

function slotsBeforeChunk(slots: number, chunks: number, stepSamples: number): (chunk: number) => number {
  return (chunk) => {
    if (chunk >= chunks) return slots;
    let slot = Math.min(slots, Math.max(0, Math.floor((chunk * stepSamples) / SLOT_SAMPLES)));
    while (slot < slots && chunkOfSlot(slot, chunks, stepSamples) < chunk) slot++;
    return slot;
  };
}
