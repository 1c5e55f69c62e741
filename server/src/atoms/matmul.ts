/**
 * `A * B`: a scalar multiple when one side is a scalar, else the matrix product. A vector is a column
 * [n]; on the right it gives a vector, and a 1 x 1 result is a scalar.
 */
import type { Dimension, Shape } from '../base/dimension.ts';
import { constantDimension, formatDimension, formatShape, sameDimension } from '../base/dimension.ts';
import type { Graph } from '../graph/graph.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { ArgumentFacts, Atom, ShapeProblem } from './atom.ts';
import { bilinearCurvature, bilinearMonotonicity } from './bilinear.ts';
import type { Interval } from './expression.ts';
import { wholeLine } from './expression.ts';
import { multiplyIntervals, sumInterval } from './interval.ts';
import { isOne, isShapeProblem } from './shape-rules.ts';

function productShape(a: Shape, b: Shape): Shape | ShapeProblem {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  if (a.length > 2 || b.length > 2) {
    const argument = a.length > 2 ? 0 : 1;
    return {
      problem: `a product takes matrices and vectors, not ${formatShape(argument === 0 ? a : b)}`,
      argument,
    };
  }
  const inner = a.length === 2 ? a[1] : undefined;
  const [first] = b as readonly [Dimension];
  if (inner === undefined) {
    // A column times a 1 x k row is an outer product.
    if (b.length === 2 && isOne(first)) return [a[0] as Dimension, b[1] as Dimension];
    return {
      problem: `${formatShape(a)} * ${formatShape(b)}: a vector is a column, so only a row can stand to its right`,
      remedy:
        b.length === 1
          ? "write `.*` for the product entry by entry, `x' * y` or `dot(x, y)` for the inner product"
          : "transpose the vector, as in `x' * A`",
    };
  }
  if (!sameDimension(inner, first)) {
    return {
      problem: `${formatShape(a)} * ${formatShape(b)}: ${formatDimension(inner)} columns on the left against ${formatDimension(first)} rows on the right`,
      remedy: innerRemedy(a, b),
    };
  }
  const rows = a[0] as Dimension;
  const columns = b[1];
  if (columns === undefined) return isOne(rows) ? [] : [rows];
  return isOne(rows) && isOne(columns) ? [] : [rows, columns];
}

/** What to do where the columns of a are not as many as the rows of b. */
export function innerRemedy(a: Shape, b: Shape): string {
  const [rows, columns] = a as readonly [Dimension, Dimension];
  const [first, second] = b;
  if (first !== undefined && sameDimension(rows, first)) return "transpose the left side: `A' * …`";
  if (second !== undefined && sameDimension(columns, second)) return "transpose the right side: `… * B'`";
  if (second !== undefined && sameDimension(rows, second)) return 'exchange the two sides';
  return 'the columns of the left side must be as many as the rows of the right side';
}

/** How many products are added for one entry; undefined when that is not a number. */
function innerCount(args: readonly ArgumentFacts[]): number | undefined {
  const [a, b] = args;
  if (a === undefined || b === undefined || a.shape.length === 0 || b.shape.length === 0) return 1;
  const inner = a.shape.length === 2 ? a.shape[1] : undefined;
  return inner === undefined ? 1 : constantDimension(inner);
}

function asMatrix(graph: Graph, id: NodeId): NodeId {
  const shape = graph.shape(id);
  return shape.length === 1 ? graph.reshape(id, [shape[0] as number, 1]) : id;
}

export const matmul: Atom = {
  name: 'matmul',
  notation: '*',
  documentation: {
    signature: 'a * B (a scalar), A : matrix[m, n] * B : matrix[n, p], A * x : vector[n]',
    summary: 'scalar multiple or matrix product',
    formula: 'Σⱼ Aᵢⱼ Bⱼₖ',
  },
  arity: [2, 2],
  shape: ([a, b]) => productShape(a as Shape, b as Shape),
  range: (args): Interval => {
    const [a, b] = args;
    return sumInterval(multiplyIntervals(a?.range ?? wholeLine, b?.range ?? wholeLine), innerCount(args));
  },
  monotonicity: bilinearMonotonicity,
  curvature: bilinearCurvature,
  smoothness: Infinity,
  attributes: ([a, b]) => {
    const shape = productShape(a as Shape, b as Shape);
    return isShapeProblem(shape) ? {} : { rank: shape.length };
  },
  lower: (graph, args, parameters) => {
    const [a, b] = args as readonly [NodeId, NodeId];
    const left = graph.shape(a);
    const right = graph.shape(b);
    if (left.length === 0 || right.length === 0) return graph.multiply(a, b);
    const result = graph.matmul(asMatrix(graph, a), asMatrix(graph, b));
    const [rows, columns] = graph.shape(result) as readonly [number, number];
    const full = right.length === 1 ? [rows] : [rows, columns];
    const rank = parameters.rank ?? (rows * columns === 1 ? 0 : full.length);
    return graph.reshape(result, rank === 0 ? [] : full);
  },
};
