import { bytesField, fieldsOf } from '@sotto/model-files';
import { messagesOf, type OnnxNode, readNode, textsOf } from './node.ts';
import { type OnnxTensor, readTensor } from './tensor.ts';

// Field numbers of onnx/onnx.proto (github.com/onnx/onnx).
const MODEL = { graph: 7, metadata: 14 };
const GRAPH = { node: 1, initializer: 5, output: 12, valueInfo: 13 };
const ENTRY = { key: 1, value: 2 };

/** A model file, of which nodes and constants can be replaced; all else stays as it is, byte by byte. */
export interface OnnxModel {
  nodes: OnnxNode[];
  tensors: Map<string, OnnxTensor>;
  /** Names of what the graph gives. */
  outputs: string[];
  write(nodes: readonly OnnxNode[], tensors: Iterable<OnnxTensor>): Uint8Array;
}

/** @throws RangeError for bytes that are no ONNX model */
export function readOnnxModel(file: Uint8Array): OnnxModel {
  const top = [...fieldsOf(file)];
  const [graphMessage] = messagesOf(top, MODEL.graph);
  if (graphMessage === undefined) throw new RangeError('the file has no graph');
  const graph = [...fieldsOf(graphMessage)];
  const tensors = messagesOf(graph, GRAPH.initializer).map(readTensor);
  return {
    nodes: messagesOf(graph, GRAPH.node).map(readNode),
    tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])),
    outputs: messagesOf(graph, GRAPH.output).flatMap((output) => textsOf([...fieldsOf(output)], 1).slice(0, 1)),
    write: (nodes, written) => {
      // The shapes of intermediate values may be others now; the runtime works them out by itself.
      const replaced = [GRAPH.node, GRAPH.initializer, GRAPH.valueInfo];
      const body = [
        ...nodes.map(({ message }) => bytesField(GRAPH.node, message)),
        ...graph.filter(({ number }) => !replaced.includes(number)).map(({ stored }) => stored),
        ...[...written].map(({ message }) => bytesField(GRAPH.initializer, message)),
      ];
      const others = top.filter(({ number }) => number !== MODEL.graph).map(({ stored }) => stored);
      return Buffer.concat([...others, bytesField(MODEL.graph, Buffer.concat(body))]);
    },
  };
}

/**
 * What is to be written at the end of a model file so that it has these entries in its metadata: messages of protobuf may be
 * put together from pieces, so nothing else of the file changes.
 */
export function metadataToAppend(entries: Readonly<Record<string, string | number>>): Uint8Array {
  return Buffer.concat(
    Object.entries(entries).map(([key, value]) =>
      bytesField(MODEL.metadata, Buffer.concat([bytesField(ENTRY.key, key), bytesField(ENTRY.value, `${value}`)])),
    ),
  );
}
