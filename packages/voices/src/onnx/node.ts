import { bytesField, type Field, fieldsOf, numberField, repeatedNumbers } from '@sotto/model-files';

/** A step of a graph: `output = op(input)`. */
export interface OnnxNode {
  op: string;
  name: string;
  /** Names of tensors; an empty one stands for an input that is left out. */
  input: string[];
  output: string[];
  /** Its whole numbers, single ones as lists of one. */
  ints: Map<string, number[]>;
  /** As it is stored. */
  message: Uint8Array;
}

// Field numbers and types of onnx/onnx.proto (github.com/onnx/onnx).
const NODE = { input: 1, output: 2, name: 3, op: 4, attribute: 5 };
const ATTRIBUTE = { name: 1, int: 3, text: 4, ints: 8, type: 20 };
const TYPE = { int: 2, text: 3, ints: 7 };

const text = new TextDecoder();

export function readNode(message: Uint8Array): OnnxNode {
  const fields = [...fieldsOf(message)];
  return {
    op: textsOf(fields, NODE.op)[0] ?? '',
    name: textsOf(fields, NODE.name)[0] ?? '',
    input: textsOf(fields, NODE.input),
    output: textsOf(fields, NODE.output),
    ints: new Map(messagesOf(fields, NODE.attribute).map(intsOf)),
    message,
  };
}

export function makeNode(
  op: string,
  input: string[],
  output: string,
  attributes: Record<string, number | number[] | string> = {},
): OnnxNode {
  const message = Buffer.concat([
    ...input.map((name) => bytesField(NODE.input, name)),
    bytesField(NODE.output, output),
    bytesField(NODE.name, `${output}_${op}`),
    bytesField(NODE.op, op),
    ...Object.entries(attributes).map(([name, value]) => bytesField(NODE.attribute, attribute(name, value))),
  ]);
  return readNode(message);
}

function attribute(name: string, value: number | number[] | string): Uint8Array {
  const named = bytesField(ATTRIBUTE.name, name);
  const typed = (type: number) => numberField(ATTRIBUTE.type, type);
  if (typeof value === 'string') return Buffer.concat([named, bytesField(ATTRIBUTE.text, value), typed(TYPE.text)]);
  if (typeof value === 'number') return Buffer.concat([named, numberField(ATTRIBUTE.int, value), typed(TYPE.int)]);
  return Buffer.concat([named, ...value.map((each) => numberField(ATTRIBUTE.ints, each)), typed(TYPE.ints)]);
}

function intsOf(attribute: Uint8Array): [string, number[]] {
  const fields = [...fieldsOf(attribute)];
  const ints = [...numbersOf(fields, ATTRIBUTE.int), ...numbersOf(fields, ATTRIBUTE.ints)];
  return [textsOf(fields, ATTRIBUTE.name)[0] ?? '', ints];
}

export function messagesOf(fields: readonly Field[], wanted: number): Uint8Array[] {
  return fields.flatMap(({ number, value }) => (number === wanted && typeof value !== 'number' ? [value] : []));
}

export function textsOf(fields: readonly Field[], wanted: number): string[] {
  return messagesOf(fields, wanted).map((value) => text.decode(value));
}

/** Of a field that may be there several times. */
export function numbersOf(fields: readonly Field[], wanted: number): number[] {
  return fields.flatMap(({ number, value }) => (number === wanted ? repeatedNumbers(value) : []));
}
