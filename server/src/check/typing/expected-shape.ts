/** Which shape is expected of a source or of generated data, from the declaration that it belongs to. */
import type { Dimension, Shape } from '../../base/dimension.ts';
import type { Expression as Syntax } from '../../syntax/tree.ts';

/** The shape of a source; an axis that is not known yet is that of the declaration. */
export function knownShape(
  shape: readonly (Dimension | undefined)[] | undefined,
  expected: Shape | undefined,
): Shape | undefined {
  if (shape === undefined) return expected;
  const known: Dimension[] = [];
  for (const [axis, dimension] of shape.entries()) {
    const either = dimension ?? (shape.length === expected?.length ? expected[axis] : undefined);
    if (either === undefined) return undefined;
    known.push(either);
  }
  return known;
}

/** Made of numbers only, as it is written. */
export function isNumberLike(syntax: Syntax): boolean {
  switch (syntax.kind) {
    case 'number':
      return true;
    case 'group':
      return isNumberLike(syntax.inner);
    case 'unary':
      return isNumberLike(syntax.operand);
    case 'binary':
      return isNumberLike(syntax.left) && isNumberLike(syntax.right);
    default:
      return false;
  }
}
