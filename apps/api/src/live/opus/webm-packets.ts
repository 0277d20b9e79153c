import type { PacketReader } from './packets.ts';
import { broken } from './packets.ts';

/** Elements of Matroska (RFC 9559) that matter; all others are passed over. */
const ELEMENTS = {
  ebml: 0x1a45dfa3,
  segment: 0x18538067,
  tracks: 0x1654ae6b,
  track: 0xae,
  codec: 0x86,
  cluster: 0x1f43b675,
  simpleBlock: 0xa3,
  blockGroup: 0xa0,
  block: 0xa1,
} as const;
/** Their content is read as elements. */
const CONTAINERS = new Set<number>([
  ELEMENTS.segment,
  ELEMENTS.tracks,
  ELEMENTS.track,
  ELEMENTS.cluster,
  ELEMENTS.blockGroup,
]);
/** Their content is needed as a whole. */
const READ = new Set<number>([ELEMENTS.codec, ELEMENTS.simpleBlock, ELEMENTS.block]);
const MOST_READ_BYTES = 65_536;
const OPUS = 'A_OPUS';
/** Several frames in one block: nobody who records live does that. */
const LACING = 0x06;

/** Opus packets of a WebM stream, as MediaRecorder writes it: without lengths, and cut anywhere. */
export class WebmPackets implements PacketReader {
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes of an element that is of no interest. */
  #skipped = 0;
  #isFirst = true;
  #codec: string | null = null;

  push(bytes: Buffer): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const packets: Buffer[] = [];
    for (;;) {
      const passed = Math.min(this.#skipped, this.#rest.length);
      this.#skipped -= passed;
      this.#rest = this.#rest.subarray(passed);
      const element = this.#skipped > 0 ? null : this.#nextElement();
      if (element === null) return packets;
      const packet = this.#take(element);
      if (packet !== null) packets.push(packet);
    }
  }

  /** null: not all of it is there. */
  #nextElement(): { id: number; content: Buffer } | null {
    const id = numberAt(this.#rest, 0, true);
    const size = id === null ? null : numberAt(this.#rest, id.bytes, false);
    if (id === null || size === null) return null;
    if (this.#isFirst && id.value !== ELEMENTS.ebml) throw broken('no WebM where it is due');
    this.#isFirst = false;
    const begin = id.bytes + size.bytes;
    if (CONTAINERS.has(id.value)) {
      this.#rest = this.#rest.subarray(begin);
      return { id: id.value, content: Buffer.alloc(0) };
    }
    // Only containers may have no length.
    if (size.value === null) throw broken('an element of WebM without a length');
    if (!READ.has(id.value)) {
      this.#rest = this.#rest.subarray(begin);
      this.#skipped = size.value;
      return { id: id.value, content: Buffer.alloc(0) };
    }
    if (size.value > MOST_READ_BYTES) throw broken('a packet that is far too large');
    if (this.#rest.length < begin + size.value) return null;
    const content = this.#rest.subarray(begin, begin + size.value);
    this.#rest = this.#rest.subarray(begin + size.value);
    return { id: id.value, content };
  }

  #take({ id, content }: { id: number; content: Buffer }): Buffer | null {
    if (id === ELEMENTS.codec) {
      this.#codec = content.toString('latin1').replace(/\0+$/, '');
      if (this.#codec !== OPUS) throw broken(`only Opus is taken, not ${this.#codec.slice(0, 20)}`);
    }
    if (id !== ELEMENTS.simpleBlock && id !== ELEMENTS.block) return null;
    if (this.#codec === null) throw broken('sound before it was said what it is');
    // Number of the track, then its time, 2 bytes, and flags.
    const track = numberAt(content, 0, false);
    const flagsAt = (track?.bytes ?? content.length) + 2;
    if (flagsAt >= content.length) throw broken('a block without sound');
    if ((content.readUInt8(flagsAt) & LACING) !== 0) throw broken('frames are laced');
    return content.subarray(flagsAt + 1);
  }
}

/**
 * A number of EBML (RFC 8794): its first byte tells how long it is. `isId`: with the bits that tell. `value` null: not known,
 * all bits are set.
 */
function numberAt<Id extends boolean>(
  bytes: Buffer,
  at: number,
  isId: Id,
): { value: Id extends true ? number : number | null; bytes: number } | null;
function numberAt(bytes: Buffer, at: number, isId: boolean): { value: number | null; bytes: number } | null {
  const first = bytes[at];
  if (first === undefined) return null;
  const length = Math.clz32(first) - 23;
  if (length > (isId ? 4 : 8)) throw broken('a length of WebM that is none');
  if (at + length > bytes.length) return null;
  let value = isId ? first : first & (0xff >> length);
  let isUnknown = value === 0xff >> length;
  for (let index = 1; index < length; index += 1) {
    const next = bytes.readUInt8(at + index);
    value = value * 256 + next;
    isUnknown &&= next === 0xff;
  }
  return { value: !isId && isUnknown ? null : value, bytes: length };
}
