/**
 * What is known of an expression: itself as a formula, its shape, what it depends on, its range and its
 * curvature in the lower unknowns with the rule that shows it; of an operator, what it means.
 */
import { formatShape } from '../../base/dimension.ts';
import type { Expression, Interval } from '../../atoms/expression.ts';
import { formatExpression, formatNumber } from '../../atoms/formula-text.ts';
import { rangeOf } from '../../check/curvature.ts';
import { Dependence } from '../../graph/primitive.ts';
import type { DependenceSet } from '../../graph/primitive.ts';
import type { Expression as Syntax } from '../../syntax/tree.ts';
import { expressionOf } from '../../check/facts.ts';
import type { Snapshot } from '../../workspace/document.ts';
import { curvatureText } from './curvature.ts';
import { codeBlock, formula, inCode } from '../markdown.ts';
import { typedMath } from '../mathematics/from-formula.ts';
import { expressionMath } from '../mathematics/from-syntax.ts';
import type { Known } from '../mathematics/from-syntax.ts';
import { unicodeMath } from '../mathematics/from-unicode.ts';

/** Longer expressions are cut in a hover. */
const longestExpression = 200;

/** `written`: the expression as it stands in the text, with the author's own names. */
export function expressionText(
  expression: Expression,
  written: Syntax | undefined,
  snapshot: Snapshot,
): string {
  const text = formatExpression(expression);
  const shown = text.length > longestExpression ? `${text.slice(0, longestExpression)}…` : text;
  const math = written === undefined ? typedMath(expression) : expressionMath(written, knownOf(snapshot));
  const lines = [codeBlock(`${shown} : ${formatShape(expression.shape)}`)];
  if (expression.kind === 'apply') lines.push(formula(math));
  lines.push(factsText(expression));
  const curvature = curvatureText(expression, snapshot);
  if (curvature !== '') lines.push(`${curvature.charAt(0).toUpperCase()}${curvature.slice(1)}.`);
  if (expression.kind === 'apply' && expression.atom.notation !== undefined) {
    const { summary, formula: meaning } = expression.atom.documentation;
    lines.push(`${inCode(expression.atom.notation)} ${summary}: ${formula(unicodeMath(meaning))}`);
  }
  return lines.join('\n\n');
}

/** Numbers of axes by place, for the notation of norms, and the functions of the file, which have none. */
export function knownOf({ checked: { facts } }: Snapshot): Known {
  return {
    rankOf: (span) => expressionOf(facts, span)?.shape.length,
    isOwn: (name) =>
      facts.names.some((each) => each.name === name && each.definition?.parameters !== undefined),
  };
}

/** `depends on data and lower unknowns; between 0 and ∞` */
export function factsText(expression: Expression): string {
  const range = rangeText(rangeOf(expression));
  return [dependenceText(expression.dependence), ...(range === undefined ? [] : [range])].join('; ');
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
