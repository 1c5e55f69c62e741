/**
 * F(s) of a product s = a .* b of what moves with the lower unknowns alone and what moves with the upper ones
 * alone, such as `tanh(slope .* (X * w))` or `softplus(w / temperature)`. Mixed derivatives grow with neither where F flattens out: those of F(a b)
 * once in b and once or twice in a are F' + s F'' and b (2 F'' + s F'''). The chain rule one factor at a time would
 * take the largest F''', b² and a, wherever each is.
 */
import type { ApplyTerm, Expression, Interval } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import { add, infinity, largestAbsolute, maximum, multiply, number } from '../../atoms/formula.ts';
import { rangeOf } from '../curvature.ts';
import type { Calculus } from './calculus.ts';
import type { Order } from './derivative-rules.ts';
import { spread, T, X } from './derivative-rules.ts';
import { levelsOf, reciprocalOf } from './expressions.ts';
import type { Factor, NormKind } from './holder.ts';
import { productNorm } from './holder.ts';
import type { Sizes } from './one-variable.ts';
import { compositionOf, largestOver, times, unbounded, up } from './one-variable.ts';

interface ProductOfLevels {
  readonly product: Expression;
  readonly lower: Expression;
  readonly upper: Expression;
  /** Upper bounds of |F' + s F''| and of |2 F'' + s F'''|. */
  readonly once: Weighted;
  readonly twice: Weighted;
}

/** The larger of `near` and `far` |s|: beyond 1e6 rounding alone makes bounds of derivatives larger than 0. */
interface Weighted {
  readonly near: number;
  readonly far: number;
}

/** D_x^i D_theta of F(a .* b), 1 <= i <= 2: the chain rule in a, of what is left of F times b. */
export function boundOfProduct(calculus: Calculus, e: ApplyTerm, order: Order, kind: NormKind): Formula {
  const levels = productOfLevels(e);
  if (levels === undefined) return infinity;
  const { product, lower, upper, once, twice } = levels;
  const factorOf = (operand: Expression, part: Order): Factor => {
    const bound = (of: Order, measured: NormKind): Formula => calculus.bound(operand, of, measured);
    return {
      order: part.x + part.theta,
      norm: (measured) => spread({ shape: operand.shape, fixed: false, bound }, e.shape, part, measured),
    };
  };
  const of = ({ near, far }: Weighted, ...blocks: readonly Order[]): Formula => {
    const largest = calculus.bound(product, { x: 0, theta: 0 }, 'largest');
    const factors = [...blocks.map((block) => factorOf(lower, block)), factorOf(upper, T)];
    return multiply(maximum(number(near), multiply(number(far), largest)), productNorm(kind, factors));
  };
  const whole = of(once, { x: order.x, theta: 0 });
  return order.x === 1 ? whole : add(multiply(largestAbsolute(upper), of(twice, X, X)), whole);
}

const knownProducts = new WeakMap<ApplyTerm, ProductOfLevels | undefined>();

function productOfLevels(term: ApplyTerm): ProductOfLevels | undefined {
  if (!knownProducts.has(term)) knownProducts.set(term, findProduct(term));
  return knownProducts.get(term);
}

function findProduct(term: ApplyTerm): ProductOfLevels | undefined {
  const composed = compositionOf(term, 1);
  const levels = composed && levelsOf(composed.inner);
  if (composed === undefined || levels === undefined) return undefined;
  const { inner, jetOn } = composed;
  const domain = rangeOf(inner);
  const sizesOn = (interval: Interval): Sizes => jetOn(interval)?.sizes ?? unbounded;
  const weightedOn = (interval: Interval): Sizes => {
    const [first, second, third] = sizesOn(interval);
    const most = Math.max(-interval.lower, interval.upper);
    return [up(first + times(most, second)), up(2 * second + times(most, third)), 0];
  };
  const nearest = largestOver(within(domain, -1e3, 1e3), weightedOn);
  const decades = [1e3, 1e4, 1e5].flatMap((from) => [
    within(domain, from, 10 * from),
    within(domain, -10 * from, -from),
  ]);
  const near = nearest.map((size, k) =>
    Math.max(size, ...decades.map((interval) => weightedOn(interval)[k] as number)),
  ) as [number, number, number];
  // What grows with s is no gain.
  if (!near.every((size, k) => size < Infinity && size <= 1.02 * (nearest[k] as number))) return undefined;
  const ends = [within(domain, -Infinity, -1e6), within(domain, 1e6, Infinity)].map(sizesOn);
  const [first, second, third] = [0, 1, 2].map((k) =>
    Math.max(...ends.map((sizes) => sizes[k] as number)),
  ) as [number, number, number];
  // With c + f |s| <= max(n, 2 f |s|) for c <= n/2, and c |s| >= 1e6 c.
  const farther = (size: number, constant: number, factor: number): Weighted => ({
    near: size,
    far: up(constant <= size / 2 ? 2 * factor : factor + constant / 1e6),
  });
  const { lower, upper, divides } = levels;
  return {
    product: inner,
    lower,
    upper: divides ? reciprocalOf(upper) : upper,
    once: farther(near[0], first, second),
    twice: farther(near[1], up(2 * second), third),
  };
}

/** The part of the domain between the ends, or its point that is nearest to them. */
function within(domain: Interval, least: number, most: number): Interval {
  const clipped = (value: number): number => Math.min(Math.max(value, domain.lower), domain.upper);
  return { lower: clipped(least), upper: clipped(most) };
}
