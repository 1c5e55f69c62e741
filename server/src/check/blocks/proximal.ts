/**
 * A lower objective as a smooth part plus terms with a known proximal map: sums of weights, not negative
 * and without lower unknowns, times absolute values of entries of the unknowns. The terms are kept as
 * what they are of the magnitudes |x|, a linear expression in stand-ins for these, so that the weight of
 * an entry is a derivative. What has a kink and is no such term stays in the smooth part, where it is told.
 */
import type { ArraySymbol, Expression } from '../../atoms/expression.ts';
import { partsOf } from '../../atoms/expression.ts';
import { add } from '../../atoms/add.ts';
import { perObject } from '../../base/per-object.ts';
import { applied } from '../../atoms/definition.ts';
import { sum } from '../../atoms/sum.ts';
import type { Application } from '../typing/application.ts';
import { isFixed, rangeOf } from '../curvature.ts';
import type { PartialLevel } from '../problem.ts';

export interface ProximalSplit {
  /** The objective with 0 in place of the terms. */
  readonly smooth: Expression;
  /** The terms, scalar, linear in the magnitudes; absent: there is none. */
  readonly magnitudes?: Expression;
}

/** The stand-in for |x|; no name of a file looks like it. */
export function magnitudeOf(symbol: ArraySymbol): ArraySymbol {
  const { slice } = symbol;
  const name = `|${symbol.name}|`;
  return slice === undefined
    ? { ...symbol, name }
    : { ...symbol, name, slice: { ...slice, stack: magnitudeOf(slice.stack) } };
}

/** @param objective to be minimised */
export function splitProximal(objective: Expression): ProximalSplit {
  const { smooth, magnitudes } = split(objective, true);
  return { smooth, ...(magnitudes === undefined ? {} : { magnitudes }) };
}

interface Parts {
  readonly smooth: Expression;
  readonly magnitudes: Expression | undefined;
}

/** `positive`: what stands in front is not negative. */
function split(e: Expression, positive: boolean): Parts {
  const whole: Parts = { smooth: e, magnitudes: undefined };
  if (isFixed(e) || !hasAbsolute(e)) return whole;
  const term = positive ? ofMagnitudes(e) : undefined;
  if (term !== undefined) return { smooth: zeroAt(e), magnitudes: term };
  if (e.kind === 'comprehension') {
    const body = split(e.body, positive);
    const rebuilt = (part: Expression): Expression => ({ ...e, body: part });
    return {
      smooth: rebuilt(body.smooth),
      magnitudes: body.magnitudes && rebuilt(body.magnitudes),
    };
  }
  if (e.kind !== 'apply') return whole;
  const [a, b] = e.args as readonly [Expression, Expression];
  const with_ = (args: readonly Expression[]): Expression => ({ ...e, args });
  switch (e.atom.name) {
    case 'add':
    case 'subtract': {
      const left = split(a, positive);
      const right = split(b, e.atom.name === 'add' ? positive : !positive);
      const found = [left.magnitudes, right.magnitudes].filter((part) => part !== undefined);
      return {
        smooth: with_([left.smooth, right.smooth]),
        magnitudes: found.length === 0 ? undefined : found.reduce((x, y) => applied(add, [x, y], e.span)),
      };
    }
    case 'multiply':
    case 'matmul':
    case 'divide': {
      const factor = e.atom.name === 'divide' || isFixed(b) ? b : a;
      const moving = factor === a ? b : a;
      if (!isFixed(factor) || factor.shape.length > 0 || rangeOf(factor).lower < 0) return whole;
      const inner = split(moving, positive);
      const rebuilt = (part: Expression): Expression => with_(factor === a ? [a, part] : [part, b]);
      return { smooth: rebuilt(inner.smooth), magnitudes: inner.magnitudes && rebuilt(inner.magnitudes) };
    }
    default:
      return whole;
  }
}

const hasAbsolute = perObject((e: Expression): boolean => {
  if (e.kind === 'apply' && (e.atom.name === 'abs' || e.atom.name === 'norm1')) return !isFixed(e);
  return partsOf(e).some(hasAbsolute);
});

function zeroAt(e: Expression): Expression {
  return { kind: 'number', value: 0, shape: e.shape, dependence: 0, span: e.span };
}

/** The expression in terms of the magnitudes, where it is linear in them with weights that are not negative. */
function ofMagnitudes(e: Expression): Expression | undefined {
  if (e.kind === 'comprehension') {
    const body = ofMagnitudes(e.body);
    return body && { ...e, body };
  }
  if (e.kind !== 'apply') return undefined;
  const { atom, args, parameters, span } = e;
  const [a, b] = args as readonly [Expression, Expression];
  const rebuilt = (part: Expression | undefined, others: readonly Expression[]): Expression | undefined =>
    part && { ...e, args: others.map((other) => (isFixed(other) ? other : part)) };
  switch (atom.name) {
    case 'abs':
      return entriesOf(a);
    case 'norm1': {
      const entries = entriesOf(a);
      return entries && applied(sum, [entries], span, parameters);
    }
    case 'sum':
    case 'mean':
    case 'trace':
    case 'transpose':
    case 'reshape':
    case 'index':
      return rebuilt(ofMagnitudes(a), args);
    case 'add': {
      const parts = [ofMagnitudes(a), ofMagnitudes(b)];
      const [left, right] = parts;
      return left === undefined || right === undefined ? undefined : { ...e, args: [left, right] };
    }
    case 'multiply':
    case 'matmul':
    case 'dot': {
      const factor = isFixed(a) ? a : b;
      if (!isFixed(factor) || rangeOf(factor).lower < 0) return undefined;
      return rebuilt(ofMagnitudes(factor === a ? b : a), args);
    }
    case 'divide':
      return isFixed(b) && rangeOf(b).lower >= 0 ? rebuilt(ofMagnitudes(a), args) : undefined;
    default:
      return undefined;
  }
}

/** Entries of one unknown, in any order and with any sign, as entries of its magnitude. */
function entriesOf(e: Expression): Expression | undefined {
  if (e.kind === 'symbol')
    return e.symbol.role === 'lower' ? { ...e, symbol: magnitudeOf(e.symbol) } : undefined;
  if (e.kind !== 'apply') return undefined;
  const [a] = e.args as readonly [Expression];
  if (e.atom.name === 'negate') return entriesOf(a);
  if (!['transpose', 'reshape', 'index'].includes(e.atom.name)) return undefined;
  const inner = entriesOf(a);
  return inner && { ...e, args: [inner] };
}

/** A minimisation with absolute values or sets is one by proximal steps. */
export function withProximalTerms(level: PartialLevel, application: Application): PartialLevel {
  if (level.kind !== 'minimum' || level.objective === undefined) return level;
  const proximal = splitProximal(minimised(level.objective, level.sense, application));
  const hasSets = level.unknowns.some(({ set }) => set !== undefined);
  return proximal.magnitudes === undefined && !hasSets ? level : { ...level, kind: 'proximal', proximal };
}

/** A level that maximises g minimises −g: what is known of curvature and constants is known of that. */
export function minimised(
  objective: Expression,
  sense: PartialLevel['sense'],
  application: Application,
): Expression {
  if (sense === 'minimize') return objective;
  return application.apply('negate', [objective], {}, objective.span) ?? objective;
}
