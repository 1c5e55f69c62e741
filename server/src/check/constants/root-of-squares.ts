/**
 * Bounds of the derivatives of a root of a sum of squares, `sqrt(c + sumsq(v))` and its like: smooth
 * norms, sharper than the chain rule through the square and the root.
 */
import { roundedUp } from '../../atoms/ball-bounds.ts';
import type { ApplyTerm } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import {
  add,
  divide,
  largestAbsolute,
  maximum,
  minimum,
  multiply,
  number,
  power,
  smallest,
  squareRoot,
} from '../../atoms/formula.ts';
import type { RootOfSquares } from '../curvature.ts';
import { isData } from '../curvature.ts';
import type { Calculus } from './calculus.ts';
import type { Order } from './derivative-rules.ts';
import { chain } from './derivative-rules.ts';
import type { Factor, NormKind } from './holder.ts';

/** Of N''' of a root of squares: 48/(25√5) over c, 2/√3 over N². */
const rootThird = {
  ofConstant: roundedUp(48 / (25 * Math.sqrt(5))),
  ofValue: roundedUp(2 / Math.sqrt(3)),
} as const;

/** True when the constants and multiples do not move with theta. */
export function hasDataOnly({ constants, squares }: RootOfSquares): boolean {
  return constants.every(isData) && squares.every(({ multiples }) => multiples.every(({ by }) => isData(by)));
}

/**
 * N(v) = √(c + ‖v‖²) has ‖N'‖ <= 1, ‖N''‖ <= 1/N <= 1/√c. A symmetric form has its norm on the
 * diagonal, so that ‖N'''‖ is the largest on lines, where N = √(C + s²) with C >= c and
 * |N'''| = 3 C s / N⁵: at most 0.8587/C (s² = C/4) and, at equal N, at most 1.1547/N² (s² = N²/3).
 */
export function boundOfRoot(
  calculus: Calculus,
  e: ApplyTerm,
  root: RootOfSquares,
  order: Order,
  kind: NormKind,
): Formula {
  const c = add(...root.constants.map(smallest));
  const floor = (): Formula => {
    const least = squareRoot(c);
    return calculus.region === 'ball' ? maximum(least, calculus.range(e).lower) : least;
  };
  const phi = (k: number): Formula => {
    if (k === 1) return number(1);
    if (k === 2) return divide(number(1), floor());
    const onLines = divide(number(rootThird.ofConstant), c);
    return calculus.region === 'ball'
      ? minimum(onLines, divide(number(rootThird.ofValue), power(floor(), 2)))
      : onLines;
  };
  const weakest = root.norms === 'rows' ? 'rows' : 'largest';
  const factorOf = (block: Order): Factor => ({
    order: block.x + block.theta,
    norm: (measured) => {
      // A row of roots of rows has the 2-norm of several rows.
      const whole = root.norms === 'arrays' || (root.norms === 'rows' && kind === 'rows');
      const kindOfParts = whole ? 'euclid' : measured;
      const parts = root.squares.map(({ inner, multiples }) => {
        const scales = multiples.map(({ by, divides }) => {
          const scale = squareRoot(largestAbsolute(by));
          return divides ? divide(number(1), scale) : scale;
        });
        return multiply(...scales, calculus.bound(inner, block, kindOfParts));
      });
      if (parts.length === 1 || kindOfParts === 'sum') return add(...parts);
      return squareRoot(add(...parts.map((part) => power(part, 2))));
    },
  });
  return chain(phi, factorOf, order, kind, weakest);
}
