/**
 * The shape rules that several atoms share, with the words of their refusals. Dimensions are
 * symbolic: two fit when they are written alike after normalisation; the checker tries again with
 * the numbers that data and `let` gave before it reports a refusal.
 */
import type { Dimension, Shape } from '../base/dimension.ts';
import {
  constantDimension,
  fixedDimension,
  formatDimension,
  formatShape,
  sameDimension,
} from '../base/dimension.ts';
import type { AtomConstant, Parameters, ShapeProblem } from './atom.ts';

export function isShapeProblem(result: Shape | ShapeProblem): result is ShapeProblem {
  return !Array.isArray(result);
}

export function isOne(dimension: Dimension | undefined): boolean {
  return dimension !== undefined && constantDimension(dimension) === 1;
}

/** Trailing axes aligned; an axis of length 1, or a missing leading axis, is repeated. */
export function broadcastShapes(a: Shape, b: Shape): Shape | ShapeProblem {
  const rank = Math.max(a.length, b.length);
  const result: Dimension[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[axis - rank + a.length];
    const right = b[axis - rank + b.length];
    if (left === undefined || isOne(left)) result.push((right ?? left) as Dimension);
    else if (right === undefined || isOne(right) || sameDimension(left, right)) result.push(left);
    else {
      return {
        problem: `${formatShape(a)} and ${formatShape(b)} do not fit entry by entry: ${formatDimension(left)} against ${formatDimension(right)}`,
        ...(columnRemedy(a, b) === undefined ? {} : { final: true }),
        remedy: columnRemedy(a, b) ?? 'give both the same shape; axes are aligned from the last one',
      };
    }
  }
  return result;
}

/**
 * A vector is a column, so that beside a matrix of one column no spreading can be meant: columns of n and of m
 * entries would make an n x m matrix.
 */
function columnProblem(a: Shape, b: Shape): ShapeProblem | undefined {
  const [matrix, vector] = a.length === 2 ? [a, b] : [b, a];
  const [rows, columns] = matrix;
  const [entries] = vector;
  if (matrix.length !== 2 || vector.length !== 1 || rows === undefined || entries === undefined)
    return undefined;
  if (isOne(entries) || isOne(rows) || !isOne(columns)) return undefined;
  const [left, right] = a.length === 2 ? [rows, entries] : [entries, rows];
  return {
    problem: `${formatShape(a)} and ${formatShape(b)} would spread over each other to ${formatDimension(left)} x ${formatDimension(right)} entries`,
    remedy: 'take the only column of the matrix as a vector, `A[:, 1]`, or declare it as a vector',
    final: true,
  };
}

/**
 * Nor can a row and a column be added as if both lay the same way. By the names of dimensions only: of a matrix
 * that happens to have one row, entry by entry is meant as for any other.
 */
export function rowProblem(args: readonly Shape[]): ShapeProblem | undefined {
  const row = args.find(
    (shape) => shape.length === 2 && isOne(shape[0]) && shape[1] !== undefined && !isOne(shape[1]),
  );
  const column = args.find(
    (shape) => shape.length === 1 && sameDimension(shape[0] as Dimension, row?.[1] ?? fixedDimension(0)),
  );
  if (row === undefined || column === undefined) return undefined;
  return {
    problem: `${formatShape(row)} is a row and ${formatShape(column)} a column`,
    remedy: "transpose one of the two: `r'` of a row is a column, `v'` of a vector a row",
  };
}

/** A vector meant for the rows of a matrix: `v` is aligned with the columns. */
function columnRemedy(a: Shape, b: Shape): string | undefined {
  const [matrix, vector] = a.length === 2 ? [a, b] : [b, a];
  const [rows] = matrix;
  const [entries] = vector;
  if (matrix.length !== 2 || vector.length !== 1 || rows === undefined || entries === undefined)
    return undefined;
  if (!sameDimension(rows, entries)) return undefined;
  return "a vector is aligned with the last axis, the columns; for one value a row write `diag(v) * A`, or work with `A'`";
}

/** All arguments have one shape up to broadcasting. */
export function broadcastAll(args: readonly Shape[]): Shape | ShapeProblem {
  let shape: Shape = [];
  for (const [argument, next] of args.entries()) {
    // Neither of the two is to blame: the whole is marked.
    const column = columnProblem(shape, next);
    if (column !== undefined) return column;
    const result = broadcastShapes(shape, next);
    if (isShapeProblem(result)) return { ...result, argument };
    shape = result;
  }
  return shape;
}

export function requireRank(
  args: readonly Shape[],
  argument: number,
  ranks: readonly number[],
  words: string,
): ShapeProblem | undefined {
  const shape = args[argument] ?? [];
  if (ranks.includes(shape.length)) return undefined;
  return { problem: `this must be ${words}, but is ${formatShape(shape)}`, argument };
}

/** The option that names an axis, counted from 1. */
export const axisOption: AtomConstant = { name: 'axis', optional: true, least: 1, whole: true };

/** The axis of the option, counted from 0; without it the last one (or the first). */
export function axisOf(parameters: Parameters, rank: number, otherwise: 'first' | 'last' = 'last'): number {
  const { axis } = parameters;
  if (typeof axis === 'number') return axis - 1;
  return otherwise === 'first' ? 0 : Math.max(0, rank - 1);
}

/** Refuses scalars and an axis that the argument does not have. */
export function requireAxis(shape: Shape, parameters: Parameters, what: string): ShapeProblem | undefined {
  if (shape.length === 0) {
    return {
      problem: `a scalar has no axis to ${what}`,
      remedy: 'give a vector, a matrix or a tensor',
      argument: 0,
    };
  }
  const axis = axisOf(parameters, shape.length);
  if (axis < shape.length) return undefined;
  return {
    problem: `there is no axis ${axis + 1} in ${formatShape(shape)}`,
    remedy: `the axes are counted from 1 to ${shape.length}`,
    argument: 0,
  };
}
