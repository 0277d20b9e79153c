import { createHash } from 'node:crypto';
import type { KeyCopy } from '@sotto/queue';
import { type ArchiveEnd, type ArchiveHead, FIRST_LINE, FRAME_HEAD_BYTES, type FrameType } from './format.ts';

/** Where the bytes go; resolves when more can be taken. */
export interface ArchiveSink {
  write(chunk: Uint8Array): Promise<void>;
}

/** Writes a backup, frame by frame: begin, then keys, blobs and lines of the library in any order, then end. */
export class ArchiveWriter {
  readonly #sink: ArchiveSink;
  readonly #hash = createHash('sha256');
  #keys = 0;
  #blobs = 0;
  #lines = 0;
  #bytes = 0;

  constructor(sink: ArchiveSink) {
    this.#sink = sink;
  }

  /** Written so far. */
  get bytes(): number {
    return this.#bytes;
  }

  async begin(head: ArchiveHead): Promise<void> {
    await this.#write(Buffer.from(FIRST_LINE));
    await this.#json('H', head);
  }

  async key({ key, ttlMs, dump }: KeyCopy): Promise<void> {
    const about = Buffer.from(JSON.stringify({ key, ttlMs }));
    await this.#frame('K', [uint32(about.length), about, dump]);
    this.#keys += 1;
  }

  /** @returns false when the blob was deleted while it was read: then it does not count */
  async blob(key: string, content: AsyncIterable<Uint8Array>, isGone: (error: unknown) => boolean): Promise<boolean> {
    await this.#json('B', { key });
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      for await (const chunk of content) {
        hash.update(chunk);
        bytes += chunk.length;
        await this.#frame('D', [chunk]);
      }
    } catch (error) {
      if (!isGone(error)) throw error;
      await this.#frame('X', []);
      return false;
    }
    await this.#json('E', { bytes, sha256: hash.digest('hex') });
    this.#blobs += 1;
    return true;
  }

  async libraryLine(line: string): Promise<void> {
    await this.#frame('L', [Buffer.from(line)]);
    this.#lines += 1;
  }

  async end(): Promise<ArchiveEnd> {
    const end = { keys: this.#keys, blobs: this.#blobs, lines: this.#lines, sha256: this.#hash.copy().digest('hex') };
    await this.#json('Z', end);
    return end;
  }

  #json(type: FrameType, value: object): Promise<void> {
    return this.#frame(type, [Buffer.from(JSON.stringify(value))]);
  }

  async #frame(type: FrameType, parts: readonly Uint8Array[]): Promise<void> {
    const head = Buffer.alloc(FRAME_HEAD_BYTES);
    head.write(type, 'latin1');
    head.writeUInt32BE(
      parts.reduce((sum, { length }) => sum + length, 0),
      1,
    );
    for (const part of [head, ...parts]) await this.#write(part);
  }

  async #write(chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    await this.#sink.write(chunk);
  }
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}
