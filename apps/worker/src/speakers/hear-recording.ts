import { setImmediate } from 'node:timers/promises';
import { SottoError, type Span } from '@sotto/contracts';
import { hearPiece, type Networks, type Piece, planRecording, type RecordingPlan } from '@sotto/speakers';
import { type BlobStore, heardKeyOf, heardNameOf } from '@sotto/storage';
import { BYTES_PER_SAMPLE, pcmOf, SAMPLE_RATE, SAMPLES_PER_MS } from '../media/pcm.ts';
import type { SpeechDetection } from '../speech/detector.ts';
import { bytesOfPiece, pieceOfBytes, type StoredPiece } from './heard-bytes.ts';
import { pauseDetector } from './known-pauses.ts';

export interface HearDeps {
  blobs: BlobStore;
  speechDetection: SpeechDetection;
  /** Calls of the networks side by side. */
  threads: number;
  /** Resolves when the next piece may be begun. */
  giveWay(signal: AbortSignal): Promise<void>;
}

/** All that was heard of who speaks in a recording. */
export interface HeardRecording {
  plan: RecordingPlan;
  pieces: StoredPiece[];
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
  const pieces: StoredPiece[] = [];
  for (const piece of plan.pieces) {
    signal.throwIfAborted();
    const found = await foundPiece(runId, piece, deps);
    pieces.push(found ?? (await hear({ runId, audioKey }, networks, { plan, piece }, deps, signal)));
  }
  return { plan, pieces };
}

async function foundPiece(runId: string, { index }: Piece, { blobs }: HearDeps): Promise<StoredPiece | null> {
  const key = heardKeyOf(runId, index);
  return (await blobs.stat(key)) === null ? null : pieceOfBytes(await blobs.read(key));
}

async function hear(
  { runId, audioKey }: { runId: string; audioKey: string },
  networks: Networks,
  { plan, piece }: { plan: RecordingPlan; piece: Piece },
  { blobs, speechDetection, threads, giveWay }: HearDeps,
  signal: AbortSignal,
): Promise<StoredPiece> {
  await giveWay(signal);
  const [startByte, endByte] = [piece.startSample * BYTES_PER_SAMPLE, piece.endSample * BYTES_PER_SAMPLE];
  const bytes = await blobs.read(audioKey, { startByte, endByte });
  if (bytes.length !== endByte - startByte) throw new SottoError('blob_missing', 'A part of the recording is missing.');
  const pcm = pcmOf(bytes);
  const own = { startSample: piece.startSample, endSample: plan.pieces[piece.index + 1]?.startSample ?? plan.samples };
  const speech = await speechIn(pcm, own, speechDetection);
  const heard = { ...(await hearPiece(networks, plan, piece, pcm, { threads, signal })), speech };
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

/** Samples between two turns of the event loop; detecting speech in them takes a quarter of a millisecond. */
const SLICE_SAMPLES = SAMPLE_RATE / 2;

/** Speech between two samples of the recording. @param pcm from the first of them on */
async function speechIn(
  pcm: Int16Array,
  { startSample, endSample }: { startSample: number; endSample: number },
  detection: SpeechDetection,
): Promise<Span[]> {
  const detector = pauseDetector(detection);
  const own = pcm.subarray(0, endSample - startSample);
  for (let at = 0; at < own.length; at += SLICE_SAMPLES) {
    detector.accept(own.subarray(at, at + SLICE_SAMPLES));
    await setImmediate();
  }
  const startMs = startSample / SAMPLES_PER_MS;
  return detector.finish().map((span) => ({ startMs: startMs + span.startMs, endMs: startMs + span.endMs }));
}
