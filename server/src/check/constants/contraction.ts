/**
 * The contraction factor q of the joint map of a fixed point, an upper bound of ‖D Phi‖ over all x at the
 * current theta. One unknown: by the calculus, and where the derivative is a sum of chains
 * (derivative-chains.ts) sharper: an affine map has exactly ‖M‖, and a sum of symmetric chains with
 * eigenvalues in [l_t, u_t] has max(−sum l_t, sum u_t), which is what makes a gradient step
 * z − s g'(z) a contraction. Several unknowns: with N_ij >= ‖dPhi_i/dx_j‖, ‖N‖ is bounded by
 * √(largest row sum · largest column sum) and by the root of the sum of the squares of all N_ij.
 */
import type { ArraySymbol, Expression } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import {
  add,
  isInfinite,
  isZero,
  largest,
  largestAbsolute,
  maximum,
  minimum,
  multiply,
  negate,
  one,
  power,
  smallest,
  smallestGramEigenvalue,
  spectralNorm,
  squareRoot,
  zero,
} from '../../atoms/formula.ts';
import { expressionKey } from '../../atoms/formula-key.ts';
import type { FixedPointMap } from '../problem.ts';
import { Calculus } from './calculus.ts';
import type { Chain, ChainFactor } from './derivative-chains.ts';
import { chainsOf, coefficientOf, slopeSign } from './derivative-chains.ts';
import {
  differenceOf,
  identityOf,
  negativeOf,
  productOf,
  quotientBy,
  sumOf,
  transposeOf,
} from './expressions.ts';

/** An upper bound of ‖D Phi‖ over all x. */
export function contractionFactor(maps: readonly FixedPointMap[], everywhere: Calculus): Formula {
  const derivative = { x: 1, theta: 0 };
  const [only, ...others] = maps;
  if (only === undefined) return zero;
  if (others.length === 0)
    return ownFactor(only, everywhere.bound(only.expression, derivative, 'euclid'), everywhere);
  const blocks = maps.map((map) =>
    maps.map((other) => {
      const apart = new Calculus('everywhere', { only: other.symbol.name });
      const bound = apart.bound(map.expression, derivative, 'euclid');
      return other === map ? ownFactor(map, bound, everywhere) : bound;
    }),
  );
  const rowSums = blocks.map((row) => add(...row));
  const columnSums = maps.map((_, j) => add(...blocks.map((row) => row[j] as Formula)));
  const bySums = squareRoot(multiply(maximum(...rowSums), maximum(...columnSums)));
  // Blocks on the diagonal alone: the largest of them, exactly.
  if (blocks.every((row, i) => row.every((block, j) => i === j || isZero(block)))) return maximum(...rowSums);
  return minimum(bySums, squareRoot(add(...blocks.flat().map((block) => power(block, 2)))));
}

/** The norm of dPhi_k/dx_k, given a bound of it by the calculus. */
function ownFactor({ symbol, expression }: FixedPointMap, bound: Formula, everywhere: Calculus): Formula {
  const chains = chainsOf(expression, symbol.name);
  if (chains === undefined || chains.length === 0) return bound;
  const sides = new Set(chains.map(({ side }) => side).filter((side) => side !== 'either'));
  if (sides.size > 1) return bound;
  const ranges = chains.map((chain) => symmetricRange(chain, everywhere));
  const rotating = ranges.filter(
    (range, at) => range === undefined || (chains[at] as Chain).factors.length > 0,
  );
  const isAffine = chains.every(({ factors }) => factors.every(({ kind }) => kind !== 'slope'));
  if (isAffine && (ranges.includes(undefined) || rotating.length > 1)) {
    const matrix = matrixOf(chains, symbol, sides.has('rows'));
    if (matrix !== undefined) return spectralNorm([matrix]);
  }
  const symmetric = ranges.filter((range) => range !== undefined);
  if (symmetric.length === 0) return bound;
  const rest = chains
    .filter((_, at) => ranges[at] === undefined)
    .map((chain) => chainNorm(chain, everywhere));
  const sum = (end: 'lower' | 'upper'): Formula => add(...symmetric.map((range) => range[end]));
  const found = add(maximum(negate(sum('lower')), sum('upper')), ...rest);
  return rest.length === 0 || isInfinite(bound) ? found : minimum(found, bound);
}

interface Ends {
  readonly lower: Formula;
  readonly upper: Formula;
}

/** Where the eigenvalues of a symmetric chain lie; undefined when it is not seen to be symmetric. */
function symmetricRange(chain: Chain, everywhere: Calculus): Ends | undefined {
  const { factors } = chain;
  const coefficient = coefficientOf(chain);
  if (coefficient.sign === 'unknown' && factors.length > 0) return undefined;
  const half = Math.floor(factors.length / 2);
  const outer = factors.slice(0, half);
  const mirrored = factors.slice(factors.length - half).toReversed();
  if (!outer.every((factor, at) => isTransposed(factor, mirrored[at] as ChainFactor))) return undefined;
  const middle =
    factors.length % 2 === 0 ? { lower: one, upper: one } : middleRange(factors[half], everywhere);
  if (middle === undefined) return undefined;
  const within = congruence(outer, middle);
  if (within === undefined) return undefined;
  const { formula, sign } = coefficient;
  const ends = [multiply(formula, within.lower), multiply(formula, within.upper)] as const;
  return sign === 'nonpositive' ? { lower: ends[1], upper: ends[0] } : { lower: ends[0], upper: ends[1] };
}

function isTransposed(left: ChainFactor, right: ChainFactor): boolean {
  if (left.kind === 'matrix' && right.kind === 'matrix')
    return expressionKey(transposeOf(left.matrix)) === expressionKey(right.matrix);
  return (
    left.kind === 'diagonal' &&
    right.kind === 'diagonal' &&
    expressionKey(left.entries) === expressionKey(right.entries)
  );
}

function middleRange(factor: ChainFactor | undefined, everywhere: Calculus): Ends | undefined {
  if (factor === undefined || factor.kind === 'matrix') return undefined;
  if (factor.kind === 'diagonal') return { lower: smallest(factor.entries), upper: largest(factor.entries) };
  const most = largestSlope(factor.of, everywhere);
  const sign = slopeSign(factor.of);
  return {
    lower: sign === 'nonnegative' ? zero : negate(most),
    upper: sign === 'nonpositive' ? zero : most,
  };
}

/** The range of O S O' for S in [lower, upper] and O the product of the outer factors. */
function congruence(outer: readonly ChainFactor[], { lower, upper }: Ends): Ends | undefined {
  if (outer.length === 0) return { lower, upper };
  const matrices = outer.flatMap((factor) => (factor.kind === 'matrix' ? [factor.matrix] : []));
  if (matrices.length < outer.length) return undefined;
  const transposed = transposeOf(matrices.reduce(productOf));
  const most = power(spectralNorm([transposed]), 2);
  const least = smallestGramEigenvalue([transposed]);
  return {
    lower: add(multiply(minimum(lower, zero), most), multiply(maximum(lower, zero), least)),
    upper: add(multiply(maximum(upper, zero), most), multiply(minimum(upper, zero), least)),
  };
}

function largestSlope(of: Expression & { kind: 'apply' }, everywhere: Calculus): Formula {
  const { lower, upper } = everywhere.range(of.args[0] as Expression);
  return of.atom.derivativeBound?.(1, lower, upper, of.parameters) ?? one;
}

function chainNorm(chain: Chain, everywhere: Calculus): Formula {
  const { formula, sign } = coefficientOf(chain);
  const scalar =
    sign === 'nonnegative'
      ? formula
      : sign === 'nonpositive'
        ? negate(formula)
        : maximum(formula, negate(formula));
  return multiply(
    scalar,
    ...chain.factors.map((factor) => {
      if (factor.kind === 'matrix') return spectralNorm([factor.matrix]);
      if (factor.kind === 'diagonal') return largestAbsolute(factor.entries);
      return largestSlope(factor.of, everywhere);
    }),
  );
}

/** The matrix M of an affine map, acting on columns or, transposed, on rows. */
function matrixOf(chains: readonly Chain[], { shape }: ArraySymbol, onRows: boolean): Expression | undefined {
  const size = onRows ? shape.at(-1) : shape[0];
  if (size === undefined) return undefined;
  let sum: Expression | undefined;
  for (const { scalars, negated, factors } of chains) {
    const matrices = factors.flatMap((factor) => (factor.kind === 'matrix' ? [factor.matrix] : []));
    if (matrices.length < factors.length) return undefined;
    const product = matrices.length === 0 ? identityOf(size) : matrices.reduce(productOf);
    // A product with a 1 x 1 result is a scalar, and no matrix any more.
    if (product.shape.length !== 2) return undefined;
    const scaled = scalars.reduce(
      (matrix, { by, divides }) => (divides ? quotientBy(matrix, by) : productOf(by, matrix)),
      product,
    );
    if (sum === undefined) sum = negated ? negativeOf(scaled) : scaled;
    else sum = negated ? differenceOf(sum, scaled) : sumOf(sum, scaled);
  }
  return sum;
}
