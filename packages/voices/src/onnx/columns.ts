import type { OnnxGraph } from './graph.ts';
import { makeNode, type OnnxNode } from './node.ts';

/** What a convolution over time sees at once. */
interface Window {
  /** Name of the convolution's result, after which its own values are named. */
  output: string;
  /** Steps that it sees. */
  kernel: number;
  /** Steps from one of them to the next. */
  dilation: number;
  leftPadding: number;
  rightPadding: number;
}

/** Beyond every end. */
const TO_END = 2 ** 31 - 1;

/**
 * The nodes that lay out `[batch, channels, steps]` as `[batch, steps, kernel * channels]`, so that a convolution is a product with a matrix.
 * What several convolutions of the same bytes have in common is made once; `shared` remembers it.
 */
export function columnsOf(
  bytes: { name: string; zero: string },
  { output, kernel, dilation, leftPadding, rightPadding }: Window,
  graph: OnnxGraph,
  shared: Map<string, OnnxNode>,
): { name: string; nodes: OnnxNode[] } {
  const nodes: OnnxNode[] = [];
  const once = (name: string, make: () => OnnxNode) => {
    if (!shared.has(name)) {
      const node = make();
      shared.set(name, node);
      nodes.push(node);
    }
    return name;
  };
  const plain = once(`${bytes.name}_rows`, () =>
    makeNode('Transpose', [bytes.name], `${bytes.name}_rows`, { perm: [0, 2, 1] }),
  );
  let rows = plain;
  if (leftPadding > 0 || rightPadding > 0) {
    const name = `${plain}_${leftPadding}_${rightPadding}`;
    const padding = graph.addNumbers(`pads_${leftPadding}_${rightPadding}`, [0, leftPadding, 0, 0, rightPadding, 0]);
    rows = once(name, () => makeNode('Pad', [plain, padding, bytes.zero], name, { mode: 'constant' }));
  }
  if (kernel === 1) return { name: rows, nodes };
  const slices = Array.from({ length: kernel }, (_, step) => `${output}_slice${step}`);
  const axis = graph.addNumbers('axis_1', [1]);
  for (const [step, slice] of slices.entries()) {
    const start = step * dilation;
    const left = (kernel - 1 - step) * dilation;
    const from = graph.addNumbers(`from_${start}`, [start]);
    const to = graph.addNumbers(left > 0 ? `to_minus_${left}` : 'to_end', [left > 0 ? -left : TO_END]);
    nodes.push(makeNode('Slice', [rows, from, to, axis], slice));
  }
  nodes.push(makeNode('Concat', slices, `${output}_columns`, { axis: 2 }));
  return { name: `${output}_columns`, nodes };
}
