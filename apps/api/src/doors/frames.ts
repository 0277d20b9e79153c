/** Joins what is divided anywhere into whole frames of interleaved 16-bit samples, and mixes their channels to one. */
export class Frames {
  readonly #channels: number;
  readonly #frameBytes: number;
  #rest: Buffer = Buffer.alloc(0);

  constructor(channels: number, sampleBytes: number) {
    this.#channels = channels;
    this.#frameBytes = channels * sampleBytes;
  }

  /** What is whole of it, as one channel. */
  accept(bytes: Buffer): Buffer {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const wholeBytes = all.length - (all.length % this.#frameBytes);
    this.#rest = Buffer.from(all.subarray(wholeBytes));
    const whole = all.subarray(0, wholeBytes);
    return this.#channels === 1 ? whole : mixed(whole, this.#channels);
  }
}

/** The mean of the channels of 16-bit samples, little endian. */
export function mixed(bytes: Buffer, channels: number): Buffer {
  const frames = bytes.length / (2 * channels);
  const mono = Buffer.alloc(2 * frames);
  for (let frame = 0; frame < frames; frame += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) sum += bytes.readInt16LE(2 * (frame * channels + channel));
    mono.writeInt16LE(Math.round(sum / channels), 2 * frame);
  }
  return mono;
}
