/**
 * The constants of the theory from the text: mu and L of the lower objective for all x, and on the
 * ball around the lower point L_H, L_J and the norm of J of the lower, L_fx and L_ftheta of the upper
 * objective. Upper bounds all, except mu, which is a lower bound. Objectives are split into terms
 * (bound-of-terms.ts).
 */
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import type { ArraySymbol, Expression } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import { add, infinity, isZero, maximum, multiply } from '../../atoms/formula.ts';
import { formulaKey } from '../../atoms/formula-key.ts';
import { formatExpression, formatFormula } from '../../atoms/formula-text.ts';
import { isFixed, isQuadraticInLower } from '../curvature.ts';
import type { ConstantTable, DerivedConstant, LowerDependence, Sense } from '../problem.ts';
import type { Order } from './derivative-rules.ts';
import { boundOfTerms, boundOnBall } from './bound-of-terms.ts';
import { Calculus } from './calculus.ts';
import { cellsOf, lowerPieces, overCells, pieceText } from './pieces.ts';
import { convexityDiagnostics, smoothnessDiagnostics } from './report.ts';
import type { Objectives } from './rewrites.ts';
import { withRewrites } from './rewrites.ts';
import type { StrongConvexity } from './strong-convexity.ts';
import { mostNegative, strongConvexityOf } from './strong-convexity.ts';
import { derivativeOverAll, negated, termsOf } from './terms.ts';

export interface DerivedConstants {
  readonly constants: ConstantTable;
  readonly lowerIsQuadratic: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * @param lowerObjective scalar, minimised over the lower unknowns
 * @param upperObjective scalar; its sense does not matter
 * @param lowerUnknowns all of them, in order
 * @param lowerObjectiveSpan of the text after `minimize`, where a term can be added; the expression's
 *   own place when it is written there and not in a `let`
 * @param magnitudes the proximal terms beside it, whose weights move with the upper unknowns
 * @param written the sense that the author wrote; where it is `maximize`, `lowerObjective` is the negative
 * @param text the file, for rewrites of its parts; none are offered without it
 */
export function deriveConstants(
  lowerObjective: Expression,
  upperObjective: Expression,
  lowerUnknowns: readonly ArraySymbol[],
  lowerObjectiveSpan: Span = lowerObjective.span,
  written: Sense = 'minimize',
  text?: string,
  magnitudes?: Expression,
): DerivedConstants {
  const hessian = written === 'minimize' ? 'the Hessian' : 'minus the Hessian';
  const everywhere = new Calculus('everywhere');
  const ball = new Calculus('ball');
  const convexity = strongConvexityOf(lowerObjective, lowerUnknowns, everywhere);
  const objectives: Objectives = { lower: lowerObjective, upper: upperObjective };
  const diagnose = ({ lower: g, upper: f }: Objectives, known?: StrongConvexity): readonly Diagnostic[] => {
    const strength = known ?? strongConvexityOf(g, lowerUnknowns, everywhere);
    const bends = convexityDiagnostics(g, lowerUnknowns, strength, lowerObjectiveSpan, written);
    // What bends the wrong way is one mistake, kinks in it or not.
    const isInside = ({ span }: Diagnostic): boolean =>
      bends.some(
        (bend) => bend.code === 'not-convex' && bend.span.start <= span.start && span.end <= bend.span.end,
      );
    return [...bends, ...smoothnessDiagnostics([g], 'objective', f).filter((kink) => !isInside(kink))];
  };
  const diagnostics = diagnose(objectives, convexity);
  const whole = { objective: lowerObjective, unknowns: lowerUnknowns, span: lowerObjectiveSpan };
  const lower = (order: Order, what: string): DerivedConstant => boundOnBall(whole, ball, order, what);
  const mu = (): DerivedConstant => {
    const helping = convexity.contributions.filter((each) => !isZero(each.amount));
    return {
      formula: convexity.mu,
      kind: 'certified',
      from: helping[0]?.term.span ?? lowerObjectiveSpan,
      because:
        helping.length === 0
          ? `no term is strongly ${written === 'minimize' ? 'convex' : 'concave'}`
          : `${hessian} is at least ${helping
              .map(
                (each) =>
                  `${formatFormula(each.amount)} in ${each.pieces.map(pieceText).join(', ')} by \`${formatExpression(each.term)}\``,
              )
              .join('; ')}`,
    };
  };
  return {
    constants: onDemand({
      mu,
      L: () => {
        const bound = boundOfTerms(whole, everywhere, { x: 2, theta: 0 }, 'the Hessian');
        const formula = bySides(lowerObjective, lowerUnknowns, everywhere);
        return formula === undefined ? bound : { ...bound, formula };
      },
      L_H: () => lower({ x: 3, theta: 0 }, 'the third derivative in the lower unknowns'),
      L_J: () => lower({ x: 2, theta: 1 }, 'the derivative of the mixed Jacobian in the lower unknowns'),
      jacobianNorm: () => {
        const order: Order = { x: 1, theta: 1 };
        const smooth = boundOfTerms(whole, ball, order, 'the mixed Jacobian');
        if (magnitudes === undefined) return smooth;
        const what = 'the derivative of the weights';
        const weights = boundOfTerms({ ...whole, objective: magnitudes }, ball, order, what);
        if (isZero(weights.formula)) return smooth;
        return {
          ...(isZero(smooth.formula) ? weights : smooth),
          formula: add(smooth.formula, weights.formula),
          because: `${smooth.because}; ${weights.because}`,
        };
      },
      ...upperConstants(upperObjective, lowerUnknowns, ball),
    }),
    lowerIsQuadratic: isQuadraticInLower(lowerObjective),
    diagnostics: text === undefined ? diagnostics : withRewrites(diagnostics, { objectives, text, diagnose }),
  };
}

/** L_fx and L_ftheta, on the ball. */
export function upperConstants(
  objective: Expression,
  lowerUnknowns: readonly ArraySymbol[],
  ball: Calculus,
): Readonly<Record<'L_fx' | 'L_ftheta', () => DerivedConstant>> {
  const whole = { objective, unknowns: lowerUnknowns, span: objective.span };
  const upper = (order: Order, what: string): DerivedConstant => boundOnBall(whole, ball, order, what);
  return {
    L_fx: () =>
      upper({ x: 2, theta: 0 }, 'the second derivative of the upper objective in the lower unknowns'),
    L_ftheta: () => upper({ x: 1, theta: 1 }, 'the mixed derivative of the upper objective'),
  };
}

/** How an expression moves with the lower unknowns, on the ball around the lower solution. */
export function dependenceOnLower(expression: Expression, unknowns: readonly ArraySymbol[]): LowerDependence {
  const ball = new Calculus('ball');
  const first = ball.bound(expression, { x: 1, theta: 0 }, 'euclid');
  if (expression.shape.length > 0) return { first, second: infinity };
  const whole = { objective: expression, unknowns, span: expression.span };
  const second = boundOnBall(whole, ball, { x: 2, theta: 0 }, 'the second derivative');
  return { first, second: second.formula, shares: second.shares };
}

/**
 * Not getters of the table: those would be kept, with all that they can see, until the next full collection of
 * garbage, for each version of a text.
 */
class OnDemand<Value> implements ProxyHandler<Record<string, Value>> {
  private readonly makers: Readonly<Record<string, () => Value>>;

  constructor(makers: Readonly<Record<string, () => Value>>) {
    this.makers = makers;
  }

  get(made: Record<string, Value>, name: string): Value | undefined {
    const make = Object.hasOwn(this.makers, name) ? this.makers[name] : undefined;
    if (make !== undefined && !Object.hasOwn(made, name)) made[name] = make();
    return made[name];
  }

  has(_: Record<string, Value>, name: string): boolean {
    return Object.hasOwn(this.makers, name);
  }

  ownKeys(): string[] {
    return Object.keys(this.makers);
  }

  getOwnPropertyDescriptor(made: Record<string, Value>, name: string): PropertyDescriptor | undefined {
    if (!Object.hasOwn(this.makers, name)) return undefined;
    return { configurable: true, enumerable: true, writable: true, value: this.get(made, name) };
  }
}

/** A table whose entries are computed when first read: while one types nobody asks for constants. */
export function onDemand<Name extends string, Value>(
  makers: Readonly<Record<Name, () => Value>>,
): Readonly<Record<Name, Value>> {
  return new Proxy({}, new OnDemand(makers)) as Readonly<Record<Name, Value>>;
}

/**
 * L as the larger of how far the eigenvalues of the Hessian are above and below 0: to the one side the
 * convex terms add, to the other the concave ones. Undefined where no term is known to bend less one way.
 */
function bySides(
  objective: Expression,
  unknowns: readonly ArraySymbol[],
  everywhere: Calculus,
): Formula | undefined {
  const order: Order = { x: 2, theta: 0 };
  const sides = termsOf(objective, 'without lower unknowns')
    .filter(({ expression }) => !isFixed(expression))
    .map((term) => {
      const norm = multiply(term.absolute, everywhere.bound(term.expression, order));
      const [above, below] = [negated(term), term].map((turned) =>
        mostNegative(turned, everywhere, norm),
      ) as [Formula, Formula];
      const whole = (side: Formula): Formula => derivativeOverAll(term.over, term.expression, order, side);
      return {
        pieces: lowerPieces(term.expression),
        above: whole(above),
        below: whole(below),
        isLess: formulaKey(above) !== formulaKey(norm),
      };
    });
  if (sides.every(({ isLess }) => !isLess)) return undefined;
  const total = (pick: (side: (typeof sides)[number]) => Formula): Formula =>
    overCells(
      cellsOf(sides, unknowns, (side) => side),
      (bounds) => add(...bounds.map(pick)),
      maximum,
      true,
    );
  return maximum(
    total(({ above }) => above),
    total(({ below }) => below),
  );
}
