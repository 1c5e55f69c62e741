/**
 * The sets of unknowns and data with their numbers: one projection for all unknowns of a level. What only
 * the data decide is a diagnostic at the set: that it is empty, or that no projection onto it is accurate.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Projected } from '../base/projected.ts';
import type { ArraySymbol, Expression } from '../atoms/expression.ts';
import { emptySet } from '../check/diagnostics.ts';
import type { CheckedLevel, CheckedLower, UnknownSet } from '../check/problem.ts';
import { distanceAbove, normBounds } from '../sets/directed.ts';
import { projectorOf } from '../sets/projector.ts';
import { together } from '../sets/rows.ts';
import type { Box, Projector } from '../sets/set.ts';
import { isEmpty } from '../sets/set.ts';
import { demandsOf } from '../sets/written.ts';
import { setAccuracy } from './diagnostics.ts';
import { part } from './layout.ts';
import type { Layout } from './layout.ts';

/** What evaluates the arguments of sets and takes what is wrong with them. */
export interface SetData {
  readonly diagnostics: Diagnostic[];
  evaluateFor(
    expression: Expression,
    symbol: ArraySymbol,
    shape: readonly number[],
    span: Expression['span'],
  ): Float64Array | undefined;
}

/** The projection onto one set; undefined with a diagnostic where there is none. */
export function projectorOfSet(
  set: UnknownSet,
  symbol: ArraySymbol,
  shape: readonly number[],
  data: SetData,
): Projector | undefined {
  const demands = demandsOf(set, shape, (argument, wanted) =>
    data.evaluateFor(argument, symbol, wanted, argument.span),
  );
  if (demands === undefined) return undefined;
  const projector = isEmpty(demands) ? demands : projectorOf(demands, shape);
  if (!isEmpty(projector)) return projector;
  data.diagnostics.push(emptySet(set.span, projector.empty));
  return undefined;
}

/** Relative to the point; hypergradients are wanted to six digits, and this leaves two more. */
const leastAccuracy = 1e-8;

/** The projection of a level's vector; undefined where no unknown has a set. */
export function projectorOfLevel(
  level: CheckedLevel,
  layout: Layout,
  start: Float64Array,
  data: SetData,
): Projector | undefined {
  const parts = level.unknowns.flatMap(({ symbol, set }, k) => {
    const place = layout.unknowns[k];
    if (set === undefined || place === undefined) return [];
    const project = projectorOfSet(set, symbol, place.shape, data);
    if (project === undefined) return [];
    checkAccuracy(project, part(start, place), set, data);
    return [{ project, place }];
  });
  if (parts.length === 0) return undefined;
  return (theta) => {
    const point = theta.slice();
    const projected: Projected[] = parts.map(({ project, place }) => {
      const own = project(part(theta, place));
      point.set(own.point, place.offset);
      return own;
    });
    return { point, ...together(projected) };
  };
}

/** The ends of a lower level's boxes; undefined where no unknown has a set. */
export function boxOfLower(level: CheckedLower, layout: Layout, data: SetData): Box | undefined {
  if (level.unknowns.every(({ set }) => set === undefined)) return undefined;
  const ends = {
    lower: new Float64Array(layout.size).fill(-Infinity),
    upper: new Float64Array(layout.size).fill(Infinity),
  };
  level.unknowns.forEach(({ symbol, set }, k) => {
    const place = layout.unknowns[k];
    if (set === undefined || place === undefined) return;
    const demands = demandsOf(set, place.shape, (argument, wanted) =>
      data.evaluateFor(argument, symbol, wanted, argument.span),
    );
    if (demands === undefined) return;
    if (isEmpty(demands)) {
      data.diagnostics.push(emptySet(set.span, demands.empty));
      return;
    }
    const boxes = demands.rows?.map(({ box }) => box) ?? [demands.box];
    const length = place.length / boxes.length;
    boxes.forEach((box, row) => {
      if (box === undefined) return;
      ends.lower.set(box.lower, place.offset + row * length);
      ends.upper.set(box.upper, place.offset + row * length);
    });
  });
  return ends;
}

/** Projects the start and a point beside it, where the error is a matter of luck. */
function checkAccuracy(project: Projector, start: Float64Array, set: UnknownSet, data: SetData): void {
  const first = project(start);
  if (first.kind === 'certified') return;
  const scale = Math.max(1, normBounds(first.point).above);
  const beside = first.point.map((value, i) => value + (i % 2 === 0 ? scale : -scale));
  const error = Math.max(first.error, project(beside).error);
  if (!(error <= leastAccuracy * scale)) data.diagnostics.push(setAccuracy(set.span, error));
}

/** The distance of a projection to what was projected, 0 where it is no more than rounding. */
export function distanceMoved(
  from: Float64Array,
  { point, error }: Pick<Projected, 'point' | 'error'>,
): number {
  const distance = distanceAbove(from, point);
  return distance <= error + 1e-12 * normBounds(from).above ? 0 : distance;
}
