import type { BlobStore } from '@sotto/storage';
import { BYTES_PER_SAMPLE, pcmBytes } from '../media/pcm.ts';

/** The sound of a piece as it is stored: s16le, with the silence after it, so that pieces are joined by laying them end to end. */
export function soundOf(samples: Int16Array, pauseMs: number, sampleRateHz: number): Uint8Array {
  const pauseSamples = Math.round((pauseMs * sampleRateHz) / 1000);
  const bytes = new Uint8Array((samples.length + pauseSamples) * BYTES_PER_SAMPLE);
  bytes.set(pcmBytes(samples));
  return bytes;
}

/** Of so many bytes of sound. */
export const soundMs = (bytes: number, sampleRateHz: number): number =>
  Math.round((bytes / BYTES_PER_SAMPLE / sampleRateHz) * 1000);

/** Stores what `chunks` yields, under a name that is overwritten when that is done again. @returns how much it was */
export async function storeSound(
  blobs: Pick<BlobStore, 'createWriter'>,
  kind: 'audio' | 'results' | 'pieces',
  name: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<number> {
  const writer = await blobs.createWriter(kind, name);
  try {
    for await (const chunk of chunks) await writer.write(chunk);
    return (await writer.commit()).bytes;
  } catch (error) {
    await writer.abort();
    throw error;
  }
}
