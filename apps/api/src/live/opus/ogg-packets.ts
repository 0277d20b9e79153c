import type { PacketReader } from './packets.ts';
import { broken } from './packets.ts';

const CAPTURE = 0x4f676753; // OggS
const HEADER_BYTES = 27;
/** The flag of a page whose first packet began on the one before. */
const CONTINUED = 1;
/** `OpusHead` and `OpusTags` are not sound. */
const HEADERS = 2;
const MOST_PACKET_BYTES = 65_536;

/** Opus packets of an Ogg stream (RFC 3533, RFC 7845), whichever way it is cut. */
export class OggPackets implements PacketReader {
  #rest: Buffer = Buffer.alloc(0);
  /** The beginning of a packet that the next page goes on with. */
  #open: Buffer[] = [];
  #count = 0;

  push(bytes: Buffer): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const packets: Buffer[] = [];
    for (let page = this.#nextPage(); page !== null; page = this.#nextPage()) packets.push(...this.#packetsOf(page));
    return packets.filter((packet) => {
      this.#count += 1;
      if (this.#count === 1 && packet.toString('latin1', 0, 8) !== 'OpusHead') throw broken('no Opus in Ogg');
      return this.#count > HEADERS && packet.length > 0;
    });
  }

  /** null: not all of it is there. */
  #nextPage(): { flags: number; lacing: Buffer; body: Buffer } | null {
    const rest = this.#rest;
    if (rest.length < HEADER_BYTES) return null;
    if (rest.readUInt32BE(0) !== CAPTURE) throw broken('no page of Ogg where one is due');
    const segments = rest.readUInt8(26);
    const bodyAt = HEADER_BYTES + segments;
    if (rest.length < bodyAt) return null;
    const lacing = rest.subarray(HEADER_BYTES, bodyAt);
    const end = bodyAt + lacing.reduce((sum, size) => sum + size, 0);
    if (rest.length < end) return null;
    this.#rest = rest.subarray(end);
    return { flags: rest.readUInt8(5), lacing, body: rest.subarray(bodyAt, end) };
  }

  #packetsOf({ flags, lacing, body }: { flags: number; lacing: Buffer; body: Buffer }): Buffer[] {
    if ((flags & CONTINUED) === 0) this.#open = [];
    const packets: Buffer[] = [];
    let at = 0;
    for (const size of lacing) {
      this.#open.push(body.subarray(at, at + size));
      at += size;
      if (this.#open.length * 255 > MOST_PACKET_BYTES) throw broken('a packet without an end');
      if (size === 255) continue;
      packets.push(Buffer.concat(this.#open));
      this.#open = [];
    }
    return packets;
  }
}
