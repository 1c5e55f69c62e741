/**
 * The product `a * b`. `0.5 * w' * P * w` groups from the left, as ((0.5 w') P) w, which hides that it is half of a
 * quadratic form; factors, divisors and signs of arrays that depend on unknowns therefore move in front of their
 * product, (s A) B = s (A B). Data keep theirs, as they are multiplied once.
 */
import type { Span } from '../../base/span.ts';
import { cover } from '../../base/span.ts';
import { productOfShapes } from '../../atoms/batched-matmul.ts';
import type { Expression } from '../../atoms/expression.ts';
import { Dependence } from '../../graph/primitive.ts';
import type { Application } from './application.ts';
import { starFixes } from './operator-remedies.ts';

/** The product at `span`, `operator` being the place of the `*`; undefined when shapes do not fit, which is reported. */
export function productOf(
  application: Application,
  left: Expression,
  right: Expression,
  span: Span,
  operator: Span,
): Expression | undefined {
  const times = (a: Expression, b: Expression, whole: Span): Expression | undefined => {
    const { name } = productOfShapes(a.shape, b.shape);
    return application.apply(name, [a, b], {}, whole, starFixes(a, b, operator));
  };
  if (left.shape.length === 0 || right.shape.length === 0) return times(left, right, span);
  const [a, b] = [withoutScalars(left), withoutScalars(right)];
  const scalings = [...b.scalings, ...a.scalings];
  const whole = scalings.length === 0 ? span : cover(a.array.span, b.array.span);
  let result = times(a.array, b.array, whole);
  for (const { operation, by } of scalings) {
    if (result === undefined) return undefined;
    if (by === undefined) result = application.apply('negate', [result], {}, span);
    else if (operation === 'divide') result = application.apply('divide', [result, by], {}, span);
    else result = times(by, result, span);
  }
  return result;
}

/** What stood around an array: an operation, and its number unless it is a sign. */
interface Scaling {
  readonly operation: string;
  readonly by?: Expression;
}

interface ScaledArray {
  readonly array: Expression;
  /** From the innermost outwards. */
  readonly scalings: readonly Scaling[];
}

/** The array without the numbers around it; the expression itself where there are none, or only data below. */
function withoutScalars(expression: Expression): ScaledArray {
  const bare: ScaledArray = { array: expression, scalings: [] };
  if (expression.kind !== 'apply' || expression.shape.length === 0) return bare;
  const { atom, args } = expression;
  const operation = atom.name;
  const array = args.find(({ shape }) => shape.length > 0);
  const by = args.find(({ shape }) => shape.length === 0);
  const isScaled =
    operation === 'negate' ||
    (by !== undefined &&
      (['matmul', 'multiply'].includes(operation) || (operation === 'divide' && by === args[1])));
  if (!isScaled || array === undefined) return bare;
  if ((array.dependence & (Dependence.upper | Dependence.lower)) === 0) return bare;
  const inner = withoutScalars(array);
  const scaling: Scaling = by === undefined ? { operation } : { operation, by };
  return { array: inner.array, scalings: [...inner.scalings, scaling] };
}
