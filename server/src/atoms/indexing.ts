/**
 * `x[i]`, `A[i, :]`, `A[1..k, :]`: 1-based, both ends of a range included. An entry removes its axis.
 * The subscripts are symbolic and travel in the parameters; missing trailing ones mean `:`.
 */
import type { Dimension, Shape } from '../base/dimension.ts';
import {
  addDimensions,
  constantDimension,
  fixedDimension,
  formatDimension,
  formatShape,
  multiplyDimensions,
} from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom, Parameters, ShapeProblem, SliceRange } from './atom.ts';
import { wholeLine } from './expression.ts';

export function subscriptsOf(parameters: Parameters): readonly SliceRange[] {
  const { subscripts } = parameters;
  return Array.isArray(subscripts) ? (subscripts as readonly SliceRange[]) : [];
}

/** b - a, for ends that are polynomials. */
function difference(b: Dimension, a: Dimension): Dimension {
  return addDimensions(b, multiplyDimensions(a, fixedDimension(-1)));
}

/** Refuses what is known to lie outside 1..size; symbolic ends are checked when numbers are known. */
function outside(end: Dimension, size: Dimension, shape: Shape, axis: number): ShapeProblem | undefined {
  const at = constantDimension(end);
  const length = constantDimension(size);
  if (at === undefined || (at >= 1 && (length === undefined || at <= length))) return undefined;
  return {
    problem: `the subscript ${formatDimension(end)} lies outside 1..${formatDimension(size)}, axis ${axis + 1} of ${formatShape(shape)}`,
    remedy: 'subscripts count from 1',
    argument: 0,
  };
}

export const index: Atom = {
  name: 'index',
  notation: '[]',
  documentation: {
    signature: 'x[i], A[i, :], A[1..k, :]',
    summary: 'entries and ranges, counted from 1 with both ends included',
    formula: 'Aᵢⱼ',
  },
  arity: [1, 1],
  shape: ([argument], parameters) => {
    const shape = argument as Shape;
    const subscripts = subscriptsOf(parameters);
    if (subscripts.length > shape.length) {
      return {
        problem: `${subscripts.length} subscripts for ${formatShape(shape)}, which has ${shape.length}`,
        argument: 0,
      };
    }
    const result: Dimension[] = [];
    for (const [axis, size] of shape.entries()) {
      const subscript = subscripts[axis] ?? { kind: 'all' };
      if (subscript.kind === 'all') {
        result.push(size);
        continue;
      }
      const first = subscript.kind === 'entry' ? subscript.at : subscript.from;
      const last = subscript.kind === 'entry' ? subscript.at : subscript.to;
      const wrong = outside(first, size, shape, axis) ?? outside(last, size, shape, axis);
      if (wrong !== undefined) return wrong;
      if (subscript.kind === 'entry') continue;
      const length = addDimensions(difference(last, first), fixedDimension(1));
      const count = constantDimension(length);
      if (count !== undefined && count < 1) {
        return {
          problem: `the range ${formatDimension(first)}..${formatDimension(last)} is empty`,
          remedy: 'the first end of a range is at most its last',
          argument: 0,
        };
      }
      result.push(length);
    }
    return result;
  },
  range: ([a]) => a?.range ?? wholeLine,
  monotonicity: () => ['increasing'],
  curvature: () => 'affine',
  smoothness: Infinity,
  lower: (graph, args, parameters, dimension) => {
    const [a] = args as readonly [NodeId];
    const shape = graph.shape(a);
    const subscripts = subscriptsOf(parameters);
    const start: number[] = [];
    const stop: number[] = [];
    const kept: number[] = [];
    for (const [axis, size] of shape.entries()) {
      const subscript = subscripts[axis] ?? { kind: 'all' };
      const from =
        subscript.kind === 'all' ? 1 : dimension(subscript.kind === 'entry' ? subscript.at : subscript.from);
      const to =
        subscript.kind === 'all' ? size : dimension(subscript.kind === 'entry' ? subscript.at : subscript.to);
      start.push(from - 1);
      stop.push(to);
      if (subscript.kind !== 'entry') kept.push(to - from + 1);
    }
    return graph.reshape(graph.slice(a, start, stop), kept);
  },
};
