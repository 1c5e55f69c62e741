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
export function together(parts: readonly Projected[]): Pick<Projected, 'error' | 'kind' | 'proved'> {
  const error = rootOfSquares(parts.map((part) => part.error));
  if (parts.every(({ kind }) => kind === 'certified')) return { error, kind: 'certified' };
  const proved = parts.map((part) => (part.kind === 'certified' ? part.error : (part.proved ?? Infinity)));
  const whole = rootOfSquares(proved);
  return { error, kind: 'estimated', ...(Number.isFinite(whole) && { proved: whole }) };
}

function rootOfSquares(errors: readonly number[]): number {
  const squares = errors.reduce((sum, error) => sum + error * error, 0);
  // A sum of as many squares and a root, rounded up; the last term covers squares that underflow.
  const root = Math.sqrt(squares) * (1 + (errors.length + 4) * 2 ** -52);
  const largest = errors.reduce((most, error) => Math.max(most, error), 0);
  return root < largest ? largest * Math.sqrt(errors.length) * (1 + 2 ** -50) : root;
}
