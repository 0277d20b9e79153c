import { Transform, type TransformCallback } from 'node:stream';
import { sniffContainer } from '../uploads/sniff.ts';
import type { ENCODINGS } from './listen-query.ts';

export interface RawAudio {
  encoding: (typeof ENCODINGS)[number];
  sampleRate: number;
  channels: number;
}

/** Format codes of WAV files (RFC 2361), and bits a sample. */
const FORMATS: Record<RawAudio['encoding'], readonly [code: number, bits: number]> = {
  linear16: [1, 16],
  linear32: [3, 32],
  alaw: [6, 8],
  mulaw: [7, 8],
};

/** Writers that do not know the length say so with this. */
const UNKNOWN_BYTES = 0xffff_ffff;
const HEADER_BYTES = 44;
/** What tells a WAV file. */
const SIGNATURE_BYTES = 12;

export function wavHeaderOf({ encoding, sampleRate, channels }: RawAudio): Buffer {
  const [code, bits] = FORMATS[encoding];
  const frameBytes = (channels * bits) / 8;
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(UNKNOWN_BYTES, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(code, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * frameBytes, 28);
  header.writeUInt16LE(frameBytes, 32);
  header.writeUInt16LE(bits, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(UNKNOWN_BYTES, 40);
  return header;
}

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
