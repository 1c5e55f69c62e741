/**
 * Finds where a value that is not a finite number arises: the smallest subexpression whose value is not
 * finite although its arguments are; or, when all values are finite, the one through which the derivative
 * stops being finite (a square root at 0, for example).
 */
import type { Span } from '../base/span.ts';
import type { Expression } from '../atoms/expression.ts';
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
}

/** Looks through one objective at the evaluator's current inputs. */
export function findNonFiniteIn(
  objective: Expression,
  level: NonFinite['level'],
  lowering: ExpressionLowering,
  evaluator: Evaluator,
): NonFinite | undefined {
  const valueOf = (expression: Expression) => firstNonFinite(evaluator, lowering.lower(expression));
  const smallest = smallestWith(objective, valueOf);
  if (smallest !== undefined) return { level, what: 'value', ...smallest };

  const output = lowering.lowerTo(objective, []);
  const derivativeOf = (expression: Expression) => {
    const [adjoint] = gradient(lowering.graph, output, [lowering.lower(expression)]) as [NodeId];
    return firstNonFinite(evaluator, adjoint);
  };
  const waiting: Expression[] = [objective];
  for (let outer = waiting.pop(); outer !== undefined; outer = waiting.pop()) {
    if (outer.kind !== 'apply') continue;
    for (const argument of outer.args) {
      const value = derivativeOf(argument);
      if (value !== undefined) return { level, what: 'derivative', value, span: outer.span };
      waiting.push(argument);
    }
  }
  return undefined;
}

/** The deepest, leftmost expression with the property. */
function smallestWith(
  expression: Expression,
  property: (expression: Expression) => number | undefined,
): { value: number; span: Span } | undefined {
  if (expression.kind === 'apply') {
    for (const argument of expression.args) {
      const found = smallestWith(argument, property);
      if (found !== undefined) return found;
    }
  }
  const value = property(expression);
  return value === undefined ? undefined : { value, span: expression.span };
}

function firstNonFinite(evaluator: Evaluator, node: NodeId): number | undefined {
  const [values] = evaluator.evaluate(evaluator.plan([node])) as [Float64Array];
  return values.find((value) => !Number.isFinite(value));
}
