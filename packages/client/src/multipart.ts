import type { UploadBody } from './upload-body.ts';
import { nameOf, type UploadSource } from './upload-source.ts';

export type FormField = readonly [name: string, value: string];

/**
 * A multipart/form-data body, written by hand: FormData cannot carry a stream, and its own encoding hides how much of it
 * has been sent. Fields first: the service knows what is asked before a file begins.
 */
export function multipart(
  fields: readonly FormField[],
  sources: readonly UploadSource[],
  fileField = 'file',
): UploadBody {
  const boundary = `sotto-${crypto.randomUUID()}`;
  const encoder = new TextEncoder();
  const head = fields.map(
    ([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(name)}"\r\n\r\n${value}\r\n`,
  );
  const parts: (Uint8Array<ArrayBuffer> | UploadSource)[] = [];
  let text = head.join('');
  for (const source of sources) {
    const type = (source instanceof Blob && source.type) || 'application/octet-stream';
    text += `--${boundary}\r\nContent-Disposition: form-data; name="${fileField}"; filename="${escapeName(nameOf(source))}"\r\n`;
    parts.push(encoder.encode(`${text}Content-Type: ${type}\r\n\r\n`), source);
    text = '\r\n';
  }
  parts.push(encoder.encode(`${text}--${boundary}--\r\n`));
  return { contentType: `multipart/form-data; boundary=${boundary}`, parts };
}

/** As the HTML standard escapes names (https://html.spec.whatwg.org, "multipart/form-data encoding algorithm"). */
function escapeName(name: string): string {
  return name.replace(/\r\n?|\n/g, '%0D%0A').replaceAll('"', '%22');
}
