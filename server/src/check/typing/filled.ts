/** `eye(n)`, `zeros(n)` and `ones(m, n)` in an expression: no data, but numbers with a shape. */
import { applied } from '../../atoms/definition.ts';
import { diag } from '../../atoms/diag.ts';
import type { Expression } from '../../atoms/expression.ts';
import type { Dimension, Shape } from '../../base/dimension.ts';
import type { Span } from '../../base/span.ts';
import { Dependence } from '../../graph/primitive.ts';

/** Undefined where the sizes are not written. */
export function filledWith(
  name: string,
  written: readonly (Dimension | undefined)[] | undefined,
  span: Span,
): Expression | undefined {
  const shape = written?.filter((size) => size !== undefined);
  if (shape === undefined || shape.length < (written?.length ?? 0)) return undefined;
  const all = (value: number, sizes: Shape): Expression => ({
    kind: 'number',
    value,
    shape: sizes,
    dependence: Dependence.none,
    span,
  });
  if (name === 'eye') return applied(diag, [all(1, shape.slice(0, 1))], span);
  return all(name === 'ones' ? 1 : 0, shape);
}
