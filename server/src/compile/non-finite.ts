/**
 * Finds where a value that is not a finite number arises: the smallest subexpression whose value is not
 * finite although its arguments are; or, when all values are finite, the one through which the derivative
 * stops being finite (a square root at 0, for example).
 */
import type { Span } from '../base/span.ts';
import type { Expression } from '../atoms/expression.ts';
import { partsOf } from '../atoms/expression.ts';
import { gradient } from '../autodiff/reverse.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Evaluator } from '../kernels/evaluator.ts';
import type { ExpressionLowering } from './lower-expression.ts';

export interface NonFinite {
  readonly level: 'upper' | 'lower';
  readonly what: 'value' | 'derivative';
  /** NaN, Infinity or -Infinity. */
  readonly value: number;
  readonly span: Span;
  /** What the function there asks of its arguments, in words, where that is known. */
  readonly needs?: string;
}

/** Looks through one objective, or the map of a fixed point, at the evaluator's current inputs. */
export function findNonFiniteIn(
  objective: Expression,
  level: NonFinite['level'],
  whole: ExpressionLowering,
  evaluator: Evaluator,
): NonFinite | undefined {
  const lowering = whole.oneByOne();
  const smallest = smallestWith(objective, lowering, (expression, within) =>
    firstNonFinite(evaluator, within.lower(expression)),
  );
  if (smallest !== undefined) return { level, what: 'value', ...smallest };

  const { graph } = lowering;
  const output = graph.sum(lowering.lower(objective));
  const waiting: Place[] = [{ expression: objective, lowering }];
  for (let outer = waiting.pop(); outer !== undefined; outer = waiting.pop()) {
    for (const part of placesIn(outer)) {
      const [adjoint] = gradient(graph, output, [part.lowering.lower(part.expression)]) as [NodeId];
      const value = firstNonFinite(evaluator, adjoint);
      if (value !== undefined) return { level, what: 'derivative', value, span: outer.expression.span };
      waiting.push(part);
    }
  }
  return undefined;
}

/** An expression, and the lowering in which the indices around it have values. */
interface Place {
  readonly expression: Expression;
  readonly lowering: ExpressionLowering;
}

function placesIn({ expression, lowering }: Place): readonly Place[] {
  if (expression.kind !== 'comprehension')
    return partsOf(expression).map((part) => ({ expression: part, lowering }));
  return lowering.forEach(expression).map((each) => ({ expression: expression.body, lowering: each }));
}

/** The deepest, leftmost expression with the property. */
function smallestWith(
  expression: Expression,
  lowering: ExpressionLowering,
  property: (expression: Expression, lowering: ExpressionLowering) => number | undefined,
): { value: number; span: Span; needs?: string } | undefined {
  for (const part of placesIn({ expression, lowering })) {
    const found = smallestWith(part.expression, part.lowering, property);
    if (found !== undefined) return found;
  }
  const value = property(expression, lowering);
  if (value === undefined) return undefined;
  const needs = needsOf(expression);
  return { value, span: expression.span, ...(needs === undefined ? {} : { needs }) };
}

function needsOf(expression: Expression): string | undefined {
  if (expression.kind !== 'apply') return undefined;
  const { atom, parameters } = expression;
  const [words] = (atom.domain?.(parameters) ?? []).flatMap((rule) => rule?.words ?? []);
  return atom.needs?.(parameters) ?? (words === undefined ? undefined : `an argument must be ${words}`);
}

function firstNonFinite(evaluator: Evaluator, node: NodeId): number | undefined {
  const [values] = evaluator.evaluate(evaluator.plan([node])) as [Float64Array];
  return values.find((value) => !Number.isFinite(value));
}
