/** Standard deviation of all entries, or along one axis, with divisor n; convex, with a kink where all are equal. */
import type { Atom } from './atom.ts';
import { reductionAxis, reducedShape } from './axis.ts';
import { applied } from './definition.ts';
import { increasingImage } from './interval.ts';
import { sqrt } from './sqrt.ts';
import { variance } from './var.ts';

export const std: Atom = {
  name: 'std',
  documentation: {
    signature: 'std(x : any shape, axis = k) : scalar, or the shape without axis k',
    summary:
      'standard deviation of all entries, or along one axis; divisor n. Not differentiable where all are equal (var is)',
    formula: '√((1/n) Σᵢ (xᵢ − x̄)²)',
  },
  arity: [1, 1],
  constants: [reductionAxis],
  shape: reducedShape,
  range: (args, parameters) => increasingImage(variance.range(args, parameters), Math.sqrt),
  monotonicity: () => ['none'],
  curvature: () => 'convex',
  smoothness: 0,
  definition: (args, parameters, span) => applied(sqrt, [applied(variance, args, span, parameters)], span),
  lower: (graph, args, parameters, dimension) =>
    graph.unary('sqrt', variance.lower(graph, args, parameters, dimension)),
};
