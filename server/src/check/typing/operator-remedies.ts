/** What an operator between arrays that do not fit it was most likely meant for. */
import type { Expression } from '../../atoms/expression.ts';
import type { Fix } from '../../base/diagnostic.ts';
import type { Dimension, Shape } from '../../base/dimension.ts';
import { sameDimension } from '../../base/dimension.ts';
import type { Span } from '../../base/span.ts';

/** What a power of a square matrix is written as. */
export function powerOfMatrix(shape: Shape, exponent: number | undefined): string | undefined {
  const [rows, columns] = shape;
  if (shape.length !== 2 || !sameDimension(rows as Dimension, columns as Dimension)) return undefined;
  if (exponent === -1)
    return 'write `inv(A)` for the inverse, or `solve(A, b)` where it multiplies b; entry by entry `.^`';
  return exponent === 2 ? 'write `A * A` for the product, `.^` entry by entry' : undefined;
}

/** `*` between equal shapes was most likely meant entry by entry. */
export function starFixes(left: Expression, right: Expression, operator: Span): readonly Fix[] {
  if (left.shape.length === 0 || left.shape.length !== right.shape.length) return [];
  if (!left.shape.every((dimension, axis) => sameDimension(dimension, right.shape[axis] as Dimension)))
    return [];
  return [{ title: 'Write .* (entry by entry)', span: operator, replacement: '.*' }];
}
