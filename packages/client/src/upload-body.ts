import { bytesOf, type UploadSource } from './upload-source.ts';

export interface UploadProgress {
  /** Of the recordings alone, without the form around them. */
  sentBytes: number;
  /** null when the length of a source is not known. */
  totalBytes: number | null;
}

/** A request's body: bytes of our own and recordings, one after the other. */
export interface UploadBody {
  contentType: string;
  parts: readonly (Uint8Array<ArrayBuffer> | UploadSource)[];
}

/** Of the whole body; null when a source does not know its length. */
export function bodyBytes({ parts }: UploadBody): number | null {
  return sumOf(parts.map((part) => (part instanceof Uint8Array ? part.length : bytesOf(part))));
}

/** Of the recordings alone. */
export function recordingBytes({ parts }: UploadBody): number | null {
  return sumOf(parts.map((part) => (part instanceof Uint8Array ? 0 : bytesOf(part))));
}

/** How much of the recordings is in the first bytes of the body. */
export function recordingBytesIn({ parts }: UploadBody, sentBytes: number): number {
  let left = sentBytes;
  let ofRecordings = 0;
  for (const part of parts) {
    const bytes = part instanceof Uint8Array ? part.length : (bytesOf(part) ?? left);
    if (!(part instanceof Uint8Array)) ofRecordings += Math.min(left, bytes);
    left = Math.max(0, left - bytes);
  }
  return ofRecordings;
}

/** The body as one Blob, null when a source can only be streamed. */
export function bodyBlob({ parts }: UploadBody): Blob | null {
  const whole = parts.filter((part) => part instanceof Uint8Array || part instanceof Blob);
  return whole.length === parts.length ? new Blob(whole) : null;
}

/** The body as a stream that tells how many bytes of the recordings have been taken from it. */
export function bodyStream(
  { parts }: UploadBody,
  onRecordingBytes: (sentBytes: number) => void,
): ReadableStream<Uint8Array> {
  const rest = parts.values();
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  let sentBytes = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      for (;;) {
        const { done, value } = reader === null ? { done: true, value: undefined } : await reader.read();
        if (!done && value !== undefined) {
          controller.enqueue(value);
          sentBytes += value.byteLength;
          onRecordingBytes(sentBytes);
          return;
        }
        reader = null;
        const next = rest.next();
        if (next.done) {
          controller.close();
          return;
        }
        if (next.value instanceof Uint8Array) {
          controller.enqueue(next.value);
          return;
        }
        reader = next.value.stream().getReader();
      }
    },
    async cancel(reason) {
      await reader?.cancel(reason);
    },
  });
}

function sumOf(sizes: readonly (number | null)[]): number | null {
  return sizes.reduce((sum, bytes) => (sum === null || bytes === null ? null : sum + bytes), 0);
}
