/**
 * What the atoms of square matrices share: their shapes, the words of the refusals, and whether a system is one with
 * a positive definite matrix or with any other. Whether a matrix has an inverse is no matter of shapes: a value at
 * which it has none is not a number, and is reported where it arises.
 */
import type { Dimension, Shape } from '../base/dimension.ts';
import { fixedDimension, formatDimension, formatShape, sameDimension } from '../base/dimension.ts';
import type { Graph } from '../graph/graph.ts';
import type { MatrixForm, NodeId } from '../graph/primitive.ts';
import type { Atom, Parameters, ShapeProblem } from './atom.ts';
import { isSemidefinite } from './semidefinite.ts';

/** What atoms of definite matrices ask of theirs; Atom.needs. */
export const needsDefinite = (): string => 'its matrix must be symmetric and positive definite';

/** How the matrix of a system is taken: definite where the checker saw that it is none other, else only invertible. */
export function formOf({ form }: Parameters): MatrixForm {
  return form === 'general' ? 'general' : 'definite';
}

/** What atoms of invertible matrices have in common, the matrix being their first argument. */
export const invertible: Pick<Atom, 'attributes' | 'needs'> = {
  attributes: (_shapes, [matrix]) => ({
    form: matrix !== undefined && isSemidefinite(matrix) ? 'definite' : 'general',
  }),
  needs: (parameters) =>
    formOf(parameters) === 'definite' ? needsDefinite() : 'its matrix must have an inverse',
};

/** Refuses all but square matrices at this argument; a scalar is one of 1 x 1, as a product with such a result is. */
export function requireSquare(
  args: readonly Shape[],
  argument: number,
  kind = ', symmetric and positive definite',
): ShapeProblem | undefined {
  const shape = args[argument] ?? [];
  const [rows, columns] = shape;
  if (shape.length === 0) return undefined;
  if (shape.length === 2 && sameDimension(rows as Dimension, columns as Dimension)) return undefined;
  return {
    problem: `this must be a square matrix${kind}, but is ${formatShape(shape)}`,
    argument,
  };
}

/** The matrix as one, also where it is a scalar. */
export function asSquare(graph: Graph, matrix: NodeId): NodeId {
  return graph.shape(matrix).length === 0 ? graph.reshape(matrix, [1, 1]) : matrix;
}

/** Refuses what is not a vector or a matrix with as many rows as the square matrix, at `sides`. */
export function requireSides(
  args: readonly Shape[],
  matrix: number,
  sides: number,
  kind?: string,
): ShapeProblem | undefined {
  const wrong = requireSquare(args, matrix, kind);
  if (wrong !== undefined) return wrong;
  const [size = fixedDimension(1)] = args[matrix] as Shape;
  const shape = args[sides] ?? [];
  const [rows = fixedDimension(1)] = shape;
  if (shape.length <= 2 && sameDimension(rows, size)) return undefined;
  return {
    problem: `a system with ${formatShape(args[matrix] ?? [])} needs a vector or a matrix of ${formatDimension(size)} rows, not ${formatShape(shape)}`,
    argument: sides,
  };
}
