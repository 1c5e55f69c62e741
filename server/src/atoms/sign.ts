/** The sign −1, 0 or 1 of each entry: for data, such as labels, as its derivative is 0 or does not exist. */
import { elementwiseAtom } from './elementwise.ts';
import { increasingImage } from './interval.ts';
import { piecewiseLinearBound } from './piecewise-linear.ts';
import { infinity } from './formula.ts';
import { knownLeast, knownMost } from './derivative-profile.ts';

export const sign = {
  ...elementwiseAtom({
    name: 'sign',
    documentation: {
      signature: 'sign(t : any shape) : same shape',
      summary: 'sign of each entry, −1, 0 or 1; in `data` only',
      formula: 'sign t',
    },
    range: (t) => increasingImage(t, Math.sign),
    monotonicity: () => 'increasing',
    curvature: (t) => (t.lower > 0 || t.upper < 0 ? 'affine' : 'none'),
    smoothness: 0,
    derivativeBound: (order, lower, upper) =>
      knownLeast(lower) <= 0 && knownMost(upper) >= 0
        ? infinity
        : piecewiseLinearBound([0], [0, 0], order, lower, upper),
    lower: (graph, t) => graph.unary('sign', t),
  }),
  dataOnly: true,
};
