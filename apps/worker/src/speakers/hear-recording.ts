import { SottoError } from '@sotto/contracts';
import {
  type HeardPiece,
  hearPiece,
  type Networks,
  type Piece,
  planRecording,
  type RecordingPlan,
} from '@sotto/speakers';
import { type BlobStore, heardKeyOf, heardNameOf } from '@sotto/storage';
import { BYTES_PER_SAMPLE, pcmOf } from '../media/pcm.ts';
import { bytesOfPiece, pieceOfBytes } from './heard-bytes.ts';

export interface HearDeps {
  blobs: BlobStore;
  /** Calls of the networks side by side. */
  threads: number;
  /** Resolves when the next piece may be begun. */
  giveWay(signal: AbortSignal): Promise<void>;
}

/** All that was heard of who speaks in a recording. */
export interface HeardRecording {
  plan: RecordingPlan;
  pieces: HeardPiece[];
}

/**
 * Listens to a decoded recording for its speakers, piece by piece. A piece that has been heard is found, whoever heard it: what
 * it yields depends on the recording alone.
 *
 * @throws SottoError `blob_missing`, what storage throws; the signal's reason
 */
export async function hearRecording(
  { runId, audioKey }: { runId: string; audioKey: string },
  networks: Networks,
  deps: HearDeps,
  signal: AbortSignal,
): Promise<HeardRecording> {
  const audio = await deps.blobs.stat(audioKey);
  if (audio === null) throw new SottoError('blob_missing', 'The decoded recording is missing.');
  const plan = planRecording(audio.bytes / BYTES_PER_SAMPLE);
  const pieces: HeardPiece[] = [];
  for (const piece of plan.pieces) {
    signal.throwIfAborted();
    const found = await foundPiece(runId, piece, deps);
    pieces.push(found ?? (await hear({ runId, audioKey }, networks, { plan, piece }, deps, signal)));
  }
  return { plan, pieces };
}

async function foundPiece(runId: string, { index }: Piece, { blobs }: HearDeps): Promise<HeardPiece | null> {
  const key = heardKeyOf(runId, index);
  return (await blobs.stat(key)) === null ? null : pieceOfBytes(await blobs.read(key));
}

async function hear(
  { runId, audioKey }: { runId: string; audioKey: string },
  networks: Networks,
  { plan, piece }: { plan: RecordingPlan; piece: Piece },
  { blobs, threads, giveWay }: HearDeps,
  signal: AbortSignal,
): Promise<HeardPiece> {
  await giveWay(signal);
  const [startByte, endByte] = [piece.startSample * BYTES_PER_SAMPLE, piece.endSample * BYTES_PER_SAMPLE];
  const bytes = await blobs.read(audioKey, { startByte, endByte });
  if (bytes.length !== endByte - startByte) throw new SottoError('blob_missing', 'A part of the recording is missing.');
  const heard = await hearPiece(networks, plan, piece, pcmOf(bytes), { threads, signal });
  const writer = await blobs.createWriter('audio', heardNameOf(runId, piece.index));
  try {
    await writer.write(bytesOfPiece(heard));
    await writer.commit();
  } catch (error) {
    await writer.abort();
    throw error;
  }
  return heard;
}
