import { Transform, type TransformCallback } from 'node:stream';

const HEADERS_END = Buffer.from('\r\n\r\n');
const BLANK = 0x20;

/**
 * Passes a multipart body on, with NUL bytes in the headers of its parts made blanks: browsers send a NUL in a file name
 * as it is (WHATWG escapes only quotes and line breaks), and the parser would refuse the whole form for it.
 *
 * between -> (boundary) -> headers -> (empty line) -> between. A mark may lie across chunks, so the last bytes are
 * remembered; nothing is kept back or copied.
 */
export class PartHeaderCleaner extends Transform {
  readonly #boundary: Buffer;
  #isInHeaders = false;
  /** The last bytes that may be the beginning of a mark. */
  #behind: Buffer = Buffer.alloc(0);

  constructor(boundary: string) {
    super();
    this.#boundary = Buffer.from(`--${boundary}`, 'latin1');
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let rest = chunk;
    for (;;) {
      const mark = this.#isInHeaders ? HEADERS_END : this.#boundary;
      const end = this.#endOf(mark, rest);
      this.#pass(end === null ? rest : rest.subarray(0, end));
      if (end === null) {
        const last = rest.subarray(Math.max(0, rest.length - mark.length + 1));
        this.#behind = Buffer.concat([this.#behind, last]).subarray(-(mark.length - 1));
        break;
      }
      rest = rest.subarray(end);
      this.#behind = Buffer.alloc(0);
      this.#isInHeaders = !this.#isInHeaders;
    }
    done();
  }

  /** Where the first mark ends that ends in these bytes; null: none does. */
  #endOf(mark: Buffer, bytes: Buffer): number | null {
    if (this.#behind.length > 0) {
      const at = Buffer.concat([this.#behind, bytes.subarray(0, mark.length - 1)]).indexOf(mark);
      if (at >= 0) return at + mark.length - this.#behind.length;
    }
    const at = bytes.indexOf(mark);
    return at < 0 ? null : at + mark.length;
  }

  #pass(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (!this.#isInHeaders || !bytes.includes(0)) this.push(bytes);
    else this.push(Buffer.from(bytes.map((byte) => (byte === 0 ? BLANK : byte))));
  }
}

/** The boundary a multipart content type declares, or null. */
export function boundaryOf(contentType: string): string | null {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType) ?? [];
  return quoted ?? plain ?? null;
}
