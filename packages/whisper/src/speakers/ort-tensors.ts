/** A tensor of an ORT-format model, float32 or int8, in the order of its shape. */
export interface OrtTensor {
  shape: number[];
  values: Float32Array | Int8Array;
}

// Fields of onnxruntime/core/flatbuffers/schema/ort.fbs (github.com/microsoft/onnxruntime), by their place in each table.
const SESSION = { model: 1 };
const MODEL = { graph: 7 };
const GRAPH = { initializers: 0 };
const TENSOR = { name: 0, dims: 2, dataType: 3, rawData: 4 };
const FLOAT = 1;
const INT8 = 3;

/**
 * The float32 and int8 weights of a model that onnxruntime stored in its own format, a flatbuffer.
 * @throws RangeError for bytes that are no such model
 */
export function readOrtTensors(file: Uint8Array): Map<string, OrtTensor> {
  const buffer = new FlatBuffer(file);
  const session = buffer.root('ORTM');
  const graph = buffer.table(buffer.table(session, SESSION.model), MODEL.graph);
  const tensors = new Map<string, OrtTensor>();
  for (const table of buffer.tables(graph, GRAPH.initializers)) {
    const values = valuesOf(buffer.int32(table, TENSOR.dataType), buffer.bytes(table, TENSOR.rawData));
    if (values !== null)
      tensors.set(buffer.text(table, TENSOR.name), { shape: buffer.longs(table, TENSOR.dims), values });
  }
  return tensors;
}

function valuesOf(type: number, bytes: Uint8Array): OrtTensor['values'] | null {
  // Copies begin where a float may.
  if (type === FLOAT) return new Float32Array(Uint8Array.from(bytes).buffer);
  return type === INT8 ? new Int8Array(Uint8Array.from(bytes).buffer) : null;
}

/** As much of a flatbuffer (flatbuffers.dev, "Internals") as is needed: tables, strings, vectors. DataView checks all bounds. */
class FlatBuffer {
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  root(identifier: string): number {
    const found = String.fromCharCode(...[4, 5, 6, 7].map((at) => this.#view.getUint8(at)));
    if (found !== identifier) throw new RangeError(`it begins with ${JSON.stringify(found)}, not with ${identifier}`);
    return this.#view.getUint32(0, true);
  }

  table(table: number, field: number): number {
    return this.#followed(this.#needed(table, field));
  }

  tables(table: number, field: number): number[] {
    const { start, length } = this.#vector(table, field);
    return Array.from({ length }, (_, i) => this.#followed(start + 4 * i));
  }

  text(table: number, field: number): string {
    return new TextDecoder().decode(this.bytes(table, field));
  }

  bytes(table: number, field: number): Uint8Array {
    if (this.#field(table, field) === null) return new Uint8Array(0);
    const { start, length } = this.#vector(table, field);
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + start, length);
  }

  longs(table: number, field: number): number[] {
    if (this.#field(table, field) === null) return [];
    const { start, length } = this.#vector(table, field);
    return Array.from({ length }, (_, i) => Number(this.#view.getBigInt64(start + 8 * i, true)));
  }

  int32(table: number, field: number): number {
    const at = this.#field(table, field);
    return at === null ? 0 : this.#view.getInt32(at, true);
  }

  /** Where a field is, or null: not stored. */
  #field(table: number, field: number): number | null {
    const vtable = table - this.#view.getInt32(table, true);
    const slot = 4 + 2 * field;
    if (slot >= this.#view.getUint16(vtable, true)) return null;
    const offset = this.#view.getUint16(vtable + slot, true);
    return offset === 0 ? null : table + offset;
  }

  #needed(table: number, field: number): number {
    const at = this.#field(table, field);
    if (at === null) throw new RangeError(`a table at ${table} lacks its field ${field}`);
    return at;
  }

  #followed(at: number): number {
    return at + this.#view.getUint32(at, true);
  }

  #vector(table: number, field: number): { start: number; length: number } {
    const at = this.#followed(this.#needed(table, field));
    return { start: at + 4, length: this.#view.getUint32(at, true) };
  }
}
