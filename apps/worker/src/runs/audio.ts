import { SottoError, type Span } from '@sotto/contracts';
import type { BlobStore } from '@sotto/storage';
import { BYTES_PER_MS, pcmOf } from '../media/pcm.ts';

/**
 * The samples of some spans of a recording, joined end to end.
 * @throws SottoError blob_missing, also when the blob is shorter than its plan says
 */
export async function readSpans(blobs: BlobStore, audioKey: string, spans: Span[]): Promise<Int16Array> {
  const parts = await Promise.all(
    spans.map(async ({ startMs, endMs }) => {
      const range = { startByte: startMs * BYTES_PER_MS, endByte: endMs * BYTES_PER_MS };
      const bytes = await blobs.read(audioKey, range);
      if (bytes.length === range.endByte - range.startByte) return bytes;
      throw new SottoError('blob_missing', 'A part of the decoded recording is missing.');
    }),
  );
  return pcmOf(Buffer.concat(parts));
}
