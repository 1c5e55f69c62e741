/**
 * What is known of a typed expression: its shape, what it depends on, its range and its curvature in the
 * lower unknowns; of an operator, its formula.
 */
import { formatShape } from '../base/dimension.ts';
import type { Expression, Interval } from '../atoms/expression.ts';
import { formatExpression, formatNumber } from '../atoms/formula-text.ts';
import { curvatureOf, rangeOf } from '../check/curvature.ts';
import { Dependence } from '../graph/primitive.ts';
import type { DependenceSet } from '../graph/primitive.ts';

/** Longer expressions are cut in a hover. */
const longestExpression = 200;

export function expressionText(expression: Expression): string {
  const written = formatExpression(expression);
  const shown = written.length > longestExpression ? `${written.slice(0, longestExpression)}…` : written;
  const lines = [`\`\`\`bilevel\n${shown} : ${formatShape(expression.shape)}\n\`\`\``, factsText(expression)];
  if (expression.kind === 'apply' && expression.atom.notation !== undefined) {
    const { summary, formula } = expression.atom.documentation;
    lines.push(`\`${expression.atom.notation}\` ${summary}: ${formula}`);
  }
  return lines.join('\n\n');
}

/** `depends on data and lower unknowns; affine in the lower unknowns; between 0 and ∞` */
export function factsText(expression: Expression): string {
  const { dependence } = expression;
  const parts = [dependenceText(dependence)];
  if ((dependence & Dependence.lower) !== 0) {
    const curvature = curvatureOf(expression);
    parts.push(
      curvature === 'none'
        ? 'not known to be convex or concave in the lower unknowns'
        : `${curvature} in the lower unknowns`,
    );
  }
  const range = rangeText(rangeOf(expression));
  if (range !== undefined) parts.push(range);
  return parts.join('; ');
}

export function dependenceText(dependence: DependenceSet): string {
  const names = [
    [Dependence.data, 'data'],
    [Dependence.upper, 'upper unknowns'],
    [Dependence.lower, 'lower unknowns'],
  ] as const;
  const present = names.filter(([bit]) => (dependence & bit) !== 0).map(([, name]) => name);
  if (present.length === 0) return 'constant';
  const last = present.at(-1) ?? '';
  return `depends on ${present.length === 1 ? last : `${present.slice(0, -1).join(', ')} and ${last}`}`;
}

/** Undefined for the whole line, which says nothing. */
export function rangeText({ lower, upper }: Interval): string | undefined {
  if (lower === -Infinity && upper === Infinity) return undefined;
  if (upper === Infinity) return `at least ${formatNumber(lower)}`;
  if (lower === -Infinity) return `at most ${formatNumber(upper)}`;
  return lower === upper
    ? `equal to ${formatNumber(lower)}`
    : `between ${formatNumber(lower)} and ${formatNumber(upper)}`;
}
