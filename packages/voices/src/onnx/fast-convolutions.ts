import { columnsOf } from './columns.ts';
import { neededNodes, OnnxGraph } from './graph.ts';
import { type OnnxModel, readOnnxModel } from './model.ts';
import { makeNode, type OnnxNode } from './node.ts';
import { asMatrix, signedWeights, type WeightSign, withSign } from './quantised-weights.ts';
import { ELEMENT, makeTensor } from './tensor.ts';

/** A convolution of bytes, and what of the nodes after it is computed with its result. */
interface Convolution {
  node: OnnxNode;
  /** Name of the constant that is added at the end, in float32. */
  bias: string | null;
  /** Name of what turns the integers into numbers. */
  scale: string;
  output: string;
  /** All nodes that go. */
  replaced: OnnxNode[];
}

/**
 * Rewrites the convolutions of an 8-bit model (`ConvInteger`, as dynamic quantisation makes them) as matrix products: ONNX Runtime up to
 * 1.30 runs `ConvInteger` three to four times slower than the same sums as `MatMulInteger`. The integers and scales stay the same, only the
 * bias is added in float32 instead of integers.
 *
 * @param sign of the weights afterwards, which are the same numbers either way: `s8` is faster by half, and right only on processors with
 *   VNNI, where sums of two products do not saturate
 * @throws RangeError for bytes that are no such model
 */
export function withFastConvolutions(file: Uint8Array, sign: WeightSign): { file: Uint8Array; rewritten: number } {
  const model = readOnnxModel(file);
  const graph = new OnnxGraph(model);
  const convolutions = model.nodes.filter(isRewritable).map((node) => convolutionAt(node, graph));
  const nodes = rewrittenNodes(model, graph, convolutions, sign);
  if (sign === 's8') signedWeights(model.nodes, graph);
  const used = new Set(nodes.flatMap(({ input }) => input));
  const tensors = [...graph.tensors.values()].filter(({ name }) => used.has(name));
  return { file: model.write(nodes, tensors), rewritten: convolutions.length };
}

function isRewritable({ op, ints }: OnnxNode): boolean {
  const [stride = 1] = ints.get('strides') ?? [];
  const [groups = 1] = ints.get('group') ?? [];
  return op === 'ConvInteger' && stride === 1 && groups === 1;
}

/** `ConvInteger [Add] Cast Mul`: integers, perhaps a bias that was quantised as it is used, the same as float32, times the scale. */
function convolutionAt(node: OnnxNode, graph: OnnxGraph): Convolution {
  const replaced = [node];
  let bias: string | null = null;
  let next = graph.onlyTaker(outputOf(node));
  if (next.op === 'Add') {
    bias = graph.constantBehind(otherInput(next, outputOf(node)));
    replaced.push(next);
    next = graph.onlyTaker(outputOf(next));
  }
  const scaling = graph.onlyTaker(outputOf(next));
  if (next.op !== 'Cast' || scaling.op !== 'Mul') {
    throw new RangeError(`after ${node.name} come ${next.op} and ${scaling.op} instead of Cast and Mul`);
  }
  replaced.push(next, scaling);
  return { node, bias, scale: otherInput(scaling, outputOf(next)), output: outputOf(scaling), replaced };
}

const outputOf = ({ output }: OnnxNode): string => output[0] ?? '';
const otherInput = ({ input }: OnnxNode, name: string): string => input.find((each) => each !== name) ?? '';

function rewrittenNodes(
  model: OnnxModel,
  graph: OnnxGraph,
  convolutions: readonly Convolution[],
  sign: WeightSign,
): OnnxNode[] {
  const shared = new Map<string, OnnxNode>();
  const products = new Map(convolutions.map((each) => [each.replaced.at(-1), each]));
  const gone = new Set(convolutions.flatMap(({ replaced }) => replaced));
  const nodes = model.nodes.flatMap((node) => {
    const convolution = products.get(node);
    if (convolution) return asProduct(convolution, graph, sign, shared);
    return gone.has(node) ? [] : [node];
  });
  return neededNodes(nodes, model.outputs);
}

function asProduct(
  { node, bias, scale, output }: Convolution,
  graph: OnnxGraph,
  sign: WeightSign,
  shared: Map<string, OnnxNode>,
): OnnxNode[] {
  const [bytes = '', weightName = '', zero = '', weightZero = ''] = node.input;
  const weight = graph.constant(weightName);
  const [leftPadding = 0, rightPadding = 0] = node.ints.get('pads') ?? [];
  const [dilation = 1] = node.ints.get('dilations') ?? [];
  const window = { output, kernel: weight.shape[2] ?? 1, dilation, leftPadding, rightPadding };
  const columns = columnsOf({ name: bytes, zero }, window, graph, shared);
  const matrix = graph.add(`${weightName}_matrix`, (name) => withSign(asMatrix(weight), sign, name));
  const matrixZero = graph.add(`${weightZero || 'zero'}_${sign}`, (name) => {
    const own = weightZero ? graph.constant(weightZero) : makeTensor('', weight.type, [], Uint8Array.of(0));
    return withSign(own, sign, name);
  });
  const named = (what: string) => `${output}_${what}`;
  const sums = bias === null ? named('scaled') : named('biased');
  return [
    ...columns.nodes,
    makeNode('MatMulInteger', [columns.name, matrix, zero, matrixZero], named('int')),
    makeNode('Cast', [named('int')], named('float'), { to: ELEMENT.float32 }),
    makeNode('Mul', [named('float'), scale], named('scaled')),
    ...(bias === null ? [] : [makeNode('Add', [named('scaled'), bias], sums)]),
    makeNode('Transpose', [sums], output, { perm: [0, 2, 1] }),
  ];
}
