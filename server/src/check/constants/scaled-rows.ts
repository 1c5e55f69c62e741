/**
 * Rows of A (c .* u) for data A: its derivative in u has the rows a_i .* c, and max ‖a_i .* c‖ is often several
 * times less than max ‖a_i‖ max |c|, as the entries of c are not all as large as the largest. Where c moves on the
 * ball, ‖a_i .* (c − c~)‖ is at most max |a_ij| ‖c − c~‖.
 */
import type { Expression } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import { add, largestAbsolute, largestRowNorm, multiply, radius } from '../../atoms/formula.ts';
import { isData } from '../curvature.ts';
import type { Calculus } from './calculus.ts';
import type { Order } from './derivative-rules.ts';
import { X } from './derivative-rules.ts';
import { levelsOf, scaleColumns } from './expressions.ts';

/** Of the largest row of a first derivative; undefined where e is no such product. */
export function largestScaledRow(calculus: Calculus, e: Expression, { x }: Order): Formula | undefined {
  if (e.kind !== 'apply' || e.atom.name !== 'matmul') return undefined;
  const [a, b] = e.args as readonly [Expression, Expression];
  const levels = a.shape.length === 2 && b.shape.length === 1 && isData(a) ? levelsOf(b) : undefined;
  if (levels === undefined || levels.divides) return undefined;
  const [moving, c] = x === 1 ? [levels.lower, levels.upper] : [levels.upper, levels.lower];
  if (moving.kind !== 'symbol' || moving.shape.length !== 1 || c.shape.length !== 1) return undefined;
  const rows = largestRowNorm([scaleColumns(a, c)]);
  if (x === 1) return rows;
  if (calculus.region !== 'ball') return undefined;
  return add(rows, multiply(radius, largestAbsolute(a), calculus.bound(c, X, 'euclid')));
}
