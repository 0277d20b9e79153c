import type { FileHandle } from 'node:fs/promises';

/** Large enough for the vocabulary to take few reads, small enough that jumping from tensor to tensor reads little. */
const BLOCK_BYTES = 1 << 14;

/**
 * Reads a file from front to back in small typed steps through one block of memory; `skip` costs nothing.
 * Reading past the end throws what `damaged` makes of the words for the place.
 */
export class FileReader {
  /** Where the next read starts. */
  position = 0;
  private readonly handle: FileHandle;
  private readonly size: number;
  private readonly damaged: (problem: string) => Error;
  private block = Buffer.alloc(0);
  private blockStart = 0;

  constructor(handle: FileHandle, size: number, damaged: (problem: string) => Error) {
    this.handle = handle;
    this.size = size;
    this.damaged = damaged;
  }

  get atEnd(): boolean {
    return this.position >= this.size;
  }

  skip(bytes: number, what: string): void {
    if (!(bytes >= 0 && Number.isSafeInteger(bytes))) throw this.damaged(`${what} has an impossible size`);
    if (this.position + bytes > this.size)
      throw this.damaged(`it ends inside ${what} (truncated at ${this.size} bytes)`);
    this.position += bytes;
  }

  /** The next bytes; valid until the next read. */
  async bytes(count: number, what: string): Promise<Buffer> {
    const from = this.position;
    this.skip(count, what);
    if (from < this.blockStart || from + count > this.blockStart + this.block.length)
      await this.load(from, count, what);
    return this.block.subarray(from - this.blockStart, from - this.blockStart + count);
  }

  async uint8(what: string): Promise<number> {
    return (await this.bytes(1, what)).readUInt8();
  }

  async uint16(what: string): Promise<number> {
    return (await this.bytes(2, what)).readUInt16LE();
  }

  async uint32(what: string): Promise<number> {
    return (await this.bytes(4, what)).readUInt32LE();
  }

  async int32(what: string): Promise<number> {
    return (await this.bytes(4, what)).readInt32LE();
  }

  private async load(from: number, count: number, what: string): Promise<void> {
    const wanted = Math.min(Math.max(count, BLOCK_BYTES), this.size - from);
    const block = Buffer.allocUnsafe(wanted);
    const { bytesRead } = await this.handle.read(block, 0, wanted, from);
    // Shorter only if somebody cuts the file while we read it.
    if (bytesRead < count) throw this.damaged(`it ends inside ${what}`);
    this.block = block.subarray(0, bytesRead);
    this.blockStart = from;
  }
}
