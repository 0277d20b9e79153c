import { OpusDecoder } from 'opus-decoder';
import { OggPackets } from './ogg-packets.ts';
import { broken, type PacketReader } from './packets.ts';
import { WebmPackets } from './webm-packets.ts';

/** What Whisper hears; libopus gives it directly. */
export const OPUS_RATE = 16_000;
const OGG = 'OggS';
const MOST_BYTES_AT_ONCE = 2 * OPUS_RATE;
/** More is in no packet: 120 ms. */
const MOST_PACKET_BYTES = 7_680;

/**
 * Opus in WebM or Ogg, as browsers record it, to samples: 16 kHz, one channel, 16 bit, little endian. libopus runs as
 * WebAssembly, which can do nothing but compute: what strangers send decodes in a sandbox, without a process of its own.
 */
export class OpusStream {
  readonly #decoder: OpusDecoder<typeof OPUS_RATE>;
  #reader: PacketReader | null = null;
  /** Too little to tell the container. */
  #beginning: Buffer = Buffer.alloc(0);

  private constructor(decoder: OpusDecoder<typeof OPUS_RATE>) {
    this.#decoder = decoder;
  }

  static async open(): Promise<OpusStream> {
    const decoder = new OpusDecoder({ sampleRate: OPUS_RATE, channels: 2 });
    await decoder.ready;
    return new OpusStream(decoder);
  }

  /**
   * @returns samples, never more than a second at once: three bytes may stand for 120 ms, and whoever takes them can wait
   * in between
   * @throws SottoError `invalid_request`
   */
  *push(bytes: Buffer): Generator<Buffer, void> {
    let parts: Buffer[] = [];
    let length = 0;
    for (const packet of this.#packets(bytes)) {
      const pcm = this.#decode(packet);
      if (length + pcm.length > MOST_BYTES_AT_ONCE) {
        yield Buffer.concat(parts);
        parts = [];
        length = 0;
      }
      parts.push(pcm);
      length += pcm.length;
    }
    if (length > 0) yield Buffer.concat(parts);
  }

  close(): void {
    this.#decoder.free();
  }

  #packets(bytes: Buffer): Buffer[] {
    if (this.#reader !== null) return this.#reader.push(bytes);
    this.#beginning = Buffer.concat([this.#beginning, bytes]);
    if (this.#beginning.length < OGG.length) return [];
    this.#reader = this.#beginning.toString('latin1', 0, OGG.length) === OGG ? new OggPackets() : new WebmPackets();
    return this.#reader.push(this.#beginning);
  }

  #decode(packet: Buffer): Buffer {
    if (packet.length > MOST_PACKET_BYTES) throw broken('a packet that is far too large');
    const { channelData, samplesDecoded, errors } = this.#decoder.decodeFrame(packet);
    const [left, right] = channelData;
    if (errors.length > 0 || left === undefined || right === undefined) throw broken('a packet that is not Opus');
    const pcm = Buffer.alloc(2 * samplesDecoded);
    for (let at = 0; at < samplesDecoded; at += 1) {
      const sample = ((left[at] ?? 0) + (right[at] ?? 0)) * 16_384;
      pcm.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(sample))), 2 * at);
    }
    return pcm;
  }
}
