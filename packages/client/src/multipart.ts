import { bytesOf, nameOf, type UploadSource } from './upload-source.ts';

/**
 * A multipart/form-data body, written by hand: FormData cannot carry a stream, and its own encoding hides how much of it
 * has been sent.
 */
export interface Multipart {
  contentType: string;
  head: Uint8Array<ArrayBuffer>;
  source: UploadSource;
  tail: Uint8Array<ArrayBuffer>;
  /** Of the whole body; null when the source does not know its own length. */
  bytes: number | null;
}

/** Fields first: the service knows what is asked before the file begins. */
export function multipart(fields: Readonly<Record<string, string>>, source: UploadSource): Multipart {
  const boundary = `sotto-${crypto.randomUUID()}`;
  const encoder = new TextEncoder();
  const parts = Object.entries(fields).map(
    ([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(name)}"\r\n\r\n${value}\r\n`,
  );
  const type = (source instanceof Blob && source.type) || 'application/octet-stream';
  parts.push(
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${escapeName(nameOf(source))}"\r\n`,
    `Content-Type: ${type}\r\n\r\n`,
  );
  const head = encoder.encode(parts.join(''));
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`);
  const sourceBytes = bytesOf(source);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    head,
    source,
    tail,
    bytes: sourceBytes === null ? null : head.length + sourceBytes + tail.length,
  };
}

/** As the HTML standard escapes names (https://html.spec.whatwg.org, "multipart/form-data encoding algorithm"). */
function escapeName(name: string): string {
  return name.replace(/\r\n?|\n/g, '%0D%0A').replaceAll('"', '%22');
}

/** The body as a stream that tells how many bytes of the file have been taken from it. */
export function multipartStream(
  { head, source, tail }: Multipart,
  onFileBytes: (sentBytes: number) => void,
): ReadableStream<Uint8Array> {
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  let sentBytes = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (reader === null) {
        reader = source.stream().getReader();
        controller.enqueue(head);
        return;
      }
      const { done, value } = await reader.read();
      if (done) {
        controller.enqueue(tail);
        controller.close();
        return;
      }
      controller.enqueue(value);
      sentBytes += value.byteLength;
      onFileBytes(sentBytes);
    },
    async cancel(reason) {
      await reader?.cancel(reason);
    },
  });
}
