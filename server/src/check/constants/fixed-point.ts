/**
 * The constants of a fixed point x = Phi(x, theta), several maps stacked: mu = 1 − q with q the
 * contraction factor of the joint map, and for the residual R = x − Phi the Lipschitz constants L of R,
 * L_H of d1Phi and L_J of d2Phi and the norm of d2Phi, the last three on the ball. With R in place of the
 * lower gradient they mean what they mean for a minimum, and the same bounds hold.
 */
import type { Expression } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import { add, isInfinite, isZero, one, power, squareRoot, subtract, zero } from '../../atoms/formula.ts';
import { formatExpression, formatFormula } from '../../atoms/formula-text.ts';
import { degreeOf } from '../curvature.ts';
import type { ConstantShares, DerivedConstant, FixedPointMap } from '../problem.ts';
import { unboundedPart } from './bound-of-terms.ts';
import { Calculus } from './calculus.ts';
import { contractionFactor } from './contraction.ts';
import { contractionDiagnostics } from './contraction-report.ts';
import type { DerivedConstants } from './derive.ts';
import { onDemand, upperConstants } from './derive.ts';
import type { Order } from './derivative-rules.ts';
import { smoothnessDiagnostics } from './report.ts';

export interface FixedPointContext {
  /** The author states the contraction factor, so that none has to be shown. */
  readonly isGiven: boolean;
  /** Upper unknowns without a set, each with the place where one can be written. */
  readonly free: ReadonlyMap<string, number>;
}

/** @param maps at least one, one for each lower unknown */
export function deriveFixedPointConstants(
  maps: readonly FixedPointMap[],
  upperObjective: Expression,
  { isGiven, free }: FixedPointContext,
): DerivedConstants {
  const everywhere = new Calculus('everywhere');
  const ball = new Calculus('ball');
  const factor = contractionFactor(maps, everywhere);
  const words = maps.map(({ expression }) => `\`${formatExpression(expression)}\``).join(', ');
  const from = (maps[0] as FixedPointMap).expression.span;
  const because = isInfinite(factor)
    ? `no finite bound of the derivative of ${words} is known`
    : `the derivative of ${words} has at most the norm q = ${formatFormula(factor)}`;
  return {
    constants: onDemand({
      mu: (): DerivedConstant => ({
        formula: subtract(one, factor),
        kind: 'certified',
        from,
        because: `mu = 1 − q: ${because}`,
      }),
      L: (): DerivedConstant => ({
        formula: add(one, factor),
        kind: 'certified',
        from,
        because: `L = 1 + q: ${because}`,
      }),
      L_H: () =>
        stackedOnBall(
          maps,
          ball,
          { x: 2, theta: 0 },
          'the second derivative of the map in the lower unknowns',
        ),
      L_J: () => stackedOnBall(maps, ball, { x: 1, theta: 1 }, 'the mixed second derivative of the map'),
      jacobianNorm: () =>
        stacked(maps, ball, { x: 0, theta: 1 }, 'the derivative of the map in the upper unknowns'),
      ...upperConstants(
        upperObjective,
        maps.map(({ symbol }) => symbol),
        ball,
      ),
    }),
    lowerIsQuadratic: maps.every(({ expression }) => degreeOf(expression) <= 1),
    diagnostics: [
      ...(isGiven ? [] : contractionDiagnostics(maps, factor, everywhere, free)),
      ...smoothnessDiagnostics(
        maps.map(({ expression }) => expression),
        'map',
        upperObjective,
      ),
    ],
  };
}

/** With the share of each map. */
function stackedOnBall(
  maps: readonly FixedPointMap[],
  ball: Calculus,
  order: Order,
  what: string,
): DerivedConstant {
  const shares = (): ConstantShares => {
    const smooth = new Calculus('ball', { leavesKinksOut: true });
    const terms = maps.map(({ expression }) => ({
      name: formatExpression(unboundedPart(expression, ball, order)),
      bound: ball.bound(expression, order, 'euclid'),
      smoothPart: smooth.bound(expression, order, 'euclid'),
    }));
    return { terms, combine: rootOfSquares };
  };
  return { ...stacked(maps, ball, order, what), shares };
}

/** ‖(D Phi_k)_k‖ <= √(sum ‖D Phi_k‖²). */
function rootOfSquares(bounds: readonly Formula[]): Formula {
  const [first = zero, ...others] = bounds.filter((bound) => !isZero(bound));
  return others.length === 0 ? first : squareRoot(add(...[first, ...others].map((each) => power(each, 2))));
}

function stacked(
  maps: readonly FixedPointMap[],
  calculus: Calculus,
  order: Order,
  what: string,
): DerivedConstant {
  const bounds = maps
    .map(({ expression }) => ({ expression, formula: calculus.bound(expression, order, 'euclid') }))
    .filter(({ formula }) => !isZero(formula));
  const responsible = bounds.find(({ formula }) => isInfinite(formula)) ?? bounds[0];
  const from = (responsible ?? (maps[0] as FixedPointMap)).expression.span;
  const formula = rootOfSquares(bounds.map((bound) => bound.formula));
  if (responsible === undefined)
    return { formula, kind: 'certified', from, because: `${what} is constant or zero` };
  const because = isInfinite(formula)
    ? `no finite bound of ${what} is known for \`${formatExpression(responsible.expression)}\``
    : `${what} is at most ${bounds.map((bound) => `${formatFormula(bound.formula)} by \`${formatExpression(bound.expression)}\``).join('; ')}`;
  return { formula, kind: 'certified', from, because };
}
