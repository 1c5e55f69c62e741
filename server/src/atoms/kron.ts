/** Kronecker product: the matrix of blocks A_ij B. */
import { formatShape, multiplyDimensions } from '../base/dimension.ts';
import type { Dimension, Shape } from '../base/dimension.ts';
import { fixedDimension } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { bilinearCurvature, bilinearMonotonicity } from './bilinear.ts';
import { applied } from './definition.ts';
import { wholeLine } from './expression.ts';
import type { Expression } from './expression.ts';
import { multiplyIntervals } from './interval.ts';
import { multiply } from './multiply.ts';
import { reshape, reshaping } from './reshape.ts';

export const kron: Atom = {
  name: 'kron',
  documentation: {
    signature: 'kron(A : matrix[m, n], B : matrix[p, q]) : matrix[m * p, n * q]',
    summary: 'Kronecker product, the matrix of the blocks A[i, j] * B',
    formula: 'A ⊗ B',
  },
  arity: [2, 2],
  shape: (args) => {
    const argument = args.findIndex((shape) => shape.length !== 2);
    if (argument >= 0) {
      return { problem: `this must be a matrix, but is ${formatShape(args[argument] as Shape)}`, argument };
    }
    const [[m, n], [p, q]] = args as readonly [[Dimension, Dimension], [Dimension, Dimension]];
    return [multiplyDimensions(m, p), multiplyDimensions(n, q)];
  },
  range: ([a, b]) => multiplyIntervals(a?.range ?? wholeLine, b?.range ?? wholeLine),
  monotonicity: bilinearMonotonicity,
  curvature: bilinearCurvature,
  smoothness: Infinity,
  definition: (args, _parameters, span) => {
    const [a, b] = args as readonly [Expression, Expression];
    const [[m, n], [p, q]] = [a.shape, b.shape] as [[Dimension, Dimension], [Dimension, Dimension]];
    const single = fixedDimension(1);
    const blocks = applied(
      multiply,
      [
        applied(reshape, [a], span, reshaping([m, single, n, single])),
        applied(reshape, [b], span, reshaping([p, single, q])),
      ],
      span,
    );
    return applied(reshape, [blocks], span, reshaping([multiplyDimensions(m, p), multiplyDimensions(n, q)]));
  },
  lower: (graph, args) => {
    const [a, b] = args as readonly [NodeId, NodeId];
    const [m, n] = graph.shape(a) as [number, number];
    const [p, q] = graph.shape(b) as [number, number];
    const blocks = graph.multiply(graph.reshape(a, [m, 1, n, 1]), graph.reshape(b, [p, 1, q]));
    return graph.reshape(blocks, [m * p, n * q]);
  },
};
