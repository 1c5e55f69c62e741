/**
 * What the atoms of a symmetric positive definite matrix share: its shape, the words of the refusals, and how
 * it stands in a signature. Whether a matrix is one is no matter of shapes: a value at which it is not is
 * not a number, and is reported where it arises.
 */
import type { Dimension, Shape } from '../base/dimension.ts';
import { formatDimension, formatShape, sameDimension } from '../base/dimension.ts';
import type { ShapeProblem } from './atom.ts';

/** What these atoms ask of their matrix; Atom.needs. */
export const needsDefinite = 'its matrix must be symmetric and positive definite';

/** Refuses all but square matrices at this argument. */
export function requireSquare(args: readonly Shape[], argument: number): ShapeProblem | undefined {
  const shape = args[argument] ?? [];
  const [rows, columns] = shape;
  if (shape.length === 2 && sameDimension(rows as Dimension, columns as Dimension)) return undefined;
  return {
    problem: `this must be a square matrix, symmetric and positive definite, but is ${formatShape(shape)}`,
    argument,
  };
}

/** Refuses what is not a vector or a matrix with as many rows as the square matrix, at `sides`. */
export function requireSides(
  args: readonly Shape[],
  matrix: number,
  sides: number,
): ShapeProblem | undefined {
  const wrong = requireSquare(args, matrix);
  if (wrong !== undefined) return wrong;
  const [size] = args[matrix] as readonly [Dimension];
  const shape = args[sides] ?? [];
  const [rows] = shape;
  if (rows !== undefined && shape.length <= 2 && sameDimension(rows, size)) return undefined;
  return {
    problem: `a system with ${formatShape(args[matrix] ?? [])} needs a vector or a matrix of ${formatDimension(size)} rows, not ${formatShape(shape)}`,
    argument: sides,
  };
}
