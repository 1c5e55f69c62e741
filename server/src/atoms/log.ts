/**
 * Natural logarithm of each entry; derivatives are bounded where the argument stays away from 0. Of an
 * exponential it is the exponent, of a sum of exponentials it is logsumexp, which is convex.
 */
import type { Atom, Parameters } from './atom.ts';
import { positivePart } from './ball-bounds.ts';
import { applied } from './definition.ts';
import { elementwiseAtom } from './elementwise.ts';
import type { Expression } from './expression.ts';
import { multiply, number, power } from './formula.ts';
import { increasingImage, interval, intersect, nonNegative } from './interval.ts';
import { logsumexp } from './logsumexp.ts';

/** v where the expression is `sum(exp(v))`, over a vector or along an axis. */
export function asSumOfExponentials(
  e: Expression,
): { readonly inner: Expression; readonly parameters: Parameters } | undefined {
  if (e.kind !== 'apply' || e.atom.name !== 'sum') return undefined;
  const [exponentials] = e.args;
  if (exponentials?.kind !== 'apply' || exponentials.atom.name !== 'exp') return undefined;
  const [inner] = exponentials.args;
  if (inner === undefined) return undefined;
  const isReduced = inner.shape.length === 1 || (inner.shape.length === 2 && e.shape.length === 1);
  return isReduced ? { inner, parameters: e.parameters } : undefined;
}

const logarithm = elementwiseAtom({
  name: 'log',
  documentation: {
    signature: 'log(t : any shape) : same shape',
    summary: 'natural logarithm of each entry; t must be positive',
    formula: 'ln t',
  },
  domain: () => ({ interval: interval(0, Infinity), words: 'positive' }),
  range: (t) => increasingImage(intersect(t, nonNegative), Math.log),
  monotonicity: () => 'increasing',
  curvature: () => 'concave',
  smoothness: Infinity,
  // |log^(k)| = (k - 1)! / t^k, largest at the lower end; infinite when that may reach 0.
  derivativeBound: (order, lower) => {
    const bound = power(positivePart(lower), -order);
    return order === 3 ? multiply(number(2), bound) : bound;
  },
  leastCurvature: (_lower, upper) => power(positivePart(upper), -2),
  lower: (graph, t) => graph.unary('log', t),
});

export const log: Atom = {
  ...logarithm,
  definition: ([t], _parameters, span) => {
    if (t?.kind === 'apply' && t.atom.name === 'exp') return t.args[0];
    const found = t && asSumOfExponentials(t);
    return found && applied(logsumexp, [found.inner], span, found.parameters);
  },
};
