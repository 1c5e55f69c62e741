/**
 * The builder of the intermediate representation. Nodes are hash-consed (equal nodes exist once) and
 * simplified as they are made, by rules that hold for the structure: x + 0, x * 1, x * 0, double
 * negation, folded constants, transposes absorbed into products, sums of repeats as products. A zero
 * is structural: 0 * x is 0 also where x is not finite. Elementwise work moves below broadcasts, so
 * that it is done once per distinct entry. Invariant: inputs come before the nodes that use them.
 */
import { Dependence } from './primitive.ts';
import type {
  BinaryFunction,
  DependenceSet,
  GraphNode,
  NodeId,
  Primitive,
  UnaryFunction,
} from './primitive.ts';
import { binaryFunctions, constantPower, unaryFunctions } from './scalar-functions.ts';
import {
  checkedAxes,
  commonShape,
  equalShapes,
  repeatedAxes,
  requireBroadcast,
  shapeText,
  sizeOf,
  withUnitAxes,
  withoutAxes,
} from './shapes.ts';

export interface TransposeFlags {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

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
    if (primitive.op === 'constant') return this.constant(unaryFunctions[fn](primitive.value));
    if (primitive.op === 'broadcast') {
      return this.broadcast(this.unary(fn, node.inputs[0] as NodeId), node.shape);
    }
    if (fn === 'negate') {
      if (primitive.op === 'unary' && primitive.fn === 'negate') return node.inputs[0] as NodeId;
      if (primitive.op === 'binary' && primitive.fn === 'subtract') {
        return this.subtract(node.inputs[1] as NodeId, node.inputs[0] as NodeId);
      }
      const factor = this.constantFactor(a);
      if (factor !== undefined) return this.scale(factor.rest, -factor.factor);
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
    if (node.primitive.op === 'constant') return this.constant(constantPower(node.primitive.value, exponent));
    if (node.primitive.op === 'broadcast') {
      return this.broadcast(this.power(node.inputs[0] as NodeId, exponent), node.shape);
    }
    return this.make({ op: 'power', exponent }, [a], node.shape, node.dependence);
  }

  /** Elementwise; both arguments are broadcast to their common shape first. */
  binary(fn: BinaryFunction, a: NodeId, b: NodeId): NodeId {
    const shape = commonShape(this.shape(a), this.shape(b));
    const simple = this.simplifiedBinary(fn, this.broadcast(a, shape), this.broadcast(b, shape), shape);
    if (simple !== undefined) return simple;
    const lowered = this.belowBroadcasts(fn, a, b, shape);
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
      this.simplifiedSum(node, over, shape) ??
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
    if (primitive.op === 'matmul') {
      return this.matmul(inputs[1] as NodeId, inputs[0] as NodeId, {
        transposeA: !primitive.transposeB,
        transposeB: !primitive.transposeA,
      });
    }
    return this.make({ op: 'transpose', permutation: order }, [a], shape, node.dependence);
  }

  /** op(A) op(B) for two matrices. */
  matmul(a: NodeId, b: NodeId, flags: TransposeFlags = {}): NodeId {
    const left = this.node(a);
    const right = this.node(b);
    const transposeA = flags.transposeA ?? false;
    const transposeB = flags.transposeB ?? false;
    if (left.shape.length !== 2 || right.shape.length !== 2) {
      throw new Error(
        `matmul needs two matrices, not ${shapeText(left.shape)} and ${shapeText(right.shape)}`,
      );
    }
    const [rows, innerA] = (transposeA ? [...left.shape].reverse() : left.shape) as [number, number];
    const [innerB, columns] = (transposeB ? [...right.shape].reverse() : right.shape) as [number, number];
    if (innerA !== innerB) {
      throw new Error(
        `matmul of ${rows} x ${innerA} and ${innerB} x ${columns}: the inner lengths ${innerA} and ${innerB} differ`,
      );
    }
    const shape = [rows, columns];
    if (this.isZero(a) || this.isZero(b) || innerA === 0) return this.filled(0, shape);
    if (left.primitive.op === 'transpose') {
      return this.matmul(left.inputs[0] as NodeId, b, { transposeA: !transposeA, transposeB });
    }
    if (right.primitive.op === 'transpose') {
      return this.matmul(a, right.inputs[0] as NodeId, { transposeA, transposeB: !transposeB });
    }
    const negatedA = this.negated(a);
    if (negatedA !== undefined) return this.negate(this.matmul(negatedA, b, flags));
    const negatedB = this.negated(b);
    if (negatedB !== undefined) return this.negate(this.matmul(a, negatedB, flags));
    return this.make(
      { op: 'matmul', transposeA, transposeB },
      [a, b],
      shape,
      left.dependence | right.dependence,
    );
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

  /** Certified upper bound of the largest singular value of a matrix; a scalar without derivative. */
  spectralNorm(a: NodeId): NodeId {
    const node = this.node(a);
    if (node.shape.length !== 2)
      throw new Error(`the spectral norm of an array of shape ${shapeText(node.shape)}`);
    if (this.isZero(a)) return this.constant(0);
    const negated = this.negated(a);
    if (negated !== undefined) return this.spectralNorm(negated);
    return this.make({ op: 'spectral_norm' }, [a], [], node.dependence);
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

  /** The argument when `a` is a negation. */
  private negated(a: NodeId): NodeId | undefined {
    const { primitive, inputs } = this.node(a);
    return primitive.op === 'unary' && primitive.fn === 'negate' ? inputs[0] : undefined;
  }

  /** `a` as factor * rest, when it is a product with a literal. */
  private constantFactor(a: NodeId): { factor: number; rest: NodeId } | undefined {
    const { primitive, inputs } = this.node(a);
    if (primitive.op !== 'binary' || primitive.fn !== 'multiply') return undefined;
    const [left, right] = inputs as readonly [NodeId, NodeId];
    const factorLeft = this.uniformValue(left);
    if (factorLeft !== undefined) return { factor: factorLeft, rest: right };
    const factorRight = this.uniformValue(right);
    return factorRight === undefined ? undefined : { factor: factorRight, rest: left };
  }

  private simplifiedBinary(
    fn: BinaryFunction,
    a: NodeId,
    b: NodeId,
    shape: readonly number[],
  ): NodeId | undefined {
    const valueA = this.uniformValue(a);
    const valueB = this.uniformValue(b);
    if (valueA !== undefined && valueB !== undefined) {
      return this.filled(binaryFunctions[fn](valueA, valueB), shape);
    }
    const negatedA = this.negated(a);
    const negatedB = this.negated(b);
    switch (fn) {
      case 'add':
        if (valueA === 0) return b;
        if (valueB === 0) return a;
        if (negatedB !== undefined) return this.subtract(a, negatedB);
        if (negatedA !== undefined) return this.subtract(b, negatedA);
        return a === b ? this.scale(a, 2) : undefined;
      case 'subtract':
        if (valueB === 0) return a;
        if (valueA === 0) return this.negate(b);
        return negatedB === undefined ? undefined : this.add(a, negatedB);
      case 'multiply': {
        if (valueA === 0 || valueB === 0) return this.filled(0, shape);
        if (valueA === 1) return b;
        if (valueB === 1) return a;
        if (valueA === -1) return this.negate(b);
        if (valueB === -1) return this.negate(a);
        if (negatedA !== undefined) return this.negate(this.multiply(negatedA, b));
        if (negatedB !== undefined) return this.negate(this.multiply(a, negatedB));
        const [literal, other] = valueA === undefined ? [valueB, a] : [valueA, b];
        const inner = literal === undefined ? undefined : this.constantFactor(other);
        if (literal !== undefined && inner !== undefined)
          return this.scale(inner.rest, literal * inner.factor);
        return a === b ? this.power(a, 2) : undefined;
      }
      case 'divide':
        if (valueA === 0) return this.filled(0, shape);
        if (valueB === 1) return a;
        if (valueB === -1) return this.negate(a);
        if (negatedA !== undefined) return this.negate(this.divide(negatedA, b));
        return valueA === 1 ? this.unary('reciprocal', b) : undefined;
      case 'power':
        return valueB === undefined ? undefined : this.power(a, valueB);
      case 'maximum':
      case 'minimum':
        return a === b ? a : undefined;
    }
  }

  /** When both arguments repeat smaller arrays, the work is done on those. */
  private belowBroadcasts(
    fn: BinaryFunction,
    a: NodeId,
    b: NodeId,
    shape: readonly number[],
  ): NodeId | undefined {
    const source = (id: NodeId) => {
      const node = this.node(id);
      return node.primitive.op === 'broadcast' ? (node.inputs[0] as NodeId) : id;
    };
    const [smallA, smallB] = [source(a), source(b)];
    const small = commonShape(this.shape(smallA), this.shape(smallB));
    if (sizeOf(small) >= sizeOf(shape)) return undefined;
    return this.broadcast(this.binary(fn, smallA, smallB), shape);
  }

  private simplifiedSum(
    node: GraphNode,
    over: readonly number[],
    shape: readonly number[],
  ): NodeId | undefined {
    const { primitive, inputs } = node;
    const all = over.length === node.shape.length;
    const [first] = inputs as readonly NodeId[];
    switch (primitive.op) {
      case 'broadcast':
        return this.sumOfBroadcast(first as NodeId, node.shape, over, shape);
      case 'unary':
        return primitive.fn === 'negate' ? this.negate(this.sum(first as NodeId, over)) : undefined;
      case 'binary':
        return primitive.fn === 'multiply' ? this.sumOfProduct(node, over, shape) : undefined;
      case 'sum': {
        // Axes of the argument, counted before the inner sum took its own away.
        const left = this.shape(first as NodeId)
          .map((_, axis) => axis)
          .filter((axis) => !primitive.axes.includes(axis));
        return this.sum(first as NodeId, [...primitive.axes, ...over.map((axis) => left[axis] as number)]);
      }
      case 'reshape':
      case 'transpose':
      case 'pad':
        return all ? this.sum(first as NodeId) : undefined;
      case 'place':
        if (all) return this.sum(first as NodeId);
        return over[0] === 1 ? first : undefined;
      case 'softmax':
        return over.length === 1 && over[0] === node.shape.length - 1 ? this.filled(1, shape) : undefined;
      default:
        return undefined;
    }
  }

  /** The sum of an array repeated `count` times is count times the sum over its own axes. */
  private sumOfBroadcast(
    source: NodeId,
    from: readonly number[],
    over: readonly number[],
    shape: readonly number[],
  ): NodeId | undefined {
    const repeated = repeatedAxes(this.shape(source), from).filter((axis) => over.includes(axis));
    if (repeated.length === 0) return undefined;
    const count = repeated.reduce((product, axis) => product * (from[axis] as number), 1);
    const offset = from.length - this.shape(source).length;
    const own = over.filter((axis) => axis >= offset).map((axis) => axis - offset);
    // Summed axes of length 1 disappear too, so the rest aligns with the result at its last axis.
    const partial = this.sum(source, own);
    return this.broadcast(this.scale(partial, count), shape);
  }

  /** A factor that is constant along the summed axes comes out of the sum. */
  private sumOfProduct(
    node: GraphNode,
    over: readonly number[],
    shape: readonly number[],
  ): NodeId | undefined {
    for (const position of [0, 1]) {
      const factor = this.node(node.inputs[position] as NodeId);
      if (factor.primitive.op !== 'broadcast') continue;
      const source = factor.inputs[0] as NodeId;
      const repeated = repeatedAxes(this.shape(source), node.shape);
      if (!over.every((axis) => repeated.includes(axis) || node.shape[axis] === 1)) continue;
      const offset = node.shape.length - this.shape(source).length;
      const own = over.filter((axis) => axis >= offset).map((axis) => axis - offset);
      const outside = this.broadcast(this.reshape(source, withoutAxes(this.shape(source), own)), shape);
      return this.multiply(outside, this.sum(node.inputs[1 - position] as NodeId, over));
    }
    return undefined;
  }
}

/** Equal exactly for equal nodes; -0 and NaN literals are told apart from 0 and from each other's kind. */
function keyOf(primitive: Primitive, inputs: readonly NodeId[], shape: readonly number[]): string {
  if (primitive.op === 'input') return `input ${primitive.name}`;
  if (primitive.op === 'constant')
    return `constant ${Object.is(primitive.value, -0) ? '-0' : primitive.value}`;
  return `${JSON.stringify(primitive)} ${inputs.join(',')} ${shape.join('x')}`;
}
