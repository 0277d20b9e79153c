import type { OnnxModel } from './model.ts';
import type { OnnxNode } from './node.ts';
import { int64Tensor, type OnnxTensor } from './tensor.ts';

/** A model's graph while it is changed: who makes and who takes each value, and constants that are added once. */
export class OnnxGraph {
  readonly tensors: Map<string, OnnxTensor>;
  readonly #makers: Map<string, OnnxNode>;
  readonly #takers = new Map<string, OnnxNode[]>();

  constructor({ nodes, tensors }: OnnxModel) {
    this.tensors = new Map(tensors);
    this.#makers = new Map(nodes.flatMap((node) => node.output.map((name) => [name, node])));
    for (const node of nodes) {
      for (const name of node.input) this.#takers.set(name, [...(this.#takers.get(name) ?? []), node]);
    }
  }

  /** @throws RangeError when the value is used in more than one place, or none */
  onlyTaker(value: string): OnnxNode {
    const [taker, ...others] = this.#takers.get(value) ?? [];
    if (taker === undefined || others.length > 0) throw new RangeError(`${value} is not used in exactly one place`);
    return taker;
  }

  /** The constant that a value is computed from, through first inputs. */
  constantBehind(value: string): string {
    const seen = new Set<string>();
    for (let name = value; !seen.has(name); ) {
      if (this.tensors.has(name)) return name;
      seen.add(name);
      name = this.#makers.get(name)?.input[0] ?? name;
    }
    throw new RangeError(`${value} does not come from a constant`);
  }

  /** @throws RangeError when there is no such constant */
  constant(name: string): OnnxTensor {
    const tensor = this.tensors.get(name);
    if (tensor === undefined) throw new RangeError(`${name} is no constant`);
    return tensor;
  }

  /** Adds a constant, once. @returns its name */
  add(name: string, make: (name: string) => OnnxTensor): string {
    if (!this.tensors.has(name)) this.tensors.set(name, make(name));
    return name;
  }

  addNumbers(name: string, values: number[]): string {
    return this.add(name, () => int64Tensor(name, values));
  }
}

/** The nodes that any of the outputs needs, in their order. */
export function neededNodes(nodes: readonly OnnxNode[], outputs: readonly string[]): OnnxNode[] {
  const needed = new Set(outputs);
  const kept: OnnxNode[] = [];
  // Nodes are sorted so that each comes after those it needs.
  for (const node of [...nodes].reverse()) {
    if (!node.output.some((name) => needed.has(name))) continue;
    kept.unshift(node);
    for (const name of node.input) needed.add(name);
  }
  return kept;
}
