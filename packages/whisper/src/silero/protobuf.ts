/** One field of a protobuf message: a number for a varint, else its bytes. */
export interface Field {
  number: number;
  value: number | Uint8Array;
}

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED_BYTES: Record<number, number> = { 1: 8, 5: 4 };

/**
 * The fields of a message in the order they are stored (protobuf.dev, "Encoding").
 * @throws RangeError where the bytes are no message, or end in the middle of one
 */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  const reader = new Reader(message);
  while (!reader.isAtEnd) {
    const tag = reader.varint();
    const wireType = tag % 8;
    const number = Math.floor(tag / 8);
    if (wireType === VARINT) {
      yield { number, value: reader.varint() };
      continue;
    }
    const length = wireType === LENGTH_DELIMITED ? reader.varint() : FIXED_BYTES[wireType];
    if (length === undefined || number === 0) throw new RangeError(`unknown field ${number} of type ${wireType}`);
    yield { number, value: reader.bytes(length) };
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** As a number: what is beyond 2^53 (a negative constant, say) loses its lowest bits, and nobody asks for those. */
  varint(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 63; factor *= 128) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new RangeError('it ends inside a number');
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    throw new RangeError('a number is too long');
  }

  bytes(length: number): Uint8Array {
    const from = this.#at;
    if (length > this.#bytes.length - from) {
      throw new RangeError(`${length} bytes are claimed where ${this.#bytes.length - from} are left`);
    }
    this.#at += length;
    return this.#bytes.subarray(from, this.#at);
  }
}
