import { type Field, fieldsOf, repeatedNumbers } from '@sotto/model-files';

export interface OnnxTensor {
  /** Outermost first; none for a single number. */
  shape: number[];
  values: Float32Array;
}

/** A graph's own tensors by name, without those of its subgraphs. */
export type OnnxGraph = Map<string, OnnxTensor>;

// Field numbers of onnx/onnx.proto (github.com/onnx/onnx).
const MODEL_GRAPH = 7;
const GRAPH = { node: 1, initializer: 5 };
const NODE = { output: 2, attribute: 5 };
const ATTRIBUTE = { tensor: 5, graph: 6 };
const TENSOR = { dims: 1, dataType: 2, floatData: 4, name: 8, rawData: 9 };
const FLOAT = 1;

const text = new TextDecoder();

/**
 * The float32 tensors of a model file, graph by graph: the main one first, then every branch of it.
 * @throws RangeError for bytes that are no ONNX model, or a tensor whose size is not that of its shape
 */
export function readOnnxGraphs(file: Uint8Array): OnnxGraph[] {
  return [...messages(file, MODEL_GRAPH)].flatMap(graphsOf);
}

function graphsOf(graph: Uint8Array): OnnxGraph[] {
  const own: OnnxGraph = new Map();
  const branches: OnnxGraph[] = [];
  for (const { number, value } of messageFields(graph)) {
    if (number === GRAPH.initializer) keep(own, tensorOf(value));
    if (number !== GRAPH.node) continue;
    const [output] = messages(value, NODE.output);
    for (const attribute of messages(value, NODE.attribute)) {
      // What a Constant node puts out has the name of that output.
      for (const tensor of messages(attribute, ATTRIBUTE.tensor)) {
        keep(own, { ...tensorOf(tensor), name: text.decode(output) });
      }
      for (const branch of messages(attribute, ATTRIBUTE.graph)) branches.push(...graphsOf(branch));
    }
  }
  return [own, ...branches];
}

interface NamedTensor {
  name: string;
  /** null: of another type than float32. */
  tensor: OnnxTensor | null;
}

function keep(graph: OnnxGraph, { name, tensor }: NamedTensor): void {
  if (tensor !== null) graph.set(name, tensor);
}

function tensorOf(message: Uint8Array): NamedTensor {
  const shape: number[] = [];
  let name = '';
  let type = 0;
  let data: Uint8Array = new Uint8Array(0);
  for (const { number, value } of fieldsOf(message)) {
    if (number === TENSOR.dims) shape.push(...repeatedNumbers(value));
    else if (number === TENSOR.dataType) type = Number(value);
    else if (typeof value === 'number') continue;
    else if (number === TENSOR.name) name = text.decode(value);
    else if (number === TENSOR.rawData || number === TENSOR.floatData) data = value;
  }
  if (type !== FLOAT) return { name, tensor: null };
  const expected = shape.reduce((product, size) => product * size, 4);
  if (data.length !== expected) {
    throw new RangeError(`the tensor ${name} has ${data.length} bytes, its shape needs ${expected}`);
  }
  // A copy begins where a float may; a Buffer's own slice() would be none.
  return { name, tensor: { shape, values: new Float32Array(new Uint8Array(data).buffer) } };
}

type BytesField = Field & { value: Uint8Array };
const hasBytes = (field: Field): field is BytesField => typeof field.value !== 'number';

function* messageFields(message: Uint8Array): Generator<BytesField> {
  for (const field of fieldsOf(message)) if (hasBytes(field)) yield field;
}

function* messages(message: Uint8Array, wanted: number): Generator<Uint8Array> {
  for (const { number, value } of messageFields(message)) if (number === wanted) yield value;
}
