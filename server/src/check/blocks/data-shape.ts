/**
 * How an array that was read fits a declaration of fewer axes: a file of one column or of one row is
 * a vector where a vector is declared, and a file of one number is a scalar. The checker (with
 * dimensions) and the data stage (with numbers) both ask here, so that they never disagree. The
 * entries keep their order, since only axes of length one are left out.
 */

/** The shape with axes of length one left out until it has `rank` axes; as it is when that cannot be. */
export function shapeAsDeclared<Length>(
  shape: readonly Length[],
  rank: number,
  isOne: (length: Length) => boolean,
): readonly Length[] {
  if (shape.length <= rank || rank > 1) return shape;
  const longer = shape.filter((length) => !isOne(length));
  if (longer.length === rank) return longer;
  // One number where a vector of length one is declared.
  return longer.length < rank ? shape.slice(0, rank) : shape;
}
