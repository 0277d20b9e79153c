import { SottoError, type Span, type Window } from '@sotto/contracts';
import { audioKeyOf, type BlobStore } from '@sotto/storage';
import { BYTES_PER_MS, pcmOf } from '../media/pcm.ts';

/** What is read of a decoded recording. */
export interface AudioSpans {
  audioKey: string;
  spans: readonly Span[];
  /** Silence instead of what is there; absent: nowhere. */
  muted?: readonly Span[] | undefined;
}

/**
 * The samples of some spans of a recording, joined end to end.
 * @throws SottoError blob_missing, also when the blob is shorter than its plan says
 */
export async function readSpans(blobs: BlobStore, { audioKey, spans, muted = [] }: AudioSpans): Promise<Int16Array> {
  const parts = await Promise.all(
    spans.map(async (span) => {
      const range = { startByte: span.startMs * BYTES_PER_MS, endByte: span.endMs * BYTES_PER_MS };
      const bytes = await blobs.read(audioKey, range);
      if (bytes.length !== range.endByte - range.startByte) {
        throw new SottoError('blob_missing', 'A part of the decoded recording is missing.');
      }
      return silenced(bytes, span, muted);
    }),
  );
  return pcmOf(Buffer.concat(parts));
}

function silenced(bytes: Uint8Array, span: Span, muted: readonly Span[]): Uint8Array {
  for (const { startMs, endMs } of muted) {
    if (endMs <= span.startMs || startMs >= span.endMs) continue;
    const fromMs = Math.max(0, startMs - span.startMs);
    bytes.subarray(fromMs * BYTES_PER_MS, (endMs - span.startMs) * BYTES_PER_MS).fill(0);
  }
  return bytes;
}

/** Where the samples of a window are: in the recording's audio, or in that of a channel. */
export function audioKeyOfWindow(
  { runId, audioKey }: { runId: string; audioKey: string },
  { channel }: Pick<Window, 'channel'>,
): string {
  return channel === undefined ? audioKey : audioKeyOf(runId, channel);
}
