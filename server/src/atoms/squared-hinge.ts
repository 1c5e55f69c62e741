/**
 * The squared hinge loss max(1 − t, 0)² at margin t of each entry: once continuously differentiable,
 * phi' = −2 max(1 − t, 0); phi'' jumps from 2 to 0 at t = 1.
 */
import { knownLeast, knownMost } from './derivative-profile.ts';
import { elementwiseAtom } from './elementwise.ts';
import { positivePart } from './ball-bounds.ts';
import { infinity, multiply, number, one, subtract } from './formula.ts';
import { decreasingImage } from './interval.ts';

export const squaredHinge = elementwiseAtom({
  name: 'squared_hinge',
  documentation: {
    signature: 'squared_hinge(t : any shape) : same shape',
    summary: 'squared hinge loss at margin t; only once differentiable at 1 (logistic_loss is smooth)',
    formula: 'max(1 − t, 0)²',
  },
  range: (t) => decreasingImage(t, (end) => Math.max(1 - end, 0) ** 2),
  monotonicity: () => 'decreasing',
  curvature: (t) => (t.lower >= 1 ? 'affine' : 'convex'),
  smoothness: 1,
  derivativeBound: (order, lower, upper) => {
    if (order === 1) return multiply(number(2), positivePart(subtract(one, lower)));
    const [least, most] = [knownLeast(lower), knownMost(upper)];
    if (least >= 1) return number(0);
    return order === 2 ? number(2) : most <= 1 ? number(0) : infinity;
  },
  leastCurvature: (_lower, upper) => number(knownMost(upper) < 1 ? 2 : 0),
  lower: (graph, t) =>
    graph.power(graph.binary('maximum', graph.subtract(graph.constant(1), t), graph.constant(0)), 2),
});
