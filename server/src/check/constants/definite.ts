/**
 * Bounds of the derivatives of inverses, solutions and logarithms of determinants from a bound of ‖A⁻¹‖ in the
 * spectral norm: products are at most one Frobenius norm times spectral ones, which Frobenius norms of derivatives
 * of A bound. Of a positive definite A it is 1/lambda with lambda <= lambda_min(A): of a fixed A its smallest
 * eigenvalue; where A moves with the lower unknowns, what its parts guarantee everywhere, and on a ball what is
 * left of the eigenvalue at the centre (Weyl). Only the symmetric part of A counts, which moves no more than A.
 * Of any other A it is the norm of the inverse, on a ball what is left of it as singular values move by no more than A.
 */
import { formOf } from '../../atoms/definite.ts';
import type { ApplyTerm, Expression } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import {
  add,
  infinity,
  isInfinite,
  isZero,
  maximum,
  minimum,
  multiply,
  negate,
  number,
  power,
  radius,
  smallestEigenvalue,
  spectralNorm,
  squareRoot,
  subtract,
  zero,
} from '../../atoms/formula.ts';
import { expressionKey } from '../../atoms/formula-key.ts';
import { sizeOf } from '../../atoms/size.ts';
import { sameShape } from '../../base/dimension.ts';
import { inverseOf, isFixed } from '../curvature.ts';
import type { Calculus } from './calculus.ts';
import type { Order } from './derivative-rules.ts';
import { chain, leibniz, X } from './derivative-rules.ts';
import type { Factor, NormKind } from './holder.ts';
import { symmetrisedOf, transposeOf } from './expressions.ts';
import { signOf } from './terms.ts';

const value: Order = { x: 0, theta: 0 };

/** A lower bound of the smallest eigenvalue of the symmetric part of A over the calculus' region. */
function leastEigenvalue(calculus: Calculus, a: Expression): Formula {
  const everywhere = guaranteed(calculus, a);
  if (calculus.region !== 'ball' || isFixed(a)) return everywhere;
  const moved = calculus.bound(a, X, 'euclid');
  return isInfinite(moved) ? everywhere : maximum(everywhere, subtract(atCentre(a), multiply(radius, moved)));
}

function atCentre(a: Expression): Formula {
  return multiply(number(0.5), smallestEigenvalue(symmetrisedOf([a])));
}

/** What the parts guarantee: sums add up, products of a matrix with its own transpose and kernels are not below 0. */
function guaranteed(calculus: Calculus, a: Expression): Formula {
  if (isFixed(a)) return atCentre(a);
  const unknown = negate(infinity);
  if (a.kind !== 'apply') return unknown;
  const [first, second] = a.args as readonly [Expression, Expression];
  const isSame = (left: Expression, right: Expression): boolean =>
    expressionKey(left) === expressionKey(right);
  switch (a.atom.name) {
    case 'add':
      // A row and a column spread over each other are no sum of matrices.
      return sameShape(first.shape, a.shape) && sameShape(second.shape, a.shape)
        ? add(guaranteed(calculus, first), guaranteed(calculus, second))
        : unknown;
    case 'diag':
      return first.shape.length === 1 ? calculus.range(first).lower : unknown;
    case 'transpose':
      return guaranteed(calculus, first);
    case 'rbf_kernel':
      return isSame(first, second) ? zero : unknown;
    case 'multiply':
    case 'matmul': {
      if (first.shape.length === 0 || second.shape.length === 0) {
        const [factor, matrix] = first.shape.length === 0 ? [first, second] : [second, first];
        // A factor that may be negative turns eigenvalues round.
        if (signOf(factor) !== 'nonnegative') return unknown;
        const { lower, upper } = calculus.range(factor);
        const least = guaranteed(calculus, matrix);
        return add(
          multiply(maximum(lower, zero), maximum(least, zero)),
          multiply(upper, minimum(least, zero)),
        );
      }
      return a.atom.name === 'matmul' && first.shape.length === 2 && isSame(transposeOf(first), second)
        ? zero
        : unknown;
    }
    default:
      return unknown;
  }
}

/** ‖A⁻¹‖ over the calculus' region for the matrix of a system, its inverse or its determinant. */
function inverseNorm(calculus: Calculus, { args, parameters }: ApplyTerm): Formula {
  const [a] = args as readonly [Expression];
  if (formOf(parameters) === 'definite') return reciprocal(leastEigenvalue(calculus, a));
  if (calculus.region !== 'ball' && !isFixed(a)) return infinity;
  const inverse = spectralNorm([inverseOf(a, 'general')]);
  const moved = calculus.bound(a, X, 'euclid');
  if (isZero(moved)) return inverse;
  return isInfinite(moved) ? infinity : reciprocal(subtract(power(inverse, -1), multiply(radius, moved)));
}

/** k! ‖A⁻¹‖^(k + 1) for A⁻¹, whose k-th derivative is k! products with k + 1 inverses. */
export function boundOfInverse(calculus: Calculus, e: ApplyTerm, order: Order, kind: NormKind): Formula {
  const [a] = e.args as readonly [Expression];
  const inverse = inverseNorm(calculus, e);
  const phi = (k: number): Formula => multiply(number([1, 1, 2, 6][k] as number), power(inverse, k + 1));
  const whole = ofFrobenius(calculus, a, order, phi);
  return kind === 'sum' ? multiply(squareRoot(sizeOf(a.shape)), whole) : whole;
}

/** √n ‖A⁻¹‖ for the gradient A⁻ᵀ, then (k − 1)! ‖A⁻¹‖^k: tr(A⁻¹ H A⁻¹ H) <= ‖A⁻¹‖² ‖H‖² and so on. */
export function boundOfLogDet(calculus: Calculus, e: ApplyTerm, order: Order): Formula {
  const [a] = e.args as readonly [Expression];
  const inverse = inverseNorm(calculus, e);
  const phi = (k: number): Formula =>
    k === 1
      ? multiply(squareRoot(sizeOf(a.shape.slice(-1))), inverse)
      : multiply(number([1, 1, 1, 2][k] as number), power(inverse, k));
  return ofFrobenius(calculus, a, order, phi);
}

/** From A x = b: D x = A⁻¹ (D b − the other terms of Leibniz' rule), in which x has lower orders. */
export function boundOfSolution(calculus: Calculus, e: ApplyTerm, order: Order, kind: NormKind): Formula {
  const [a, b] = e.args as readonly [Expression, Expression];
  const inverse = inverseNorm(calculus, e);
  const solution = (of: Order): Formula => {
    // The value on a ball is bounded by the first derivative, in which the value itself occurs where A moves.
    if (of.x + of.theta === 0 && isFixed(a)) return calculus.bound(e, value, 'euclid');
    const others = leibniz(of, (ofMatrix, ofSolution) =>
      ofMatrix.x + ofMatrix.theta === 0
        ? zero
        : multiply(calculus.bound(a, ofMatrix, 'euclid'), solution(ofSolution)),
    );
    return multiply(inverse, add(calculus.bound(b, of, 'euclid'), others));
  };
  const whole = solution(order);
  return kind === 'sum' ? multiply(squareRoot(sizeOf(e.shape)), whole) : whole;
}

/** 1 / lambda, infinite unless lambda is positive. */
function reciprocal(lambda: Formula): Formula {
  return power(maximum(lambda, zero), -1);
}

function ofFrobenius(
  calculus: Calculus,
  a: Expression,
  order: Order,
  phi: (order: number) => Formula,
): Formula {
  const factorOf = (block: Order): Factor => ({
    order: block.x + block.theta,
    norm: () => calculus.bound(a, block, 'euclid'),
  });
  return chain(phi, factorOf, order, 'euclid', 'largest');
}
