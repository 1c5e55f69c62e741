/**
 * `A * B` where one side is a tensor: the products of the matrices on the last two axes, one for each place along
 * the axes before. Those axes are spread as everywhere, aligned from the last one, so that one matrix serves a whole
 * batch; a vector on the right is one column for all. All axes stay: no product of a batch turns into a scalar.
 */
import type { Dimension, Shape } from '../base/dimension.ts';
import {
  constantDimension,
  dimensionNames,
  fixedDimension,
  formatDimension,
  formatShape,
  multiplyDimensions,
  namedDimension,
  sameDimension,
  sameShape,
} from '../base/dimension.ts';
import type { Span } from '../base/span.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom, ShapeProblem } from './atom.ts';
import { bilinearCurvature, bilinearMonotonicity } from './bilinear.ts';
import { applied } from './definition.ts';
import type { Expression } from './expression.ts';
import { namesIn, wholeLine } from './expression.ts';
import { index } from './indexing.ts';
import { multiplyIntervals, sumInterval } from './interval.ts';
import { innerRemedy, matmul } from './matmul.ts';
import { multiply } from './multiply.ts';
import { permuteAxes } from './permute-axes.ts';
import { reshape, reshaping } from './reshape.ts';
import { broadcastShapes, isOne, isShapeProblem } from './shape-rules.ts';

/** The atom that `*` is between these shapes. */
export function productOfShapes(a: Shape, b: Shape): Atom {
  const ranks = [a.length, b.length];
  return Math.min(...ranks) > 0 && Math.max(...ranks) > 2 ? batchedMatmul : matmul;
}

/** Last two axes, a vector as a column, and the axes before them. */
interface Matrices {
  readonly batch: Shape;
  readonly matrix: Shape;
}

function matricesOf(shape: Shape): Matrices {
  if (shape.length === 1) return { batch: [], matrix: [...shape, fixedDimension(1)] };
  return { batch: shape.slice(0, -2), matrix: shape.slice(-2) };
}

function productShape(a: Shape, b: Shape): Shape | ShapeProblem {
  const [left, right] = [matricesOf(a), matricesOf(b)];
  const [rows, inner] = left.matrix as readonly [Dimension, Dimension];
  const [first, columns] = right.matrix as readonly [Dimension, Dimension];
  const both = `${formatShape(a)} * ${formatShape(b)}`;
  if (a.length === 1 && !isOne(first)) {
    return {
      problem: `${both}: a vector is a column, so only rows can stand to its right`,
      remedy: sameDimension(rows, columns)
        ? 'exchange the two sides'
        : "transpose the vector, as in `x' * A`",
    };
  }
  if (!sameDimension(inner, first)) {
    const isVectorEach = a.length === 3 && sameShape(b, [...left.batch, inner]);
    return {
      problem: `${both}: ${formatDimension(inner)} columns on the left against ${formatDimension(first)} rows on the right`,
      remedy: isVectorEach
        ? `a matrix on the right serves all on the left; for one vector each write ${stackText(b[0] as Dimension)}`
        : innerRemedy(left.matrix, b.length === 1 ? b : right.matrix),
    };
  }
  const batch = broadcastShapes(left.batch, right.batch);
  if (isShapeProblem(batch)) {
    return {
      problem: `${both}: the axes before the last two, ${axesText(left.batch)} and ${axesText(right.batch)}, do not fit`,
      remedy:
        'the last two axes are matrices; those before them must be the same, aligned from the last one, or be missing on one side',
    };
  }
  return b.length === 1 ? [...batch, rows] : [...batch, rows, columns];
}

/** An index runs over a dimension that has a name. */
function stackText(count: Dimension): string {
  const size = constantDimension(count);
  return size === undefined
    ? `\`stack(i in ${formatDimension(count)}, A[i] * x[i])\``
    : `\`stack(i in s, A[i] * x[i])\` with \`let s = ${size}\``;
}

function axesText(axes: Shape): string {
  return `[${axes.map(formatDimension).join(', ')}]`;
}

function reshaped(e: Expression, shape: Shape, span: Span): Expression {
  return sameShape(e.shape, shape) ? e : applied(reshape, [e], span, reshaping(shape));
}

function permuted(e: Expression, axes: readonly number[], span: Span): Expression {
  return applied(permuteAxes, [e], span, {
    axes: axes.map((axis) => ({ kind: 'entry', at: fixedDimension(axis) }) as const),
  });
}

/** A name for an index that means nothing in the two yet. */
function freshIndex(sides: readonly Expression[]): string {
  const taken = new Set(
    sides.flatMap((side) => [...namesIn(side), ...side.shape.flatMap((size) => [...dimensionNames(size)])]),
  );
  let name = 'i';
  while (taken.has(name)) name += '′';
  return name;
}

/** One matrix for all: the others stand on top of each other, or beside each other, in one product. */
function sharedDefinition(a: Expression, b: Expression, shape: Shape, span: Span): Expression | undefined {
  const [left, right] = [matricesOf(a.shape), matricesOf(b.shape)];
  const [rows, inner] = left.matrix as readonly [Dimension, Dimension];
  const [, columns] = right.matrix as readonly [Dimension, Dimension];
  if (right.batch.length === 0) {
    const tall = reshaped(a, [[...left.batch, rows].reduce(multiplyDimensions), inner], span);
    return reshaped(applied(matmul, [tall, b], span), shape, span);
  }
  if (left.batch.length > 0) return undefined;
  const { batch } = right;
  const axes = batch.map((_, axis) => axis + 1);
  const last = batch.length + 1;
  const beside = permuted(b, [last, ...axes, last + 1], span);
  const wide = reshaped(beside, [inner, [...batch, columns].reduce(multiplyDimensions)], span);
  const product = applied(matmul, [reshaped(a, left.matrix, span), wide], span);
  const apart = reshaped(product, [rows, ...batch, columns], span);
  return permuted(apart, [...axes.map((axis) => axis + 1), 1, last + 1], span);
}

/** The stack of the products one by one, over a batch that is one axis long. */
function stackDefinition(a: Expression, b: Expression, shape: Shape, span: Span): Expression {
  const [left, right] = [matricesOf(a.shape), matricesOf(b.shape)];
  const batch = broadcastShapes(left.batch, right.batch) as Shape;
  const count = batch.reduce(multiplyDimensions);
  const flat = (e: Expression, { matrix }: Matrices): Expression => {
    const whole = [...batch, ...matrix];
    const ones: Expression = { kind: 'number', value: 1, shape: whole, dependence: 0, span };
    const spread = sameShape(e.shape, whole) ? e : applied(multiply, [ones, e], span);
    return reshaped(spread, [count, ...matrix], span);
  };
  const name = freshIndex([a, b]);
  const each = (e: Expression): Expression =>
    applied(index, [e], span, { subscripts: [{ kind: 'entry', at: namedDimension(name) }] });
  const one = applied(matmul, [each(flat(a, left)), each(flat(b, right))], span);
  const body = reshaped(one, [left.matrix[0] as Dimension, right.matrix[1] as Dimension], span);
  const { dependence } = one;
  return reshaped(
    {
      kind: 'comprehension',
      operation: 'stack',
      index: name,
      dimension: count,
      body,
      shape: [count, ...body.shape],
      dependence,
      span,
    },
    shape,
    span,
  );
}

export const batchedMatmul: Atom = {
  name: 'batched_matmul',
  notation: '*',
  documentation: {
    signature:
      'A : tensor[b, m, n] * B : tensor[b, n, p] or matrix[n, p] : tensor[b, m, p]; A * x : matrix[b, m] of x : vector[n]',
    summary:
      'the product of each matrix of a stack, on the last two axes, with its own partner or one for all',
    formula: 'Σⱼ Aᵢₘⱼ Bᵢⱼₚ',
  },
  arity: [2, 2],
  shape: ([a, b]) => productShape(a as Shape, b as Shape),
  range: ([a, b]) => {
    const inner = a === undefined ? undefined : matricesOf(a.shape).matrix[1];
    const count = inner === undefined ? undefined : constantDimension(inner);
    return sumInterval(multiplyIntervals(a?.range ?? wholeLine, b?.range ?? wholeLine), count);
  },
  monotonicity: bilinearMonotonicity,
  curvature: bilinearCurvature,
  smoothness: Infinity,
  definition: ([a, b], _parameters, span) => {
    const [left, right] = [a as Expression, b as Expression];
    const shape = productShape(left.shape, right.shape) as Shape;
    return sharedDefinition(left, right, shape, span) ?? stackDefinition(left, right, shape, span);
  },
  lower: (graph, args) => {
    const matrices = args.map((side) => {
      const shape = graph.shape(side);
      return shape.length === 1 ? graph.reshape(side, [...shape, 1]) : side;
    });
    const product = graph.matmul(...(matrices as [NodeId, NodeId]));
    const shape = graph.shape(product);
    return graph.shape(args[1] as NodeId).length === 1 ? graph.reshape(product, shape.slice(0, -1)) : product;
  },
};
