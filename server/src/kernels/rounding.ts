/**
 * Running error analysis: for every node a bound of |computed - exact|, entry by entry, where exact means
 * real arithmetic on the inputs as given. The bounds hold for any order of summation (gamma_n), so they
 * hold for whatever kernel computed the values, sparse or dense. Products of an m x n and an n x k matrix, also in batches:
 * |A| (gamma_n |B| + e_B) + e_A (|B| + e_B). Staged like the evaluator, whose values it reads: data
 * parts are bounded once. Source: Higham, Accuracy and Stability of Numerical Algorithms, chapter 3.
 */
import type { Graph } from '../graph/graph.ts';
import { Dependence } from '../graph/primitive.ts';
import type { DependenceSet, GraphNode, NodeId } from '../graph/primitive.ts';
import { sizeOf } from '../graph/shapes.ts';
import { neededNodes } from '../graph/text.ts';
import { boundsOf } from './certified-kernels.ts';
import type { Evaluator, Plan } from './evaluator.ts';
import type { Kernel, KernelFamily, Operand } from './kernel.ts';
import { normAbove } from './norm-above.ts';
import { binaryError, powerError, unaryError } from './rounding-rules.ts';
import { SystemErrors } from './system-errors.ts';
import { gamma, unitRoundoff } from './rounding-unit.ts';

/** Bound of one node: exact, at most relative * |value| in every entry, or one bound per entry. */
type NodeError =
  | { readonly kind: 'exact' }
  | { readonly kind: 'relative'; readonly relative: number }
  | { readonly kind: 'entries'; readonly entries: Float64Array };

const exact: NodeError = { kind: 'exact' };
const u = unitRoundoff;
/** Entries smaller than this may have lost a relative bound to underflow further up. */
const safeSmallest = 2 ** -960;

export class RoundingAnalysis {
  private readonly graph: Graph;
  private readonly evaluator: Evaluator;
  private readonly kernels: KernelFamily;
  private readonly errors = new Map<NodeId, NodeError>();
  private readonly computed = new Map<NodeId, number>();
  private readonly plans = new Map<string, { readonly needed: readonly NodeId[]; readonly plan: Plan }>();
  private readonly buffers = new Map<string, Float64Array>();
  private readonly bound = new Map<string, Kernel>();
  private readonly systems: SystemErrors;
  private readonly inputErrors = new Map<NodeId, Float64Array>();

  /** Reads the values, and when they changed, from `evaluator`, which must be of the same graph. */
  constructor(graph: Graph, evaluator: Evaluator) {
    this.graph = graph;
    this.evaluator = evaluator;
    this.kernels = evaluator.kernels;
    this.systems = new SystemErrors({
      graph,
      value: (id) => this.value(id),
      errors: (id) => (this.error(id).kind === 'exact' ? undefined : this.entries(id, 'whole')),
    });
  }

  /** Says that an input is itself known only up to `error` per entry; inputs are exact otherwise. */
  setInputError(id: NodeId, error: Float64Array): void {
    this.inputErrors.set(id, error);
    this.computed.clear();
  }

  /** Evaluates the outputs; `errors[k]` bounds |values[k] - exact| entry by entry. */
  evaluate(outputs: readonly NodeId[]): { values: Float64Array[]; errors: Float64Array[] } {
    const { needed, plan } = this.planFor(outputs);
    this.evaluator.evaluate(plan);
    for (const id of needed) {
      const node = this.graph.node(id);
      const changed = this.evaluator.changedAt(node.dependence);
      const last = this.computed.get(id);
      if (last !== undefined && last >= changed) continue;
      this.errors.set(id, this.nodeError(node));
      this.computed.set(id, changed);
    }
    return {
      values: outputs.map((id) => this.value(id)),
      errors: outputs.map((id) => this.entries(id, 'output').slice()),
    };
  }

  private planFor(outputs: readonly NodeId[]): { needed: readonly NodeId[]; plan: Plan } {
    const key = outputs.join(',');
    const known = this.plans.get(key);
    if (known !== undefined) return known;
    const needed = neededNodes(this.graph, outputs);
    const made = { needed, plan: this.evaluator.plan(needed) };
    this.plans.set(key, made);
    return made;
  }

  private value(id: NodeId): Float64Array {
    return this.evaluator.value(id);
  }

  private error(id: NodeId): NodeError {
    return this.errors.get(id) ?? exact;
  }

  /** The bounds of a node written out; `use` tells buffers of different users apart. */
  private entries(id: NodeId, use: string): Float64Array {
    const error = this.error(id);
    if (error.kind === 'entries') return error.entries;
    const out = this.buffer(`${id} ${use}`, sizeOf(this.graph.shape(id)));
    if (error.kind === 'exact') return out.fill(0);
    const values = this.value(id);
    for (let k = 0; k < out.length; k++)
      out[k] = error.relative * Math.abs(values[k] as number) * (1 + 4 * u);
    return out;
  }

  private buffer(key: string, length: number): Float64Array {
    const known = this.buffers.get(key);
    if (known !== undefined) return known;
    const made = this.kernels.allocate(length);
    this.buffers.set(key, made);
    return made;
  }

  private nodeError(node: GraphNode): NodeError {
    const { primitive, inputs } = node;
    const [a, b] = inputs as readonly [NodeId, NodeId];
    switch (primitive.op) {
      case 'constant':
        return exact;
      case 'input': {
        const given = this.inputErrors.get(node.id);
        return given === undefined ? exact : { kind: 'entries', entries: given };
      }
      case 'unary':
        if (primitive.fn === 'negate' || primitive.fn === 'absolute') return this.error(a);
        return this.entrywise(node, (out, z) => {
          const [v, e] = [this.value(a), this.entries(a, 'whole')];
          for (let k = 0; k < out.length; k++) {
            out[k] = unaryError(primitive.fn, v[k] as number, e[k] as number, z[k] as number);
          }
        });
      case 'power':
        return this.entrywise(node, (out, z) => {
          const [v, e] = [this.value(a), this.entries(a, 'whole')];
          for (let k = 0; k < out.length; k++) {
            out[k] = powerError(v[k] as number, e[k] as number, primitive.exponent, z[k] as number);
          }
        });
      case 'binary': {
        const relative = this.relativeProduct(node);
        if (relative !== undefined) return { kind: 'relative', relative };
        return this.entrywise(node, (out, z) => {
          const [va, ea] = [this.value(a), this.entries(a, 'whole')];
          const [vb, eb] = [this.value(b), this.entries(b, 'whole')];
          for (let k = 0; k < out.length; k++) {
            out[k] = binaryError(
              primitive.fn,
              va[k] as number,
              ea[k] as number,
              vb[k] as number,
              eb[k] as number,
              z[k] as number,
            );
          }
        });
      }
      case 'broadcast':
      case 'reshape':
      case 'transpose':
      case 'slice':
      case 'pad':
      case 'concatenate':
      case 'windows':
      case 'pick':
      case 'place':
        return this.moved(node);
      case 'sum':
        return this.sumError(node, sizeOf(this.graph.shape(a)) / sizeOf(node.shape));
      case 'overlap_add':
        return this.sumError(node, sizeOf(primitive.lengths));
      case 'largest':
        // The largest entry moves by at most the largest bound in its group; by less where, as in a smallest
        // penalty among huge ones, the large bounds belong to entries that are far from it.
        if (this.error(a).kind === 'exact') return exact;
        return this.entrywise(node, (out, z) => {
          if (out.length === 1) {
            out[0] = largestEntryError(this.value(a), this.entries(a, 'whole'), z[0] as number);
            return;
          }
          this.kernel(node, `${node.id} largest`, [this.operand(a, this.entries(a, 'whole'))], out)();
        });
      case 'matmul':
        return this.matmulError(node, primitive.transposeA);
      case 'logsumexp':
        return this.logsumexpError(node);
      case 'softmax':
        return this.softmaxError(node);
      case 'cholesky':
      case 'lu':
        // The factors are not bounded: their users measure their results.
        this.systems.factored(node);
        return this.entrywise(node, (out) => out.fill(Infinity));
      case 'solve':
        return this.entrywise(node, (out) => {
          this.systems.solutionErrors(node, primitive.form, out);
        });
      case 'log_det':
        return this.entrywise(node, (out) => {
          this.systems.logDetErrors(node, out);
        });
      case 'spectral_norm':
      case 'convolution_norm':
      case 'smallest_eigenvalue': {
        // |norm(A) - norm(A + E)| and |lambda(S) - lambda(S + E)| are at most ||E||_2 <= ||E||_F, and the norm of
        // convolution with E is at most sqrt(taps) ||E||_F.
        const bounds = boundsOf(this.value(node.id));
        const error = this.error(a);
        const e = error.kind === 'entries' ? error.entries : this.value(a);
        const relative = error.kind === 'exact' ? 0 : error.kind === 'relative' ? error.relative : 1;
        const taps = primitive.op === 'convolution_norm' ? tapsOf(this.graph.shape(a)) : 1;
        const shift = relative * normAbove([e]) * Math.sqrt(taps) * (1 + 8 * u);
        return {
          kind: 'entries',
          entries: Float64Array.of((bounds.upper - bounds.lower + shift) * (1 + 8 * u)),
        };
      }
    }
  }

  /** Bounds computed into the node's own buffer; NaN becomes Infinity: not bounded. */
  private entrywise(node: GraphNode, fill: (out: Float64Array, z: Float64Array) => void): NodeError {
    const out = this.buffer(`${node.id}`, sizeOf(node.shape));
    fill(out, this.value(node.id));
    for (let k = 0; k < out.length; k++) if (Number.isNaN(out[k])) out[k] = Infinity;
    return { kind: 'entries', entries: out };
  }

  /**
   * Products and quotients of data with relative bounds keep one number instead of an array (a data
   * matrix divided by 255 would otherwise need its size again). Only where nothing underflowed.
   */
  private relativeProduct(node: GraphNode): number | undefined {
    if (node.primitive.op !== 'binary' || (node.dependence & ~(Dependence.data as DependenceSet)) !== 0) {
      return undefined;
    }
    if (node.primitive.fn !== 'multiply' && node.primitive.fn !== 'divide') return undefined;
    const parts = node.inputs.map((input) => this.error(input));
    const [first, second] = parts.map((part) => (part.kind === 'relative' ? part.relative : 0)) as [
      number,
      number,
    ];
    if (parts.some((part) => part.kind === 'entries') || first + second > 2 ** -20) return undefined;
    const z = this.value(node.id);
    for (let k = 0; k < z.length; k++) {
      const size = Math.abs(z[k] as number);
      if (size < safeSmallest && size !== 0) return undefined;
      if (!(size < Infinity)) return undefined;
      // A product that underflowed to zero has no relative bound.
      if (size === 0 && !this.zeroByRight(node, k)) return undefined;
    }
    // (1 + r1)(1 + r2)(1 + u) and 1 / (1 - r2) for r1 + r2 <= 2^-20, with room for squares.
    return (first + second + u) * (1 + 2 ** -18);
  }

  /** True when entry k is zero because a factor (or the numerator) is. */
  private zeroByRight(node: GraphNode, k: number): boolean {
    const [a, b] = node.inputs as readonly [NodeId, NodeId];
    const divide = node.primitive.op === 'binary' && node.primitive.fn === 'divide';
    return this.value(a)[k] === 0 || (!divide && this.value(b)[k] === 0);
  }

  /** Moving entries moves their bounds. */
  private moved(node: GraphNode): NodeError {
    const { primitive, inputs } = node;
    const sources = primitive.op === 'concatenate' ? inputs : [inputs[0] as NodeId];
    const parts = sources.map((input) => this.error(input));
    if (parts.every((part) => part.kind === 'exact')) return exact;
    if (parts.every((part) => part.kind !== 'entries')) {
      const relative = Math.max(...parts.map((part) => (part.kind === 'relative' ? part.relative : 0)));
      return { kind: 'relative', relative };
    }
    if (primitive.op === 'reshape') return parts[0] as NodeError;
    return this.entrywise(node, (out) => {
      const operands = inputs.map((input, k) =>
        k < sources.length
          ? this.operand(input, this.entries(input, 'whole'))
          : this.operand(input, this.value(input)),
      );
      this.kernel(node, `${node.id} moved`, operands, out)();
    });
  }

  /** sum of e plus gamma_{n-1} sum of |v|, at most n terms. */
  private sumError(node: GraphNode, terms: number): NodeError {
    const [a] = node.inputs as readonly [NodeId];
    const growth = gamma(terms - 1);
    return this.entrywise(node, (out) => {
      const [v, e] = [this.value(a), this.entries(a, 'whole')];
      const parts = this.buffer(`${node.id} parts`, v.length);
      for (let k = 0; k < parts.length; k++) parts[k] = growth * Math.abs(v[k] as number) + (e[k] as number);
      this.kernel(node, `${node.id} sum`, [this.operand(a, parts)], out)();
      inflate(out, terms);
    });
  }

  private matmulError(node: GraphNode, transposeA: boolean): NodeError {
    const [a, b] = node.inputs as readonly [NodeId, NodeId];
    const terms = this.graph.shape(a).at(transposeA ? -2 : -1) as number;
    const growth = gamma(terms);
    const relativeA = this.relativePart(a);
    const relativeB = this.relativePart(b);
    return this.entrywise(node, (out) => {
      const [vb, eb] = [this.value(b), this.error(b)];
      const absoluteA = this.absolute(a);
      // Right factor of |A|: (gamma + rA)|B| + (1 + rA)(rB |B| + e_B), with rA, rB relative bounds.
      const right = this.buffer(`${node.id} right`, vb.length);
      const ofB = growth + relativeA + (1 + relativeA) * relativeB;
      if (eb.kind === 'entries') {
        const e = eb.entries;
        for (let k = 0; k < right.length; k++) {
          right[k] = ofB * Math.abs(vb[k] as number) + (1 + relativeA) * (e[k] as number);
        }
      } else {
        for (let k = 0; k < right.length; k++) right[k] = ofB * Math.abs(vb[k] as number);
      }
      const settledB = this.graph.node(b).dependence <= Dependence.data;
      this.kernel(
        node,
        `${node.id} first`,
        [this.operand(a, absoluteA), { ...this.operand(b, right), settled: settledB }],
        out,
      )();
      const ea = this.error(a);
      if (ea.kind === 'entries') {
        const whole = this.buffer(`${node.id} whole`, vb.length);
        const e = eb.kind === 'entries' ? eb.entries : undefined;
        for (let k = 0; k < whole.length; k++) {
          whole[k] = (1 + relativeB) * Math.abs(vb[k] as number) + (e?.[k] ?? 0);
        }
        const second = this.buffer(`${node.id} second`, out.length);
        this.kernel(
          node,
          `${node.id} second`,
          [this.operand(a, ea.entries), { ...this.operand(b, whole), settled: settledB }],
          second,
        )();
        for (let k = 0; k < out.length; k++) out[k] = (out[k] as number) + (second[k] as number);
      }
      inflate(out, terms + 8);
      addUnderflow(out, this.value(node.id), terms);
    });
  }

  private relativePart(id: NodeId): number {
    const error = this.error(id);
    return error.kind === 'relative' ? error.relative : 0;
  }

  /** |A|; the array itself when it has no negative entry, so that sparse data is not copied. */
  private absolute(id: NodeId): Float64Array {
    const values = this.value(id);
    const settled = this.graph.node(id).dependence <= Dependence.data;
    const known = this.buffers.get(`${id} absolute`);
    if (settled && known !== undefined) return known;
    if (settled && values.every((value) => value >= 0)) {
      this.buffers.set(`${id} absolute`, values);
      return values;
    }
    const out = this.buffer(`${id} absolute`, values.length);
    for (let k = 0; k < out.length; k++) out[k] = Math.abs(values[k] as number);
    return out;
  }

  /**
   * top + log(sum of exp(d_j)), d_j = v_j - top <= 0, k terms. The argument of exp is off by u|d_j|, and
   * |d| exp(d) <= 1/e, so the sum (at least 1) is off by at most 4u + k u / e + gamma_k relative; log and
   * the last sum add 4u |log| and u|z|. In exact arithmetic the function is 1-Lipschitz in the maximum norm.
   */
  private logsumexpError(node: GraphNode): NodeError {
    const [a] = node.inputs as readonly [NodeId];
    const width = this.graph.shape(a).at(-1) as number;
    const fixed = 4 * u + (width * u) / 2 + gamma(width) + 4 * u * Math.log(width + 1);
    return this.entrywise(node, (out, z) => {
      const e = this.entries(a, 'whole');
      for (let i = 0; i < out.length; i++) {
        out[i] =
          (fixed + u * Math.abs(z[i] as number) + largestOf(e, i * width, width)) * (1 + 16 * u) * 1.0001;
      }
    });
  }

  /**
   * p_i = exp(d_i) / sum: relative rounding u|d_i| + 4u + (4u + k u / e + gamma_k) + u. When the arguments
   * move by at most e, each p_i changes by a factor within exp(+-(e_i + max e)).
   */
  private softmaxError(node: GraphNode): NodeError {
    const [a] = node.inputs as readonly [NodeId];
    const width = node.shape.at(-1) as number;
    const fixed = 10 * u + (width * u) / 2 + gamma(width);
    return this.entrywise(node, (out, z) => {
      const [v, e] = [this.value(a), this.entries(a, 'whole')];
      for (let begin = 0; begin < out.length; begin += width) {
        const moved = largestOf(e, begin, width);
        const top = largestOf(v, begin, width);
        for (let k = begin; k < begin + width; k++) {
          const relative = (fixed + u * (top - (v[k] as number))) * 1.0001;
          const p = (z[k] as number) * (1 + 2 * relative) + 8 * Number.MIN_VALUE;
          out[k] =
            p * (relative + Math.expm1((e[k] as number) + moved)) * (1 + 32 * u) + 8 * Number.MIN_VALUE;
        }
      }
    });
  }

  private operand(id: NodeId, values: Float64Array): Operand {
    const node = this.graph.node(id);
    return { values, shape: node.shape, settled: node.dependence <= Dependence.data };
  }

  private kernel(node: GraphNode, key: string, operands: readonly Operand[], out: Float64Array): Kernel {
    const known = this.bound.get(key);
    if (known !== undefined) return known;
    const made = this.kernels.bind(node, operands, out);
    this.bound.set(key, made);
    return made;
  }
}

/** The sums that made these bounds had `terms` terms that are not negative: their own rounding. */
function inflate(out: Float64Array, terms: number): void {
  const factor = (1 + gamma(terms + 16)) * (1 + 8 * u);
  for (let k = 0; k < out.length; k++) out[k] = (out[k] as number) * factor;
}

/** Products below the normal range lose up to the smallest number each. */
function addUnderflow(out: Float64Array, z: Float64Array, terms: number): void {
  for (let k = 0; k < out.length; k++) {
    if (Math.abs(z[k] as number) < 2 ** -900) out[k] = (out[k] as number) + terms * Number.MIN_VALUE;
  }
}

/**
 * |max x − z| for |x_i − v_i| <= e_i and z = max v: x_i − z <= e_i − (z − v_i), and x_i − z >= −e_i where v_i = z.
 * The gap z − v_i is rounded down, the difference up.
 */
function largestEntryError(v: Float64Array, e: Float64Array, z: number): number {
  let largest = 0;
  for (let i = 0; i < v.length; i++) {
    const bound = (e[i] as number) - (z - (v[i] as number)) * (1 - 2 * u);
    // NaN, from what is not finite, must not be passed over.
    if (!(bound <= largest)) largest = Number.isNaN(bound) ? Infinity : bound;
  }
  return largest * (1 + 8 * u);
}

function largestOf(values: Float64Array, begin: number, length: number): number {
  let largest = -Infinity;
  for (let k = begin; k < begin + length; k++) largest = Math.max(largest, values[k] as number);
  return largest;
}

/** The entries of one window of filters [m, w], [m, h, w] or [f, c, h, w]. */
function tapsOf(shape: readonly number[]): number {
  return sizeOf(shape.slice(shape.length === 4 ? 2 : 1));
}
