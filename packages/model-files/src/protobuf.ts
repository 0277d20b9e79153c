/** One field of a protobuf message: a number for a varint, else its bytes. */
export interface Field {
  number: number;
  value: number | Uint8Array;
  /** The whole field as it is stored, to be copied. */
  stored: Uint8Array;
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
    const from = reader.at;
    const tag = reader.varint();
    const wireType = tag % 8;
    const number = Math.floor(tag / 8);
    if (wireType === VARINT) {
      const value = reader.varint();
      yield { number, value, stored: reader.since(from) };
      continue;
    }
    const length = wireType === LENGTH_DELIMITED ? reader.varint() : FIXED_BYTES[wireType];
    if (length === undefined || number === 0) throw new RangeError(`unknown field ${number} of type ${wireType}`);
    const value = reader.bytes(length);
    yield { number, value, stored: reader.since(from) };
  }
}

/** Repeated numbers may be packed into one field. */
export function repeatedNumbers(value: number | Uint8Array): number[] {
  if (typeof value === 'number') return [value];
  const numbers: number[] = [];
  let number = 0;
  let factor = 1;
  for (const byte of value) {
    number += (byte & 127) * factor;
    factor *= 128;
    if (byte < 128) {
      numbers.push(number);
      number = 0;
      factor = 1;
    }
  }
  return numbers;
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get at(): number {
    return this.#at;
  }

  since(from: number): Uint8Array {
    return this.#bytes.subarray(from, this.#at);
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
