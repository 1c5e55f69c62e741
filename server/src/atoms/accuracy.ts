/**
 * Share of the rows whose label has the largest score, alone: ties count as wrong, so that equal scores are
 * right nowhere. It is constant but for jumps, where the margin of a row is 0; its derivative says nothing, so
 * that no objective may contain it, and its error at an inexact solution is bounded by the margins.
 */
import type { Graph } from '../graph/graph.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { roundedUp } from './ball-bounds.ts';
import { crossEntropy } from './cross-entropy.ts';
import { applied } from './definition.ts';
import { divide } from './divide.ts';
import type { ApplyTerm, Expression } from './expression.ts';
import type { Formula } from './formula.ts';
import { divide as quotient, minimum, multiply, number, one, radius, sumAbsolute } from './formula.ts';
import { interval } from './interval.ts';
import { sizeOf } from './size.ts';

export const accuracy: Atom = {
  name: 'accuracy',
  documentation: {
    signature: 'accuracy(Z : matrix[n, k], y : labels[n, k]) : scalar',
    summary:
      'share of the rows whose label has the largest score, alone; for `report`, as its derivative is 0 or does not exist',
    formula: '|{i : Zᵢ,yᵢ > Zᵢⱼ for all j ≠ yᵢ}| / n',
  },
  arity: [2, 2],
  labels: { argument: 1, classesOf: 0 },
  shape: (args, parameters) => {
    const rows = crossEntropy.shape(args, parameters);
    return Array.isArray(rows) ? [] : rows;
  },
  range: () => interval(0, 1),
  monotonicity: () => ['none', 'none'],
  curvature: () => 'none',
  smoothness: -1,
  lower: (graph, args) => {
    const margins = marginsOf(graph, args);
    const right = graph.sum(graph.unary('step', margins));
    return graph.divide(right, graph.constant(graph.shape(margins)[0] as number));
  },
};

/** What the label's score is above the largest other, at most 1: positive exactly in the rows that are right. */
const margin: Atom = {
  name: 'margin',
  documentation: {
    signature: 'margin(Z : matrix[n, k], y : labels[n, k]) : vector[n]',
    summary: 'score of the label minus the largest other score, at most 1',
    formula: 'min(1, Zᵢ,yᵢ − max{Zᵢⱼ : j ≠ yᵢ})',
  },
  arity: [2, 2],
  labels: { argument: 1, classesOf: 0 },
  shape: crossEntropy.shape,
  range: () => interval(-Infinity, 1),
  monotonicity: () => ['none', 'none'],
  curvature: ([, labels]) => (labels?.fixed === true ? 'concave' : 'none'),
  smoothness: 0,
  lower: marginsOf,
};

function marginsOf(graph: Graph, args: readonly NodeId[]): NodeId {
  const [scores, labels] = args as readonly [NodeId, NodeId];
  const [rows, classes] = graph.shape(scores) as readonly [number, number];
  const own = graph.pick(scores, labels);
  // The label is no rival of itself: its difference of 0 becomes 1.
  const itself = graph.place(graph.filled(1, [rows]), labels, classes);
  const above = graph.add(graph.subtract(graph.reshape(own, [rows, 1]), scores), itself);
  return graph.negate(graph.largest(graph.negate(above), [1]));
}

/**
 * How fast the accuracy can change on a ball, where each row of scores moves by at most `speed` times the
 * distance in the 2-norm. A margin then moves by at most √2 speed eps, so that row i changes only if
 * |margin_i| <= √2 speed eps, and the share of such rows is at most √2 speed eps mean(1 / |margin_i|); it is
 * never above 1.
 */
export function accuracyChange({ args, span }: ApplyTerm, speed: Formula): Formula {
  const [scores] = args as readonly [Expression, Expression];
  const unit: Expression = { kind: 'number', value: 1, shape: [], dependence: 0, span };
  const inverses = applied(divide, [unit, applied(margin, args, span)], span);
  const rows = sizeOf(scores.shape.slice(0, 1));
  const mean = quotient(sumAbsolute(inverses), rows);
  return minimum(quotient(one, radius), multiply(number(roundedUp(Math.SQRT2)), speed, mean));
}
