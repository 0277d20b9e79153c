const FIRST_BYTES = 64 * 1024;

/** Collects bytes up to a limit; grows by doubling, for most uploads are small. Its memory is used again after `clear`. */
export class PartBuffer {
  #bytes: Buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #filled = 0;

  get content(): Buffer {
    return this.#bytes.subarray(0, this.#filled);
  }

  get length(): number {
    return this.#filled;
  }

  /** Copies as much of `chunk` as there is room below `limit`; returns how much that was. */
  take(chunk: Uint8Array, limit: number): number {
    const taken = Math.min(chunk.byteLength, limit - this.#filled);
    this.#grow(this.#filled + taken, limit);
    this.#bytes.set(chunk.subarray(0, taken), this.#filled);
    this.#filled += taken;
    return taken;
  }

  clear(): void {
    this.#filled = 0;
  }

  release(): void {
    this.#bytes = Buffer.alloc(0);
    this.#filled = 0;
  }

  #grow(needed: number, limit: number): void {
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.min(limit, Math.max(needed, this.#bytes.length * 2)));
    this.content.copy(larger);
    this.#bytes = larger;
  }
}
