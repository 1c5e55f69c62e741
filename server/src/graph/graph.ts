/**
 * The builder of the intermediate representation. Nodes are hash-consed (equal nodes exist once) and
 * simplified as they are made, by rules that hold for the structure: x + 0, x * 1, x * 0, double
 * negation, literals folded where that is exact, transposes absorbed into products, sums of repeats as
 * products (simplify.ts). A zero is structural: 0 * x is 0 also where x is not finite. Elementwise work moves below broadcasts, so
 * that it is done once per distinct entry. Invariant: inputs come before the nodes that use them.
 */
import { exactPower, exactUnary } from './folding.ts';
import { Dependence } from './primitive.ts';
import type {
  BinaryFunction,
  DependenceSet,
  GraphNode,
  MatrixForm,
  NodeId,
  Primitive,
  SystemForm,
  UnaryFunction,
} from './primitive.ts';
import {
  checkedAxes,
  commonShape,
  equalShapes,
  overlapShape,
  requireBroadcast,
  shapeText,
  sizeOf,
  windowsShape,
  withUnitAxes,
  withoutAxes,
} from './shapes.ts';
import { exchangesLastTwo, productSizes, simplifiedProduct } from './products.ts';
import type { TransposeFlags } from './products.ts';
import { matrixForm, simplifiedSolve, squareSize, systemSizes } from './systems.ts';
import { belowBroadcasts, literalFactor, negated, simplifiedBinary, simplifiedSum } from './simplify.ts';

export class Graph {
  private readonly list: GraphNode[] = [];
  private readonly byKey = new Map<string, NodeId>();

  get nodes(): readonly GraphNode[] {
    return this.list;
  }

  node(id: NodeId): GraphNode {
    const node = this.list[id];
    if (node === undefined) throw new Error(`the graph has no node ${id}`);
    return node;
  }

  shape(id: NodeId): readonly number[] {
    return this.node(id).shape;
  }

  /** The number that every entry equals, when that is known from the structure alone. */
  uniformValue(id: NodeId): number | undefined {
    const node = this.node(id);
    if (node.primitive.op === 'constant') return node.primitive.value;
    if (node.primitive.op === 'broadcast') return this.uniformValue(node.inputs[0] as NodeId);
    return undefined;
  }

  isZero(id: NodeId): boolean {
    return this.uniformValue(id) === 0;
  }

  /** A scalar literal. */
  constant(value: number): NodeId {
    return this.make({ op: 'constant', value }, [], [], Dependence.none);
  }

  /** An array whose entries are all `value`; takes no memory. */
  filled(value: number, shape: readonly number[]): NodeId {
    return this.broadcast(this.constant(value), shape);
  }

  /** A value from outside. The same name twice is the same node; its shape must not change. */
  input(name: string, shape: readonly number[], dependence: DependenceSet): NodeId {
    const id = this.make({ op: 'input', name, dependence }, [], shape, dependence);
    const made = this.node(id);
    if (!equalShapes(made.shape, shape) || made.dependence !== dependence) {
      throw new Error(
        `input ${name} exists with shape ${shapeText(made.shape)} and dependence ${made.dependence}; ` +
          `it cannot be made again with ${shapeText(shape)} and ${dependence}`,
      );
    }
    return id;
  }

  unary(fn: UnaryFunction, a: NodeId): NodeId {
    const node = this.node(a);
    const { primitive } = node;
    const folded = primitive.op === 'constant' ? exactUnary(fn, primitive.value) : undefined;
    if (folded !== undefined) return this.constant(folded);
    if (primitive.op === 'broadcast') {
      return this.broadcast(this.unary(fn, node.inputs[0] as NodeId), node.shape);
    }
    if (fn === 'negate') {
      if (primitive.op === 'unary' && primitive.fn === 'negate') return node.inputs[0] as NodeId;
      if (primitive.op === 'binary' && primitive.fn === 'subtract') {
        return this.subtract(node.inputs[1] as NodeId, node.inputs[0] as NodeId);
      }
      // Only into a literal: the negation of anything else stays a node, and comes back out of the product.
      const product = literalFactor(this, a);
      if (product !== undefined && this.uniformValue(product.factor) !== undefined) {
        return this.multiply(product.rest, this.negate(product.factor));
      }
    }
    if (fn === 'absolute' && primitive.op === 'unary' && primitive.fn === 'absolute') return a;
    return this.make({ op: 'unary', fn }, [a], node.shape, node.dependence);
  }

  negate(a: NodeId): NodeId {
    return this.unary('negate', a);
  }

  /** a^exponent, entry by entry. */
  power(a: NodeId, exponent: number): NodeId {
    const node = this.node(a);
    if (exponent === 0) return this.filled(1, node.shape);
    if (exponent === 1) return a;
    if (exponent === -1) return this.unary('reciprocal', a);
    if (exponent === 0.5) return this.unary('sqrt', a);
    const folded = node.primitive.op === 'constant' ? exactPower(node.primitive.value, exponent) : undefined;
    if (folded !== undefined) return this.constant(folded);
    if (node.primitive.op === 'broadcast') {
      return this.broadcast(this.power(node.inputs[0] as NodeId, exponent), node.shape);
    }
    return this.make({ op: 'power', exponent }, [a], node.shape, node.dependence);
  }

  /** Elementwise; both arguments are broadcast to their common shape first. */
  binary(fn: BinaryFunction, a: NodeId, b: NodeId): NodeId {
    const shape = commonShape(this.shape(a), this.shape(b));
    const simple = simplifiedBinary(this, fn, this.broadcast(a, shape), this.broadcast(b, shape), shape);
    if (simple !== undefined) return simple;
    const lowered = belowBroadcasts(this, fn, a, b, shape);
    if (lowered !== undefined) return lowered;
    const inputs = [this.broadcast(a, shape), this.broadcast(b, shape)];
    if (fn === 'add' || fn === 'multiply' || fn === 'maximum' || fn === 'minimum') {
      inputs.sort((left, right) => left - right); // commutative in floating point too: one node for both orders
    }
    return this.make({ op: 'binary', fn }, inputs, shape, this.union(inputs));
  }

  add(a: NodeId, b: NodeId): NodeId {
    return this.binary('add', a, b);
  }

  subtract(a: NodeId, b: NodeId): NodeId {
    return this.binary('subtract', a, b);
  }

  multiply(a: NodeId, b: NodeId): NodeId {
    return this.binary('multiply', a, b);
  }

  divide(a: NodeId, b: NodeId): NodeId {
    return this.binary('divide', a, b);
  }

  scale(a: NodeId, factor: number): NodeId {
    return this.multiply(a, this.constant(factor));
  }

  /** Repeats `a` along new leading axes and axes of length 1. */
  broadcast(a: NodeId, shape: readonly number[]): NodeId {
    const node = this.node(a);
    if (equalShapes(node.shape, shape)) return a;
    requireBroadcast(node.shape, shape);
    if (node.primitive.op === 'broadcast') return this.broadcast(node.inputs[0] as NodeId, shape);
    const literal = node.primitive.op === 'constant';
    if (sizeOf(node.shape) === sizeOf(shape) && !literal) return this.reshape(a, shape);
    return this.make({ op: 'broadcast' }, [a], shape, node.dependence);
  }

  /** Sum over the listed axes (all when absent), which disappear. */
  sum(a: NodeId, axes?: readonly number[]): NodeId {
    const node = this.node(a);
    const over = checkedAxes(axes ?? node.shape.map((_, axis) => axis), node.shape.length);
    if (over.length === 0) return a;
    const shape = withoutAxes(node.shape, over);
    const count = sizeOf(node.shape) / Math.max(1, sizeOf(shape));
    if (count === 1) return this.reshape(a, shape);
    if (sizeOf(node.shape) === 0) return this.filled(0, shape);
    return (
      simplifiedSum(this, node, over, shape) ??
      this.make({ op: 'sum', axes: over }, [a], shape, node.dependence)
    );
  }

  /** Largest entry over the listed axes (all when absent), which disappear. */
  largest(a: NodeId, axes?: readonly number[]): NodeId {
    const node = this.node(a);
    const over = checkedAxes(axes ?? node.shape.map((_, axis) => axis), node.shape.length);
    const shape = withoutAxes(node.shape, over);
    if (over.length > 0 && sizeOf(node.shape) === 0) throw new Error('the largest entry of an empty array');
    if (sizeOf(node.shape) === sizeOf(shape)) return this.reshape(a, shape);
    const uniform = this.uniformValue(a);
    if (uniform !== undefined) return this.filled(uniform, shape);
    return this.make({ op: 'largest', axes: over }, [a], shape, node.dependence);
  }

  reshape(a: NodeId, shape: readonly number[]): NodeId {
    const node = this.node(a);
    if (equalShapes(node.shape, shape)) return a;
    if (sizeOf(node.shape) !== sizeOf(shape)) {
      throw new Error(`an array of shape ${shapeText(node.shape)} cannot be reshaped to ${shapeText(shape)}`);
    }
    const uniform = this.uniformValue(a);
    if (uniform !== undefined) return this.filled(uniform, shape);
    if (node.primitive.op === 'reshape') return this.reshape(node.inputs[0] as NodeId, shape);
    return this.make({ op: 'reshape' }, [a], shape, node.dependence);
  }

  /** Axis k of the result is axis permutation[k] of `a`; without a permutation the axes are reversed. */
  transpose(a: NodeId, permutation?: readonly number[]): NodeId {
    const node = this.node(a);
    const order = permutation ?? node.shape.map((_, axis) => node.shape.length - 1 - axis);
    if (
      checkedAxes(order, node.shape.length).length !== node.shape.length ||
      order.length !== node.shape.length
    ) {
      throw new Error(`${shapeText(order)} is no permutation of the axes of ${shapeText(node.shape)}`);
    }
    if (order.every((axis, position) => axis === position)) return a;
    const shape = order.map((axis) => node.shape[axis] as number);
    const moved = order.filter((axis) => node.shape[axis] !== 1);
    if (moved.every((axis, k) => k === 0 || axis > (moved[k - 1] as number))) return this.reshape(a, shape);
    const uniform = this.uniformValue(a);
    if (uniform !== undefined) return this.filled(uniform, shape);
    const { primitive, inputs } = node;
    if (primitive.op === 'transpose') {
      return this.transpose(
        inputs[0] as NodeId,
        order.map((axis) => primitive.permutation[axis] as number),
      );
    }
    if (primitive.op === 'matmul' && exchangesLastTwo(order)) {
      return this.matmul(inputs[1] as NodeId, inputs[0] as NodeId, {
        transposeA: !primitive.transposeB,
        transposeB: !primitive.transposeA,
      });
    }
    return this.make({ op: 'transpose', permutation: order }, [a], shape, node.dependence);
  }

  /** op(A) op(B) for matrices; axes before the last two are a batch and follow the rule of broadcasting. */
  matmul(a: NodeId, b: NodeId, flags: TransposeFlags = {}): NodeId {
    const { batch, rows, columns } = productSizes(this, a, b, flags);
    const inputs = [a, b].map((id) => this.broadcast(id, [...batch, ...this.shape(id).slice(-2)]));
    const [left, right] = inputs as [NodeId, NodeId];
    const simple = simplifiedProduct(this, left, right, flags);
    if (simple !== undefined) return simple;
    const { transposeA = false, transposeB = false } = flags;
    const shape = [...batch, rows, columns];
    return this.make({ op: 'matmul', transposeA, transposeB }, inputs, shape, this.union(inputs));
  }

  /** Entries start[k] up to but excluding stop[k] along each axis k. */
  slice(a: NodeId, start: readonly number[], stop: readonly number[]): NodeId {
    const node = this.node(a);
    const fits =
      start.length === node.shape.length &&
      stop.length === node.shape.length &&
      node.shape.every((length, axis) => {
        const from = start[axis] as number;
        const to = stop[axis] as number;
        return 0 <= from && from <= to && to <= length;
      });
    if (!fits) {
      throw new Error(
        `slice ${shapeText(start)} to ${shapeText(stop)} does not fit in ${shapeText(node.shape)}`,
      );
    }
    const shape = start.map((from, axis) => (stop[axis] as number) - from);
    if (equalShapes(shape, node.shape)) return a;
    const uniform = this.uniformValue(a);
    if (uniform !== undefined) return this.filled(uniform, shape);
    const { primitive, inputs } = node;
    if (primitive.op === 'slice') {
      return this.slice(
        inputs[0] as NodeId,
        start.map((from, axis) => from + (primitive.start[axis] as number)),
        stop.map((to, axis) => to + (primitive.start[axis] as number)),
      );
    }
    if (primitive.op === 'concatenate') {
      let begin = 0;
      for (const part of inputs) {
        const end = begin + (this.shape(part)[primitive.axis] as number);
        if ((start[primitive.axis] as number) >= begin && (stop[primitive.axis] as number) <= end) {
          const shift = (index: number, axis: number) => (axis === primitive.axis ? index - begin : index);
          return this.slice(part, start.map(shift), stop.map(shift));
        }
        begin = end;
      }
    }
    return this.make({ op: 'slice', start: [...start], stop: [...stop] }, [a], shape, node.dependence);
  }

  /** Zeros around: before[k] in front of and after[k] behind axis k. */
  pad(a: NodeId, before: readonly number[], after: readonly number[]): NodeId {
    const node = this.node(a);
    if (before.length !== node.shape.length || after.length !== node.shape.length) {
      throw new Error(`pad ${shapeText(before)}, ${shapeText(after)} does not fit ${shapeText(node.shape)}`);
    }
    const shape = node.shape.map(
      (length, axis) => length + (before[axis] as number) + (after[axis] as number),
    );
    if (equalShapes(shape, node.shape)) return a;
    if (this.isZero(a)) return this.filled(0, shape);
    return this.make({ op: 'pad', before: [...before], after: [...after] }, [a], shape, node.dependence);
  }

  concatenate(parts: readonly NodeId[], axis: number): NodeId {
    const kept = parts.filter((part) => this.shape(part)[axis] !== 0);
    const [first] = kept.length > 0 ? kept : parts;
    if (first === undefined) throw new Error('concatenate needs at least one part');
    if (kept.length <= 1) return first;
    const shape = [...this.shape(first)];
    checkedAxes([axis], shape.length);
    const expected = withUnitAxes(shape, [axis]);
    let length = 0;
    for (const part of kept) {
      if (!equalShapes(withUnitAxes(this.shape(part), [axis]), expected)) {
        throw new Error(
          `parts of shape ${shapeText(shape)} and ${shapeText(this.shape(part))} do not join along axis ${axis}`,
        );
      }
      length += this.shape(part)[axis] as number;
    }
    shape[axis] = length;
    return this.make({ op: 'concatenate', axis }, kept, shape, this.union(kept));
  }

  /** Every window of these lengths on the last axes: [..., n] to [..., lengths, n - lengths + 1]. */
  windows(a: NodeId, lengths: readonly number[]): NodeId {
    const node = this.node(a);
    const shape = windowsShape(node.shape, lengths);
    if (lengths.every((length) => length === 1)) return this.reshape(a, shape);
    const uniform = this.uniformValue(a);
    if (uniform !== undefined) return this.filled(uniform, shape);
    return this.make({ op: 'windows', lengths: [...lengths] }, [a], shape, node.dependence);
  }

  /** Adds windows [..., lengths, count] up at their places, [..., count + lengths - 1]. */
  overlapAdd(a: NodeId, lengths: readonly number[]): NodeId {
    const node = this.node(a);
    const shape = overlapShape(node.shape, lengths);
    if (lengths.every((length) => length === 1)) return this.reshape(a, shape);
    if (this.isZero(a)) return this.filled(0, shape);
    return this.make({ op: 'overlap_add', lengths: [...lengths] }, [a], shape, node.dependence);
  }

  /** (Z [n, k], labels [n]) to Z[i, labels[i]], [n]. */
  pick(z: NodeId, labels: NodeId): NodeId {
    const node = this.node(z);
    const [rows] = node.shape;
    if (node.shape.length !== 2 || !equalShapes(this.shape(labels), [rows as number])) {
      throw new Error(
        `pick needs [n, k] and [n], not ${shapeText(node.shape)} and ${shapeText(this.shape(labels))}`,
      );
    }
    const shape = [rows as number];
    const uniform = this.uniformValue(z);
    if (uniform !== undefined) return this.filled(uniform, shape);
    if (node.primitive.op === 'place' && node.inputs[1] === labels) return node.inputs[0] as NodeId;
    return this.make({ op: 'pick' }, [z, labels], shape, this.union([z, labels]));
  }

  /** (v [n], labels [n]) to [n, classes] with v[i] at (i, labels[i]). */
  place(v: NodeId, labels: NodeId, classes: number): NodeId {
    const [rows] = this.shape(v);
    if (this.shape(v).length !== 1 || !equalShapes(this.shape(labels), [rows as number])) {
      throw new Error(
        `place needs [n] and [n], not ${shapeText(this.shape(v))} and ${shapeText(this.shape(labels))}`,
      );
    }
    const shape = [rows as number, classes];
    if (this.isZero(v)) return this.filled(0, shape);
    return this.make({ op: 'place' }, [v, labels], shape, this.union([v, labels]));
  }

  /** log of the sum of exponentials over the last axis, which disappears. */
  logsumexp(a: NodeId): NodeId {
    const node = this.withLastAxis(a, 'logsumexp');
    return this.make({ op: 'logsumexp' }, [a], node.shape.slice(0, -1), node.dependence);
  }

  /** exp(a - logsumexp(a)) over the last axis, which stays. */
  softmax(a: NodeId): NodeId {
    const node = this.withLastAxis(a, 'softmax');
    return this.make({ op: 'softmax' }, [a], node.shape, node.dependence);
  }

  /** X with (A + A')/2 X = B, A X = B or A' X = B by the form (primitive.ts); the batch axes are broadcast. */
  solve(a: NodeId, b: NodeId, form: SystemForm = 'definite'): NodeId {
    const { batch, size, columns } = systemSizes(this, a, b);
    const shape = [...batch, size, columns];
    if (this.isZero(b) || sizeOf(shape) === 0) return this.filled(0, shape);
    const simple = simplifiedSolve(this, a, b, batch, form);
    if (simple !== undefined) return simple;
    const matrix = this.broadcast(a, [...batch, size, size]);
    const inputs = [matrix, this.broadcast(b, shape), this.factor(matrix, matrixForm(form))];
    return this.make({ op: 'solve', form }, inputs, shape, this.union(inputs));
  }

  /** log det (A + A')/2, or log |det A|, of each matrix of a batch. */
  logDet(a: NodeId, form: MatrixForm = 'definite'): NodeId {
    const node = this.node(a);
    squareSize(node.shape, 'log_det');
    const inputs = [a, this.factor(a, form)];
    return this.make({ op: 'log_det', form }, inputs, node.shape.slice(0, -2), node.dependence);
  }

  /** What systems with the matrix share; a value only for them, see primitive.ts. */
  factor(a: NodeId, form: MatrixForm): NodeId {
    const { shape, dependence } = this.node(a);
    const op = form === 'definite' ? 'cholesky' : 'lu';
    const size = squareSize(shape, op);
    return this.make({ op }, [a], op === 'lu' ? [...shape.slice(0, -1), size + 1] : shape, dependence);
  }

  /** Certified upper bound of the largest singular value of a matrix; a scalar without derivative. */
  spectralNorm(a: NodeId): NodeId {
    const node = this.node(a);
    if (node.shape.length !== 2)
      throw new Error(`the spectral norm of an array of shape ${shapeText(node.shape)}`);
    if (this.isZero(a)) return this.constant(0);
    const opposite = negated(this, a);
    if (opposite !== undefined) return this.spectralNorm(opposite);
    return this.make({ op: 'spectral_norm' }, [a], [], node.dependence);
  }

  /** Certified upper bound of the norm of convolution with filters [m, w], [m, h, w] or [f, c, h, w]; no derivative. */
  convolutionNorm(a: NodeId): NodeId {
    const node = this.node(a);
    if (node.shape.length < 2 || node.shape.length > 4)
      throw new Error(`the norm of convolution with filters of shape ${shapeText(node.shape)}`);
    if (this.isZero(a)) return this.constant(0);
    const opposite = negated(this, a);
    if (opposite !== undefined) return this.convolutionNorm(opposite);
    return this.make({ op: 'convolution_norm' }, [a], [], node.dependence);
  }

  /** Certified lower bound of the smallest eigenvalue of a symmetric matrix; a scalar without derivative. */
  smallestEigenvalue(a: NodeId): NodeId {
    const node = this.node(a);
    if (node.shape.length !== 2 || node.shape[0] !== node.shape[1]) {
      throw new Error(`the smallest eigenvalue of an array of shape ${shapeText(node.shape)}`);
    }
    if (this.isZero(a)) return this.constant(0);
    return this.make({ op: 'smallest_eigenvalue' }, [a], [], node.dependence);
  }

  private make(
    primitive: Primitive,
    inputs: readonly NodeId[],
    shape: readonly number[],
    dependence: DependenceSet,
  ): NodeId {
    const key = keyOf(primitive, inputs, shape);
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const id = this.list.length;
    this.list.push({ id, primitive, inputs: [...inputs], shape: [...shape], dependence });
    this.byKey.set(key, id);
    return id;
  }

  private union(ids: readonly NodeId[]): DependenceSet {
    return ids.reduce((set, id) => set | this.node(id).dependence, Dependence.none as DependenceSet);
  }

  private withLastAxis(a: NodeId, name: string): GraphNode {
    const node = this.node(a);
    if ((node.shape.at(-1) ?? 0) === 0) throw new Error(`${name} needs a last axis that is not empty`);
    return node;
  }
}

/** Equal exactly for equal nodes; -0 and NaN literals are told apart from 0 and from each other's kind. */
function keyOf(primitive: Primitive, inputs: readonly NodeId[], shape: readonly number[]): string {
  if (primitive.op === 'input') return `input ${primitive.name}`;
  if (primitive.op === 'constant')
    return `constant ${Object.is(primitive.value, -0) ? '-0' : primitive.value}`;
  return `${JSON.stringify(primitive)} ${inputs.join(',')} ${shape.join('x')}`;
}
