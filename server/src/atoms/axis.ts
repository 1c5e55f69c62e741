/**
 * The option `axis = k` of reductions: the k-th axis, counted from 1, is the one that disappears, so that
 * `sum(A, axis = 1)` has one entry a column and `sum(A, axis = 2)` one a row. Without it all entries are
 * reduced to a number. No axis of length 1 stays behind: vectors are columns.
 */
import type { Dimension, Shape } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Graph } from '../graph/graph.ts';
import type { AtomConstant, LinearNorms, Parameters, ShapeProblem } from './atom.ts';
import type { Formula } from './formula.ts';
import { one, squareRoot, zero } from './formula.ts';
import { entryCount } from './interval.ts';
import { axisOption, requireAxis } from './shape-rules.ts';
import { sizeOf } from './size.ts';

/** Only by its name: `sum(A, 1)` means other things elsewhere. */
export const reductionAxis: AtomConstant = { ...axisOption, named: true };

/** The axis counted from 0, if one was given. */
export function reducedAxis(parameters: Parameters): number | undefined {
  const { axis } = parameters;
  return typeof axis === 'number' ? axis - 1 : undefined;
}

export function reducedShape(args: readonly Shape[], parameters: Parameters): Shape | ShapeProblem {
  const [shape = []] = args;
  const axis = reducedAxis(parameters);
  if (axis === undefined) return [];
  return requireAxis(shape, parameters, 'reduce') ?? shape.filter((_, at) => at !== axis);
}

/** The dimensions of what is reduced to one entry. */
export function reducedAway(shape: Shape, parameters: Parameters): readonly Dimension[] {
  const axis = reducedAxis(parameters);
  const dimension = axis === undefined ? undefined : shape[axis];
  return dimension === undefined ? shape : [dimension];
}

/** How many entries are reduced to one, where that is known as a number. */
export function reducedCount(shape: Shape, parameters: Parameters): number | undefined {
  return entryCount(reducedAway(shape, parameters));
}

/** True when the last axis is meant, which row functions reduce without being told. */
export function isLastAxis(shape: Shape, parameters: Parameters): boolean {
  const axis = reducedAxis(parameters);
  return axis === undefined || axis === shape.length - 1;
}

/** For the graph: the axes to reduce, all of them when absent. */
export function graphAxes(parameters: Parameters): readonly number[] | undefined {
  const axis = reducedAxis(parameters);
  return axis === undefined ? undefined : [axis];
}

/** The reduced array with an axis of length 1 again, so that it spreads over what it came from. */
export function spreadable(
  graph: Graph,
  reduced: NodeId,
  shape: readonly number[],
  parameters: Parameters,
): NodeId {
  const axis = reducedAxis(parameters);
  return axis === undefined ? reduced : graph.reshape(reduced, shape.with(axis, 1));
}

/** Sums of k entries each, every entry in one sum. */
export function sumNorms(shape: Shape, parameters: Parameters): LinearNorms {
  const count: Formula = sizeOf(reducedAway(shape, parameters));
  const root = squareRoot(count);
  return { euclid: root, largest: root, rows: root, rowSum: count, columnSum: one, gram: zero };
}
