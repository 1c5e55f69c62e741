/**
 * triu(A) and tril(A): the entries above or below a diagonal, zeros elsewhere. The mask is a comparison
 * of the numbers of row and column, made of literals and computed once.
 */
import { formatShape } from '../base/dimension.ts';
import type { Graph } from '../graph/graph.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { cumsum } from './cumsum.ts';
import { numberParameter } from './elementwise.ts';
import { wholeLine } from './expression.ts';
import { hull, interval } from './interval.ts';
import { selection } from './linear-norms.ts';

/** 1, 2, …, n: exact. */
function counting(graph: Graph, n: number): NodeId {
  return cumsum.lower(graph, [graph.filled(1, [n])], {}, () => NaN);
}

function triangle(name: 'triu' | 'tril', side: string, formula: string): Atom {
  return {
    name,
    documentation: {
      signature: `${name}(A : matrix[m, n], diagonal = 0) : matrix[m, n]`,
      summary: `the entries on and ${side} a diagonal (0: the main one, 1: the next to its right), zeros elsewhere`,
      formula,
    },
    arity: [1, 1],
    constants: [{ name: 'diagonal', default: 0, whole: true }],
    shape: ([shape = []]) =>
      shape.length >= 2
        ? shape
        : { problem: `this must be a matrix, but is ${formatShape(shape)}`, argument: 0 },
    range: ([a]) => hull(a?.range ?? wholeLine, interval(0, 0)),
    monotonicity: () => ['increasing'],
    curvature: () => 'affine',
    smoothness: Infinity,
    linear: () => selection,
    lower: (graph, [a], parameters) => {
      const [rows, columns] = graph.shape(a as NodeId).slice(-2) as [number, number];
      const row = graph.reshape(counting(graph, rows), [rows, 1]);
      const right = graph.subtract(counting(graph, columns), row);
      const diagonal = graph.constant(numberParameter(parameters, 'diagonal'));
      const distance = name === 'triu' ? graph.subtract(right, diagonal) : graph.subtract(diagonal, right);
      const mask = graph.unary('step', graph.add(distance, graph.constant(0.5)));
      return graph.multiply(a as NodeId, mask);
    },
  };
}

export const triu = triangle('triu', 'above', 'Aᵢⱼ where j ≥ i + k');
export const tril = triangle('tril', 'below', 'Aᵢⱼ where j ≤ i + k');
