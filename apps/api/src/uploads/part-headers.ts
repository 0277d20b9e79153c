import { Transform, type TransformCallback } from 'node:stream';

const HEADERS_END = Buffer.from('\r\n\r\n');
const BLANK = 0x20;

/**
 * Passes a multipart body on, with NUL bytes in the headers of its parts made blanks: browsers send a NUL in a file name
 * as it is (WHATWG escapes only quotes and line breaks), and the parser would refuse the whole form for it.
 *
 * between -> (boundary) -> headers -> (empty line) -> between. What might be the beginning of a mark at the end of a chunk
 * is kept back for the next one.
 */
export class PartHeaderCleaner extends Transform {
  readonly #boundary: Buffer;
  #isInHeaders = false;
  #kept: Buffer = Buffer.alloc(0);

  constructor(boundary: string) {
    super();
    this.#boundary = Buffer.from(`--${boundary}`, 'latin1');
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let rest = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    for (;;) {
      const mark = this.#isInHeaders ? HEADERS_END : this.#boundary;
      const at = rest.indexOf(mark);
      const end = at < 0 ? rest.length - (mark.length - 1) : at + mark.length;
      if (end > 0) this.#pass(rest.subarray(0, end));
      if (end > 0) rest = rest.subarray(end);
      if (at < 0) break;
      this.#isInHeaders = !this.#isInHeaders;
    }
    this.#kept = rest;
    done();
  }

  override _flush(done: TransformCallback): void {
    this.#pass(this.#kept);
    done();
  }

  #pass(bytes: Buffer): void {
    if (!this.#isInHeaders || !bytes.includes(0)) this.push(bytes);
    else this.push(Buffer.from(bytes.map((byte) => (byte === 0 ? BLANK : byte))));
  }
}

/** The boundary a multipart content type declares, or null. */
export function boundaryOf(contentType: string): string | null {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType) ?? [];
  return quoted ?? plain ?? null;
}
