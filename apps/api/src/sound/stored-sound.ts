import type { SpeechResult } from '@sotto/contracts';
import type { BlobStore } from '@sotto/storage';

/** A stretch of sound, s16le mono. */
export interface SoundChunk {
  bytes: Uint8Array;
  sampleRateHz: number;
}

/** That of a run that has ended, from a byte on. */
export async function* soundOfResult(
  { audio, sampleRateHz }: SpeechResult,
  startByte: number,
  storage: Pick<BlobStore, 'openRead'>,
  signal: AbortSignal,
): AsyncGenerator<SoundChunk, void> {
  if (startByte >= audio.bytes) return;
  const rest = await storage.openRead(audio.blobKey, { startByte, endByte: audio.bytes });
  for await (const bytes of rest as AsyncIterable<Buffer>) {
    if (signal.aborted) return;
    yield { bytes, sampleRateHz };
  }
}
