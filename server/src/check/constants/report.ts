/**
 * What to tell about curvature and smoothness: a lower objective that is not convex by composition
 * (unless mu is positive all the same), unknowns without a strongly convex term, kinks.
 */
import type { Diagnostic } from '../../base/diagnostic.ts';
import { asSumOfExponentials } from '../../atoms/log.ts';
import type { Span } from '../../base/span.ts';
import type { ArraySymbol, Expression } from '../../atoms/expression.ts';
import { partsOf } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import { add, isNonNegative, isZero } from '../../atoms/formula.ts';
import { formatExpression, formatFormula } from '../../atoms/formula-text.ts';
import { isData, isFixed, rangeOf, whyNotConvex } from '../curvature.ts';
import { bendInWords, bentPoint, flatInWords, flatPoint } from '../example-point.ts';
import {
  convexityDependsOnData,
  logOfExponentials,
  mapKink,
  notConvex,
  jumps,
  notSmooth,
  notStronglyConvex,
  onceDifferentiable,
  upperKink,
} from './diagnostics.ts';
import type { Sense } from '../problem.ts';
import { isSurelyThere, pieceText } from './pieces.ts';
import { isPositive } from './positivity.ts';
import type { StrongConvexity } from './strong-convexity.ts';
import { lowerNames } from './terms.ts';

export function convexityDiagnostics(
  objective: Expression,
  unknowns: readonly ArraySymbol[],
  { mu, cells, contributions, isPositive: isSurelyPositive }: StrongConvexity,
  objectiveSpan: Span,
  sense: Sense,
): readonly Diagnostic[] {
  if (isSurelyPositive) return [];
  const found: Diagnostic[] = [];
  // Where only a matrix of data may bring what is not convex to light, the data are asked.
  const isOutweighed = cells.every(({ bounds }) =>
    isPositive(add(...bounds.map(({ amount }) => amount).filter((amount) => !hasEigenvalue(amount)))),
  );
  if (!isOutweighed && contributions.some((each) => each.nonConvex === true)) {
    const offence = whyNotConvex(objective);
    if (offence !== undefined) {
      const { expression, rule, wanted, remedy } = offence;
      const bent = bentPoint(expression, wanted);
      const example = bent === undefined ? undefined : bendInWords(bent);
      const words = `\`${formatExpression(expression)}\``;
      const advice = remedy ?? signlessAdvice(expression);
      found.push(notConvex(expression.span, words, rule, example, advice, sense));
      return found;
    }
  }
  const present = lowerNames(objective);
  const bare = cells
    .filter(({ piece }) => present.has(piece.symbol.name))
    .filter(({ bounds }) => bounds.every((each) => isZero(each.amount)))
    .map(({ piece }) => piece);
  const end = { start: objectiveSpan.end, end: objectiveSpan.end };
  if (bare.length > 0) {
    // What is left before an end of unknown size may be nothing, so the advice there is all of the unknown.
    const arrays = new Set(
      bare.map((piece) => (isSurelyThere(piece) ? pieceText(piece) : piece.symbol.name)),
    );
    const [first] = bare;
    const straight = first === undefined ? undefined : flatPoint(objective, first.symbol);
    const example = straight === undefined ? undefined : flatInWords(straight);
    found.push(notStronglyConvex(objectiveSpan, bare.map(pieceText), [...arrays], end, example, sense));
  } else if (unknowns.every(({ name }) => present.has(name))) {
    found.push(
      convexityDependsOnData(
        contributions[0]?.term.span ?? objectiveSpan,
        formatFormula(mu),
        unknowns.map(({ name }) => name),
        isNonNegative(mu) ? 'zero' : hasEigenvalue(mu) ? 'eigenvalue' : 'sign',
        sense,
      ),
    );
  }
  return found;
}

/** Whether a matrix of data or of unknowns may bring a negative eigenvalue in. */
function hasEigenvalue(formula: Formula): boolean {
  switch (formula.kind) {
    case 'functional':
      return formula.functional === 'smallest_eigenvalue';
    case 'operation':
      return formula.args.some(hasEigenvalue);
    case 'over':
      return hasEigenvalue(formula.body);
    default:
      return false;
  }
}

/** What to do about a factor that may be negative: an upper unknown, or one with data whose sign is not promised. */
function signlessAdvice(e: Expression): string | undefined {
  if (e.kind !== 'apply' || e.args.every(isFixed)) return undefined;
  const factor = e.args.find((argument) => isFixed(argument) && rangeOf(argument).lower < 0);
  if (factor === undefined) return undefined;
  if (factor.kind === 'symbol' && factor.symbol.role === 'upper') {
    const { name } = factor.symbol;
    return `give \`${name}\` a set without negative values, for example \`in [0, 1]\`, or write \`exp(${name})\``;
  }
  const [name] = signlessData(factor);
  if (name === undefined) return undefined;
  const positive = `${isData(factor) ? 'abs' : 'exp'}(${formatExpression(factor)})`;
  return `where \`${name}\` has no negative entries, say so by \`in nonneg\` after its type; else write \`${positive}\``;
}

/** The names of data arrays that may have negative entries as far as is known. */
function signlessData(e: Expression): readonly string[] {
  if (e.kind !== 'symbol') return partsOf(e).flatMap(signlessData);
  return e.symbol.role === 'data' && rangeOf(e).lower < 0 ? [e.symbol.name] : [];
}

/** Where the functions with a kink have it. */
const kinks: Readonly<Record<string, string>> = {
  abs: ' where its argument is 0',
  norm1: ' where an entry is 0',
  norm2: ' where its argument is 0',
  relu: ' where its argument is 0',
  max: ' where two entries are equally large',
  min: ' where two entries are equally small',
};

/** What to write instead, with the arguments as they are written: the first, and the second where there are two. */
const alternatives: Readonly<Record<string, (t: string, other: string) => string>> = {
  accuracy: () =>
    'minimise the mean of `cross_entropy(Z, y)` with the same scores and labels, and have `accuracy(Z, y)` in `report`',
  abs: (t) =>
    `write \`smooth_abs(${t}, 0.01)\`; as they stand only absolute values of the entries of an unknown are solved, with weights that are not negative, as in \`sum(c .* abs(x))\``,
  norm1: (t) =>
    `write \`sum(smooth_abs(${t}, 0.01))\`; as they stand only norms of an unknown are solved, with weights that are not negative, as in \`c * norm1(x)\``,
  norm_inf: (t) => `write \`logsumexp(concat(${t}, -${bracketed(t)}))\`, a smooth maximum`,
  maximum: (a, b) => `write \`${b} + softplus(${a} - ${bracketed(b)})\`, a smooth maximum`,
  minimum: (a, b) => `write \`${b} - softplus(${bracketed(b)} - ${bracketed(a)})\`, a smooth minimum`,
  std: (x) => `write \`var(${x})\`, or \`sqrt(var(${x}) + 0.0001)\``,
  hinge: (t) => `write \`softplus(1 - ${bracketed(t)})\`, or \`logistic_loss(${t})\``,
  squared_hinge: (t) => `write \`softplus(1 - ${bracketed(t)})\`, or \`logistic_loss(${t})\``,
  pinball: (t) =>
    `write \`level * ${bracketed(t)} + 0.01 * softplus(-${bracketed(t)} / 0.01)\`, smooth over a width of about 0.01`,
  clip: (t) => `write \`tanh(${t})\`, which stays between −1 and 1, or a smooth function of that kind`,
  huber: (t) => `write \`smooth_abs(${t}, 0.01)\`, or \`log_cosh(${t})\``,
  relu: (t) => `write \`softplus(${t})\``,
  max: (x) => `write \`logsumexp(${x})\`, a smooth maximum`,
  min: (x) => `write \`-logsumexp(-${bracketed(x)})\`, a smooth minimum`,
  norm2: (x) => `write \`sumsq(${x})\`, or \`sqrt(sumsq(${x}) + 0.0001)\``,
};

/** In a message a longer argument than this would hide what is said of it. */
const longestArgument = 40;

function alternativeTo({ atom, args }: Extract<Expression, { kind: 'apply' }>): string {
  const written = args.map(formatExpression).map((text) => (text.length > longestArgument ? '…' : text));
  return (
    alternatives[atom.name]?.(written[0] ?? 't', written[1] ?? 'b') ?? 'write a smooth function in its place'
  );
}

/** Where an operator stands before or behind it. */
function bracketed(text: string): string {
  return /^(?:[\p{L}\p{N}\p{M}_…]+|[\p{L}\p{N}_]+\([^()]*\))$/u.test(text) ? text : `(${text})`;
}

/** Expressions in which there is nothing to tell, in the upper objective, the lower one and a map. */
const smoothAbove = new WeakSet<Expression>();
const smoothBelow = new WeakSet<Expression>();
const smoothInMaps = new WeakSet<Expression>();

/**
 * Atoms that are not smooth enough: twice for a lower objective, once for a map, whose derivative is what
 * its fixed points are differentiated by.
 */
export function smoothnessDiagnostics(
  lower: readonly Expression[],
  kind: 'objective' | 'map',
  upper: Expression,
): readonly Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  let told = 0;
  const tell = (key: string, diagnostic: Diagnostic): void => {
    told++;
    found.set(key, diagnostic);
  };
  const visit = (e: Expression, level: 'lower' | 'upper'): void => {
    const smooth = level === 'upper' ? smoothAbove : kind === 'map' ? smoothInMaps : smoothBelow;
    if (smooth.has(e)) return;
    const before = told;
    look(e, level);
    if (told === before) smooth.add(e);
  };
  const look = (e: Expression, level: 'lower' | 'upper'): void => {
    for (const part of partsOf(e)) visit(part, level);
    if (e.kind !== 'apply') return;
    const { atom } = e;
    const exponentials = atom.name === 'log' ? asSumOfExponentials(e.args[0] as Expression) : undefined;
    if (exponentials !== undefined && !isData(e)) {
      const { inner, parameters } = exponentials;
      const written = formatExpression(inner);
      const axis = typeof parameters['axis'] === 'number' ? `, axis = ${parameters['axis']}` : '';
      tell(`log ${e.span.start}`, logOfExponentials(e.span, written, `logsumexp(${written}${axis})`));
    }
    const inLower = level === 'lower' && !isFixed(e);
    if (isData(e) || atom.smoothness >= 2) return;
    if (atom.smoothness < 0) {
      tell(`jumps ${e.span.start}`, jumps(e.span, `\`${atom.name}\``, alternativeTo(e)));
      return;
    }
    if (inLower && kind === 'map' && atom.smoothness >= 1) return;
    const key = `${level} ${e.span.start} ${e.span.end} ${atom.name}`;
    const ofLower = kind === 'map' ? mapKink : atom.smoothness < 1 ? notSmooth : onceDifferentiable;
    const make = inLower ? ofLower : upperKink;
    if (inLower || atom.smoothness < 1)
      tell(key, make(e.span, `\`${atom.name}\``, alternativeTo(e), kinks[atom.name] ?? ''));
  };
  for (const each of lower) visit(each, 'lower');
  visit(upper, 'upper');
  return [...found.values()];
}
