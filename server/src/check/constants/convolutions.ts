/**
 * Norms of convolutions with a fixed filter or of a fixed array, and bounds where both move. With k fixed
 * the map x → k ∗ x has at most the norm of convolution on arrays of any length, and as it is the same
 * with x and k exchanged, so has k → k ∗ x. Where both move, by Cauchy-Schwarz in each window,
 * ‖k ∗ x‖ <= √(entries of a window) ‖k‖ ‖x‖, and sums of absolute entries multiply (Young).
 */
import type { LinearNorms } from '../../atoms/atom.ts';
import { windowAxes } from '../../atoms/convolution.ts';
import type { ApplyTerm, Expression } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import {
  convolutionNorm,
  largestRowNorm,
  minimum,
  multiply,
  norm,
  squareRoot,
  sumAbsolute,
  zero,
} from '../../atoms/formula.ts';
import { sizeOf } from '../../atoms/size.ts';
import type { Dimension, Shape } from '../../base/dimension.ts';
import { fixedDimension, multiplyDimensions } from '../../base/dimension.ts';
import { reshapedTo } from './expressions.ts';
import type { NormKind } from './holder.ts';

export function isConvolution(e: ApplyTerm): boolean {
  return e.atom.name === 'conv1d' || e.atom.name === 'conv2d';
}

/** The norm of convolution with filters, from several channels where there is an axis for them. */
function filterNorm(filters: Expression, axes: number): Formula {
  const { shape } = filters;
  if (shape.length - axes < 2) return operatorNorm(filters, axes);
  const [results, channels, ...window] = shape as readonly [Dimension, Dimension, ...Dimension[]];
  const whole = axes === 1 ? [fixedDimension(1), ...window] : window;
  return convolutionNorm(reshapedTo(filters, [results, channels, ...whole]));
}

/** The norm of convolution with all that is in front of the window axes as filters of one array. */
function operatorNorm(filters: Expression, axes: number): Formula {
  const { shape } = filters;
  const count = shape.slice(0, -axes).reduce(multiplyDimensions, fixedDimension(1));
  return convolutionNorm(reshapedTo(filters, [count, ...shape.slice(-axes)]));
}

/** The largest 2-norm of one filter, its channels included: the norm of one entry of the result. */
function largestFilter(filters: Expression, axes: number): Formula {
  const { shape } = filters;
  if (shape.length === axes) return norm(filters);
  const rest = shape.slice(1).reduce(multiplyDimensions, fixedDimension(1));
  return largestRowNorm([
    shape.length === 2 ? filters : reshapedTo(filters, [shape[0] as Shape[number], rest]),
  ]);
}

/** The entries of one window, without channels. */
function taps(e: ApplyTerm): Formula {
  return sizeOf((e.args[1] as Expression).shape.slice(-windowAxes(e.atom)));
}

/** Norms of the map of the argument that moves, 0 the array and 1 the filters, the other one fixed. */
export function convolutionNorms(e: ApplyTerm, moving: 0 | 1): LinearNorms {
  const axes = windowAxes(e.atom);
  const fixed = e.args[1 - moving] as Expression;
  const whole = moving === 0 ? filterNorm(fixed, axes) : operatorNorm(fixed, axes);
  const euclid = moving === 0 ? whole : minimum(whole, multiply(squareRoot(taps(e)), norm(fixed)));
  const sum = sumAbsolute(fixed);
  return {
    euclid,
    largest: moving === 0 ? largestFilter(fixed, axes) : norm(fixed),
    rows: euclid,
    rowSum: sum,
    columnSum: sum,
    gram: zero,
  };
}

/** A bound of the norm of k ∗ x from norms of the two. */
export function bilinearConvolution(
  e: ApplyTerm,
  kind: NormKind,
  x: (kind: NormKind) => Formula,
  k: (kind: NormKind) => Formula,
): Formula {
  const product = multiply(x('euclid'), k('euclid'));
  if (kind === 'largest') return minimum(product, multiply(x('largest'), k('sum')));
  const euclid = multiply(squareRoot(taps(e)), product);
  if (kind !== 'sum') return euclid;
  return minimum(multiply(x('sum'), k('sum')), multiply(squareRoot(sizeOf(e.shape)), euclid));
}
