/**
 * The fast evaluator, staged by dependence. Every node keeps its value with the time at which it was
 * computed; an evaluation visits the nodes that its outputs need and recomputes those whose dependence
 * (data, theta, x, tangent) changed since. So data parts are computed once, theta parts once per upper
 * iterate, linearisations once per lower point, and a product touches only what depends on its vector.
 * Buffers are allocated once. Broadcasts read by elementwise kernels and products, reshapes and leading slices take
 * no memory of their own. Invariant: arrays never move, so kernels are bound once.
 */
import type { Graph } from '../graph/graph.ts';
import { Dependence } from '../graph/primitive.ts';
import type { DependenceSet, GraphNode, NodeId } from '../graph/primitive.ts';
import { sizeOf, stridesOf } from '../graph/shapes.ts';
import { neededNodes } from '../graph/text.ts';
import { readableTogether } from './elementwise.ts';
import type { Kernel, KernelFamily, Operand, Repeats } from './kernel.ts';
import { repeatsOf } from './movement.ts';
import { TypedArrayKernels } from './typed-arrays.ts';

/** A set of outputs with the nodes they need, made once by `plan` and evaluated many times. */
export interface Plan {
  readonly outputs: readonly NodeId[];
  /** Nodes that are computed (neither inputs nor views), in order. */
  readonly work: readonly NodeId[];
}

export class Evaluator {
  private readonly graph: Graph;
  readonly kernels: KernelFamily;
  private readonly memory = new Map<NodeId, Float64Array>();
  private readonly bound: (Kernel | undefined)[] = [];
  /** Time at which a node was last computed; 0: never. */
  private readonly computed: number[] = [];
  /** Time of the last change by dependence set, over every set that has one of the bits. */
  private readonly changed = new Float64Array(16);
  private time = 1;

  constructor(graph: Graph, kernels: KernelFamily = new TypedArrayKernels()) {
    this.graph = graph;
    this.kernels = kernels;
  }

  /**
   * Gives an input its values. Data is adopted without a copy and only once; other inputs are copied,
   * and nothing is recomputed when the new values equal the old ones bit for bit.
   */
  setInput(id: NodeId, values: Float64Array): void {
    const node = this.graph.node(id);
    if (node.primitive.op !== 'input') throw new Error(`node ${id} is no input`);
    const { name } = node.primitive;
    if (values.length !== sizeOf(node.shape)) {
      throw new Error(`input ${name} has ${sizeOf(node.shape)} values, not ${values.length}`);
    }
    const known = this.memory.get(id);
    if (isSettled(node)) {
      if (known !== undefined) throw new Error(`data input ${name} is given twice`);
      this.memory.set(id, values);
      return;
    }
    if (known === undefined) {
      const own = this.kernels.allocate(values.length);
      own.set(values);
      this.memory.set(id, own);
    } else {
      if (sameBits(known, values)) return;
      known.set(values);
    }
    this.time++;
    for (let set = 0; set < this.changed.length; set++) {
      if ((set & node.dependence) !== 0) this.changed[set] = this.time;
    }
  }

  plan(outputs: readonly NodeId[]): Plan {
    const needed = neededNodes(this.graph, outputs);
    const copied = this.broadcastsToCopy(needed, outputs);
    const work = needed.filter((id) => {
      const node = this.graph.node(id);
      if (node.primitive.op === 'input' || isView(this.graph, node)) return false;
      return node.primitive.op !== 'broadcast' || copied.has(id);
    });
    return { outputs, work };
  }

  /** The outputs' arrays, which stay the evaluator's own: they change at its next evaluation. */
  evaluate(plan: Plan): Float64Array[] {
    for (const id of plan.work) {
      const node = this.graph.node(id);
      const last = this.computed[id] ?? 0;
      if (last > 0 && last >= (this.changed[node.dependence] as number)) continue;
      (this.bound[id] ?? this.bind(node))();
      this.computed[id] = this.time;
    }
    return plan.outputs.map((output) => this.array(output));
  }

  /** The current value of an evaluated node or an input; the evaluator's own array. */
  value(id: NodeId): Float64Array {
    return this.array(id);
  }

  /** The time of the last change of anything in a dependence set; grows with every change. */
  changedAt(dependence: DependenceSet): number {
    return this.changed[dependence] as number;
  }

  private bind(node: GraphNode): Kernel {
    const out = this.kernels.allocate(sizeOf(node.shape));
    this.memory.set(node.id, out);
    const kernel = this.kernels.bind(
      node,
      node.inputs.map((input) => this.operand(node, input)),
      out,
    );
    this.bound[node.id] = kernel;
    return kernel;
  }

  /** Broadcast nodes that are read by a kernel which cannot read them in place. */
  private broadcastsToCopy(needed: readonly NodeId[], outputs: readonly NodeId[]): Set<NodeId> {
    const copied = new Set<NodeId>(outputs);
    for (const id of needed) {
      const node = this.graph.node(id);
      node.inputs.forEach((input) => {
        if (this.graph.node(input).primitive.op !== 'broadcast') return;
        if (this.readInPlace(node, input) === undefined) copied.add(input);
      });
    }
    return copied;
  }

  /** How `node` reads the broadcast `input` without a copy, or undefined when it needs one. */
  private readInPlace(node: GraphNode, input: NodeId): Repeats | undefined {
    const repeats = this.repeats(input);
    if (node.primitive.op === 'matmul') {
      // A matrix that serves the whole batch.
      const matrix = sizeOf(this.graph.shape(input).slice(-2));
      return repeats?.inner === 1 && repeats.middle === matrix ? repeats : undefined;
    }
    if (node.primitive.op !== 'binary') return undefined;
    const other = node.inputs.find((id) => id !== input);
    if (repeats === undefined || other === undefined) return undefined;
    return readableTogether(repeats, this.repeats(other), sizeOf(node.shape)) ? repeats : undefined;
  }

  private repeats(id: NodeId): Repeats | undefined {
    const node = this.graph.node(id);
    if (node.primitive.op !== 'broadcast') return undefined;
    return repeatsOf(this.graph.shape(node.inputs[0] as NodeId), node.shape);
  }

  private operand(user: GraphNode, id: NodeId): Operand {
    const node = this.graph.node(id);
    const settled = isSettled(node);
    if (node.primitive.op === 'broadcast') {
      const repeats = this.readInPlace(user, id);
      if (repeats !== undefined) {
        return { values: this.array(node.inputs[0] as NodeId), shape: node.shape, repeats, settled };
      }
    }
    return { values: this.array(id), shape: node.shape, settled };
  }

  /** The memory of a node; views share that of their argument. */
  private array(id: NodeId): Float64Array {
    const known = this.memory.get(id);
    if (known !== undefined) return known;
    const node = this.graph.node(id);
    if (!isView(this.graph, node)) {
      const what =
        node.primitive.op === 'input' ? `input ${node.primitive.name} has no value` : 'not evaluated';
      throw new Error(`node ${id}: ${what}`);
    }
    const source = this.array(node.inputs[0] as NodeId);
    let view = source;
    if (node.primitive.op === 'slice') {
      const strides = stridesOf(this.graph.shape(node.inputs[0] as NodeId));
      const begin = node.primitive.start.reduce((sum, at, axis) => sum + at * (strides[axis] as number), 0);
      view = source.subarray(begin, begin + sizeOf(node.shape));
    }
    this.memory.set(id, view);
    return view;
  }
}

/** True when the values cannot change after the first evaluation. */
function isSettled(node: GraphNode): boolean {
  return (node.dependence & ~(Dependence.data as DependenceSet)) === 0;
}

/** Reshapes, and slices that take adjacent entries, are windows on their argument's memory. */
function isView(graph: Graph, node: GraphNode): boolean {
  if (node.primitive.op === 'reshape') return true;
  if (node.primitive.op !== 'slice') return false;
  const source = graph.shape(node.inputs[0] as NodeId);
  const cut = node.shape.findIndex((length) => length !== 1);
  // After the first axis with several entries, every axis must be whole.
  return cut < 0 || node.shape.every((length, axis) => axis <= cut || length === source[axis]);
}

/** Bit for bit, so that -0 and NaN count as they are. */
function sameBits(a: Float64Array, b: Float64Array): boolean {
  for (let k = 0; k < a.length; k++) if (!Object.is(a[k], b[k])) return false;
  return true;
}
