import { Transform, type TransformCallback } from 'node:stream';
import { sniffContainer } from '../uploads/sniff.ts';
import { type RawAudio, wavHeaderOf } from '../uploads/wav-header.ts';

/** What tells a WAV file. */
const SIGNATURE_BYTES = 12;

/** Makes a WAV file of samples without a container. What is one already stays as it is, as many send one all the same. */
export class AsWav extends Transform {
  readonly #raw: RawAudio;
  /** null: what comes first is known. */
  #head: Buffer | null = Buffer.alloc(0);

  constructor(raw: RawAudio) {
    super();
    this.#raw = raw;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#head === null) {
      done(null, chunk);
      return;
    }
    this.#head = Buffer.concat([this.#head, chunk]);
    if (this.#head.length >= SIGNATURE_BYTES) this.#begin(this.#head);
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.#head !== null && this.#head.length > 0) this.#begin(this.#head);
    done();
  }

  #begin(head: Buffer): void {
    this.#head = null;
    if (sniffContainer(head) !== 'wav') this.push(wavHeaderOf(this.#raw));
    this.push(head);
  }
}
