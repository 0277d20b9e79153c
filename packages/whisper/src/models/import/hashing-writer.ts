import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

const BUFFER_BYTES = 1 << 20;

/** Appends to a file through a buffer (a vocabulary is 100 000 tiny writes) and hashes what it writes; without a file it only hashes. */
export class HashingWriter {
  /** Taken so far, buffered ones included. */
  bytes = 0;
  private readonly handle: FileHandle | null;
  private readonly hash = createHash('sha256');
  private readonly buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  private filled = 0;

  constructor(handle: FileHandle | null) {
    this.handle = handle;
  }

  async int32(...values: number[]): Promise<void> {
    const bytes = Buffer.allocUnsafe(4 * values.length);
    for (const [index, value] of values.entries()) bytes.writeInt32LE(value, 4 * index);
    await this.write(bytes);
  }

  async write(bytes: Buffer): Promise<void> {
    this.bytes += bytes.length;
    if (this.filled + bytes.length > BUFFER_BYTES) await this.flush();
    if (bytes.length > BUFFER_BYTES) return this.put(bytes);
    bytes.copy(this.buffer, this.filled);
    this.filled += bytes.length;
  }

  /** Writes the rest. @returns SHA-256 of everything, as hex. */
  async finish(): Promise<string> {
    await this.flush();
    return this.hash.digest('hex');
  }

  private async flush(): Promise<void> {
    await this.put(this.buffer.subarray(0, this.filled));
    this.filled = 0;
  }

  private async put(bytes: Buffer): Promise<void> {
    this.hash.update(bytes);
    // Without a position: appended after the last write.
    await this.handle?.writeFile(bytes);
  }
}
