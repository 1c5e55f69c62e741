/**
 * What to tell about the contraction of a fixed point's map: nothing where its sets show q < 1; a hint
 * where data or restricted upper unknowns decide; an error, with the smallest subexpression whose
 * derivative may exceed 1, where the map never contracts or an upper unknown is free to spoil it.
 */
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { ArraySymbol, Expression } from '../../atoms/expression.ts';
import { partsOf } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import { isInfinite } from '../../atoms/formula.ts';
import { expandedPair, expansionInWords } from '../example-point.ts';
import { formatExpression, formatFormula } from '../../atoms/formula-text.ts';
import { isFixed } from '../curvature.ts';
import type { Calculus } from './calculus.ts';
import type { FixedPointMap } from '../problem.ts';
import type { ContractionRemedy } from './diagnostics.ts';
import { contractionDepends, notContractive } from './diagnostics.ts';
import { staticRange } from './static-range.ts';

const derivative = { x: 1, theta: 0 };

export function contractionDiagnostics(
  maps: readonly FixedPointMap[],
  factor: Formula,
  everywhere: Calculus,
  places: ReadonlyMap<string, number>,
): readonly Diagnostic[] {
  const { lower, upper } = staticRange(factor);
  if (upper < 1) return [];
  const responsible =
    maps
      .map(({ expression }) => smallestOffence(expression, everywhere))
      .find((found) => found !== undefined) ?? (maps[0] as FixedPointMap).expression;
  const unknowns = symbolsOfFormula(factor);
  const free = unknowns.filter(({ name }) => places.has(name));
  const hopeless = lower >= 1 || isInfinite(factor);
  if (!hopeless && free.length === 0) {
    const names = unknowns.map(({ name }) => `\`${name}\``).join(', ');
    return [contractionDepends(responsible.span, formatFormula(factor), names || 'the data')];
  }
  const bound = everywhere.bound(responsible, derivative, 'euclid');
  const where = `\`${formatExpression(responsible)}\``;
  const why = isInfinite(bound)
    ? `but the derivative of ${where} has no bound over all lower unknowns`
    : `but that of ${where} may be ${formatFormula(bound)}`;
  const [only, ...more] = maps;
  const pair = only === undefined || more.length > 0 ? undefined : expandedPair(only.expression, only.symbol);
  const example = pair === undefined ? '' : `; for example, ${expansionInWords(pair)}`;
  const shown = isInfinite(factor) ? 'not bounded' : formatFormula(factor);
  return [
    notContractive(responsible.span, where, shown, `${why}${example}`, remedyFor(free, places, bound, lower)),
  ];
}

/** The smallest subexpression whose derivative may be larger than 1 although those of its parts are not. */
function smallestOffence(e: Expression, everywhere: Calculus): Expression | undefined {
  if (isFixed(e) || e.kind === 'symbol') return undefined;
  const bound = everywhere.bound(e, derivative, 'euclid');
  for (const part of partsOf(e)) {
    const found = smallestOffence(part, everywhere);
    if (found !== undefined) return found;
  }
  return staticRange(bound).upper > 1 ? e : undefined;
}

function remedyFor(
  free: readonly ArraySymbol[],
  places: ReadonlyMap<string, number>,
  bound: Formula,
  least: number,
): ContractionRemedy {
  const [symbol] = free;
  if (symbol !== undefined && !isInfinite(bound)) {
    const sets: Readonly<Record<number, string>> = {
      0: '[-0.9, 0.9]',
      1: 'ball(0.9)',
      2: 'spectral_ball(0.9)',
    };
    const set = sets[symbol.shape.length] ?? 'ball(0.9)';
    const place = places.get(symbol.name) ?? symbol.declared.end;
    return {
      words: `give \`${symbol.name}\` a set, for example \`in ${set}\`, or multiply the map by a factor below 1/q`,
      fixes: [
        {
          title: `Keep ${symbol.name} in ${set}`,
          span: { start: place, end: place },
          replacement: ` in ${set}`,
        },
      ],
    };
  }
  if (isInfinite(bound)) {
    return {
      words: 'put it inside a function with a bounded derivative, such as `tanh`, `sigmoid` or `softplus`',
    };
  }
  const factor = least > 1 ? Number((0.9 / least).toPrecision(2)) : 0.9;
  return {
    words: `multiply the map by a factor, for example \`${factor} * (…)\`, or give the factor in the lower method, \`anderson(q = …)\`, where you know it`,
  };
}

/** The unknowns and data arrays that the value of a formula depends on. */
function symbolsOfFormula(formula: Formula): readonly ArraySymbol[] {
  const found = new Map<string, ArraySymbol>();
  const inExpression = (e: Expression): void => {
    if (e.kind === 'symbol') found.set(e.symbol.name, e.symbol);
    else partsOf(e).forEach(inExpression);
  };
  const inFormula = (part: Formula): void => {
    if (part.kind === 'functional') part.args.forEach(inExpression);
    if (part.kind === 'operation') part.args.forEach(inFormula);
    if (part.kind === 'over') inFormula(part.body);
  };
  inFormula(formula);
  return [...found.values()];
}
