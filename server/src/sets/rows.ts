/** `rows(set)`: each row (along the last axis) in the set. Rows are projected one by one. */
import type { Projected, Projector } from './set.ts';

export const rowsDocumentation = {
  signature: 'rows(set)',
  summary: 'each row of a matrix in the set',
  formula: '(xᵢ₁, …, xᵢₖ) ∈ set for every i',
} as const;

export function ontoRows(projectors: readonly Projector[], length: number): Projector {
  return (y) => {
    const point = y.slice();
    const parts: Projected[] = projectors.map((project, row) => {
      const projected = project(y.slice(row * length, (row + 1) * length));
      point.set(projected.point, row * length);
      return projected;
    });
    return { point, ...together(parts) };
  };
}

/** The error of several arrays beside each other. */
export function together(parts: readonly Projected[]): Pick<Projected, 'error' | 'kind'> {
  const squares = parts.reduce((sum, { error }) => sum + error * error, 0);
  // A sum of as many squares and a root, rounded up; the last term covers squares that underflow.
  const error = Math.sqrt(squares) * (1 + (parts.length + 4) * 2 ** -52);
  const largest = parts.reduce((most, part) => Math.max(most, part.error), 0);
  return {
    error: error < largest ? largest * Math.sqrt(parts.length) * (1 + 2 ** -50) : error,
    kind: parts.every(({ kind }) => kind === 'certified') ? 'certified' : 'estimated',
  };
}
