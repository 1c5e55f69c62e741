/**
 * Random graphs over every primitive, with inputs of all dependences and values of moderate size, for
 * testing evaluators, derivatives and rounding bounds against independent routes. Domains are respected:
 * logarithms, roots and quotients get arguments away from their singularities.
 */
import { diagonalMatrix } from '../../server/src/graph/diagonal.ts';
import { Graph } from '../../server/src/graph/graph.ts';
import { Dependence } from '../../server/src/graph/primitive.ts';
import type { NodeId, UnaryFunction } from '../../server/src/graph/primitive.ts';
import { sizeOf } from '../../server/src/graph/shapes.ts';
import { matrixForm } from '../../server/src/graph/systems.ts';
import { integerBelow, normal, seeded } from './seeded.ts';
import type { Seeded } from './seeded.ts';

export interface RandomGraph {
  readonly graph: Graph;
  /** Nodes of many shapes. */
  readonly outputs: readonly NodeId[];
  /** One scalar in which every output takes part. */
  readonly scalar: NodeId;
  /** The inputs that can be differentiated (labels are left out). */
  readonly inputs: readonly NodeId[];
  readonly values: Map<string, Float64Array>;
}

export interface RandomGraphOptions {
  readonly seed: number;
  readonly operations?: number;
  /** Leave out primitives with kinks (sign, step, absolute, maximum, largest). */
  readonly smooth?: boolean;
}

export function randomGraph({ seed, operations = 12, smooth = false }: RandomGraphOptions): RandomGraph {
  const random = seeded(seed);
  const graph = new Graph();
  const values = new Map<string, Float64Array>();
  const shapes = [[], [3], [4], [4, 3], [3, 4], [1, 3], [4, 1], [2, 4, 3], [2, 3, 1]];
  const dependences = [Dependence.data, Dependence.upper, Dependence.lower];
  const inputs = shapes.map((shape, k) => {
    const name = `input ${k}`;
    values.set(
      name,
      Float64Array.from({ length: sizeOf(shape) }, () => normal(random)),
    );
    return graph.input(name, shape, dependences[integerBelow(random, 3)] as number);
  });
  values.set(
    'labels',
    Float64Array.from({ length: 4 }, () => integerBelow(random, 3)),
  );
  const labels = graph.input('labels', [4], Dependence.data);
  const pool = [...inputs];
  const made: NodeId[] = [];
  for (let k = 0; k < operations; k++) {
    const node = randomOperation(graph, random, pool, labels, smooth);
    if (node === undefined) continue;
    pool.push(node);
    made.push(node);
  }
  const scalar = made.reduce(
    (total, node) => graph.add(total, graph.scale(graph.sum(graph.unary('tanh', node)), 0.5 + random())),
    graph.constant(0),
  );
  return { graph, outputs: made, scalar, inputs, values };
}

function randomOperation(
  graph: Graph,
  random: Seeded,
  pool: readonly NodeId[],
  labels: NodeId,
  smooth: boolean,
): NodeId | undefined {
  const any = () => pool[integerBelow(random, pool.length)] as NodeId;
  const matrices = () => {
    const fitting = pool.filter((id) => graph.shape(id).length >= 2);
    return fitting[integerBelow(random, fitting.length)] as NodeId;
  };
  /** Bounded, so that repeated operations do not overflow. */
  const tame = (id: NodeId) => graph.unary('tanh', graph.scale(id, 0.7));
  /** In [0.5, 2.5]. */
  const positive = (id: NodeId) => graph.add(tame(id), graph.constant(1.5));
  const a = any();
  const shape = graph.shape(a);
  const axes = shape.map((_, axis) => axis).filter(() => random() < 0.6);
  const b = any();
  const joined = compatible(shape, graph.shape(b));
  switch (integerBelow(random, 22)) {
    case 0: {
      const plain: UnaryFunction[] = [
        'negate',
        'exp',
        'expm1',
        'tanh',
        'sigmoid',
        'softplus',
        'sin',
        'cos',
        'atan',
        'erf',
      ];
      const kinked: UnaryFunction[] = ['absolute', 'sign', 'step'];
      const all = smooth ? plain : [...plain, ...kinked];
      const fn = all[integerBelow(random, all.length)] as UnaryFunction;
      return graph.unary(fn, fn === 'exp' || fn === 'expm1' ? tame(a) : a);
    }
    case 1: {
      const domain: UnaryFunction[] = ['log', 'log1p', 'sqrt', 'reciprocal', 'xlogx'];
      return graph.unary(domain[integerBelow(random, domain.length)] as UnaryFunction, positive(a));
    }
    case 2:
    case 3:
      return joined ? graph.add(a, b) : undefined;
    case 4:
      return joined ? graph.subtract(a, b) : undefined;
    case 5:
    case 6:
      return joined ? graph.multiply(tame(a), b) : undefined;
    case 7:
      return joined ? graph.divide(a, positive(b)) : undefined;
    case 8:
      return joined ? graph.binary('power', positive(a), tame(b)) : undefined;
    case 9:
      if (smooth || !joined) return undefined;
      return graph.binary(random() < 0.5 ? 'maximum' : 'minimum', a, b);
    case 10:
      return graph.power(tame(a), [2, 3, 4][integerBelow(random, 3)] as number);
    case 11:
      return graph.power(positive(a), [-2, -1, 1.5, 0.5, 5][integerBelow(random, 5)] as number);
    case 12:
      return graph.sum(a, axes);
    case 13:
      return smooth ? graph.sum(graph.power(tame(a), 2), axes) : graph.largest(a, axes);
    case 14:
      return shape.length > 1 ? graph.transpose(a, randomOrder(shape.length, random)) : undefined;
    case 15:
    case 16: {
      const [left, right] = [matrices(), matrices()];
      const [transposeA, transposeB] = [random() < 0.5, random() < 0.5];
      const inner = graph.shape(left).at(transposeA ? -2 : -1);
      if (inner !== graph.shape(right).at(transposeB ? -1 : -2)) return undefined;
      if (!compatible(graph.shape(left).slice(0, -2), graph.shape(right).slice(0, -2))) return undefined;
      return graph.matmul(tame(left), right, { transposeA, transposeB });
    }
    case 17: {
      if (shape.length === 0) return undefined;
      const start = shape.map((length) => integerBelow(random, length));
      const stop = start.map((from, axis) => from + 1 + integerBelow(random, (shape[axis] as number) - from));
      const cut = graph.slice(a, start, stop);
      return graph.pad(
        cut,
        start,
        stop.map((to, axis) => (shape[axis] as number) - to),
      );
    }
    case 18: {
      if (shape.length === 0) return undefined;
      const axis = integerBelow(random, shape.length);
      return graph.concatenate([a, graph.unary('tanh', a)], axis);
    }
    case 19: {
      if (shape.length === 0) return undefined;
      const lengths = shape.slice(integerBelow(random, shape.length)).map((n) => 1 + integerBelow(random, n));
      const windows = graph.windows(a, lengths);
      return random() < 0.5 ? windows : graph.overlapAdd(tame(windows), lengths);
    }
    case 20: {
      const factor = tame(matrices());
      const product = graph.matmul(factor, factor, { transposeB: true });
      const size = graph.shape(product).at(-1) as number;
      const definite = graph.add(product, graph.broadcast(identity(graph, size), graph.shape(product)));
      // Of any form: the general ones are as true of a definite matrix.
      const form = (['definite', 'general', 'transposed'] as const)[integerBelow(random, 3)] ?? 'definite';
      if (random() < 0.4) return graph.logDet(definite, matrixForm(form));
      const sides = pool.filter((id) => {
        const own = graph.shape(id);
        return (
          own.length >= 2 &&
          own.at(-2) === size &&
          compatible(own.slice(0, -2), graph.shape(product).slice(0, -2))
        );
      });
      return sides.length === 0
        ? graph.logDet(definite, matrixForm(form))
        : graph.solve(definite, sides[integerBelow(random, sides.length)] as NodeId, form);
    }
    default: {
      const z = pool.findLast((id) => graph.shape(id).join() === '4,3') as NodeId;
      const v = pool.findLast((id) => graph.shape(id).join() === '4') as NodeId;
      return [
        () => graph.pick(z, labels),
        () => graph.place(v, labels, 3),
        () => graph.logsumexp(z),
        () => graph.softmax(z),
        () => graph.reshape(z, [2, 6]),
      ][integerBelow(random, 5)]?.();
    }
  }
}

function identity(graph: Graph, size: number): NodeId {
  return diagonalMatrix(graph, graph.filled(1, [size]));
}

function compatible(a: readonly number[], b: readonly number[]): boolean {
  const rank = Math.max(a.length, b.length);
  for (let axis = 1; axis <= rank; axis++) {
    const [left, right] = [a.at(-axis) ?? 1, b.at(-axis) ?? 1];
    if (left !== right && left !== 1 && right !== 1) return false;
  }
  return true;
}

function randomOrder(length: number, random: Seeded): number[] {
  const order = Array.from({ length }, (_, axis) => axis);
  for (let k = length - 1; k > 0; k--) {
    const j = integerBelow(random, k + 1);
    [order[k], order[j]] = [order[j] as number, order[k] as number];
  }
  return order;
}
