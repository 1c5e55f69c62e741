/**
 * From demands to a projection: intersections are merged demand by demand (the smaller radius, the common
 * box, row by row), and what is left is projected onto in closed form or by one root where that is
 * possible, else by Dykstra's algorithm over the parts that are. The result always lies in the box of the
 * demands exactly, because ranges of expressions rely on it; that only brings it closer to the set.
 */
import { ontoBall, withinBall } from './ball.ts';
import { clip, intersectBoxes, ontoBox } from './box.ts';
import { normBounds } from './directed.ts';
import { dykstra, provedError } from './dykstra.ts';
import { hasRoom, interiorFinder } from './interior.ts';
import type { Interior } from './interior.ts';
import { ontoEigenvalues } from './psd.ts';
import { ontoRows } from './rows.ts';
import type { Box, Demands, Empty, Projector } from './set.ts';
import { isEmpty, sizeOf } from './set.ts';
import { ontoBoxWithTotal } from './simplex.ts';
import { ontoSpectralBall } from './spectral-ball.ts';
import { amongSymmetric, ontoSymmetricWithSums, withSymmetricBox } from './symmetric.ts';
import { withTotal } from './total.ts';

/** What fulfils both. */
export function intersect(a: Demands, b: Demands): Demands | Empty {
  const box = a.box === undefined || b.box === undefined ? (a.box ?? b.box) : intersectBoxes(a.box, b.box);
  if (box !== undefined && isEmpty(box)) return box;
  if (a.total !== undefined && b.total !== undefined && a.total !== b.total) {
    return { empty: `no sum is both ${a.total} and ${b.total}` };
  }
  const rows: Demands[] = [];
  for (const [row, mine] of (a.rows ?? b.rows ?? []).entries()) {
    const other = a.rows === undefined ? undefined : b.rows?.[row];
    const both = other === undefined ? mine : intersect(mine, other);
    if (isEmpty(both)) return inRow(both, row);
    rows.push(both);
  }
  const total = a.total ?? b.total;
  const radius = least(a.radius, b.radius);
  const spectral = least(a.spectral, b.spectral);
  const floor = Math.max(a.least ?? -Infinity, b.least ?? -Infinity);
  return {
    ...(box === undefined ? {} : { box }),
    ...(total === undefined ? {} : { total }),
    ...(radius === undefined ? {} : { radius }),
    ...(spectral === undefined ? {} : { spectral }),
    ...(a.symmetric === true || b.symmetric === true ? { symmetric: true } : {}),
    ...(floor === -Infinity ? {} : { least: floor }),
    ...(rows.length === 0 ? {} : { rows }),
  };
}

function inRow({ empty }: Empty, row: number): Empty {
  return { empty: `${empty} in row ${row + 1}` };
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

/** The projection onto the arrays of this shape that fulfil the demands, or why there is none. */
export function projectorOf(demands: Demands, shape: readonly number[]): Projector | Empty {
  if (demands.symmetric !== true) return inItsBox(choose(demands, shape), demands);
  const alike = withSymmetricBox(demands, shape.at(-1) ?? 1);
  if (isEmpty(alike)) return alike;
  const made = inItsBox(choose(alike, shape), alike);
  return isEmpty(made) ? made : amongSymmetric(made, shape.at(-1) ?? 1);
}

function inItsBox(made: Projector | Empty, { box }: Demands): Projector | Empty {
  if (isEmpty(made) || box === undefined) return made;
  return (y) => {
    const projected = made(y);
    return { ...projected, point: clip(projected.point, box) };
  };
}

function choose(demands: Demands, shape: readonly number[]): Projector | Empty {
  const { box, total, radius, rows } = demands;
  const size = sizeOf(shape);
  const entries = box ?? wholeBox(size);
  const hasValues = ofValues(demands) !== undefined;
  const isBox = !hasValues && rows === undefined;
  if (isBox && total === undefined && box === undefined) {
    return radius === undefined ? ontoBox(entries) : ontoBall(radius);
  }
  if (hasValues && rows === undefined && box === undefined && total === undefined) {
    return ontoValues(demands, shape, radius);
  }
  // Single numbers (a total, a radius) only shift and scale what the rest is projected from.
  const rest = isBox && total !== undefined ? ontoBoxWithTotal(entries, total) : ofParts(demands, shape);
  if (isEmpty(rest)) return rest;
  const summed = isBox || total === undefined ? rest : withTotal(rest, size, total);
  return isEmpty(summed) || radius === undefined
    ? summed
    : withinBall(summed, size, radius, total !== undefined);
}

/** The part of the demands that an entry or a row alone cannot fulfil, the sum and the norm of all left out. */
function ofValues({
  spectral,
  symmetric,
  least,
  rows,
}: Demands): 'singular' | 'eigen' | 'symmetric' | undefined {
  if (symmetric !== true) return spectral === undefined ? undefined : 'singular';
  if (least !== undefined || spectral !== undefined) return 'eigen';
  // Without rows, what else there is treats both triangles alike (symmetric.ts).
  return rows === undefined ? undefined : 'symmetric';
}

function ontoValues(
  demands: Demands,
  shape: readonly number[],
  radius: number | undefined,
): Projector | Empty {
  const { spectral = Infinity, least } = demands;
  switch (ofValues(demands)) {
    case 'eigen':
      return ontoEigenvalues(shape.at(-1) ?? 1, { lower: least ?? -spectral, upper: spectral }, radius);
    case 'symmetric':
      return amongSymmetric(ontoBox(wholeBox(sizeOf(shape))), shape.at(-1) ?? 1);
    default:
      return ontoSpectralBall(shape, spectral, radius);
  }
}

/** Box, rows and singular values or eigenvalues; Dykstra's algorithm where these meet entries. */
function ofParts(demands: Demands, shape: readonly number[]): Projector | Empty {
  const { box, rows, spectral } = demands;
  const kind = ofValues(demands);
  const length = shape.at(-1) ?? 1;
  const entries: Demands = { ...(box && { box }), ...(rows && { rows }) };
  if (kind === undefined) return ontoEntries(entries, shape);
  // Sums of the rows of a symmetric matrix are met together with the symmetry, which leaves the rest room.
  const sums = kind === 'symmetric' ? rowSums(rows) : undefined;
  const values = sums === undefined ? ontoValues(demands, shape, undefined) : ontoSymmetricWithSums(sums);
  if (isEmpty(values)) return values;
  if (box === undefined && rows === undefined) return values;
  const others: Demands = sums === undefined ? entries : { ...entries, rows: (rows ?? []).map(withoutTotal) };
  const ofEntries = ontoEntries(others, shape);
  if (isEmpty(ofEntries)) return ofEntries;
  const size = sizeOf(shape);
  if (hasRoom(others)) {
    const roomy = { demands: others, length, projector: (some: Demands) => ontoEntries(some, shape) };
    return ifTheyMeet(values, ofEntries, size, { of: 'B', find: interiorFinder(values, roomy, size) });
  }
  if (kind === 'singular' && spectral !== undefined) {
    const projector = (some: Demands): Projector | Empty => ontoValues(some, shape, undefined);
    const roomy = { demands: { spectral }, length, projector };
    return ifTheyMeet(values, ofEntries, size, { of: 'A', find: interiorFinder(ofEntries, roomy, size) });
  }
  return ifTheyMeet(values, ofEntries, size);
}

/** The sum that each row must have; undefined where one has none. */
function rowSums(rows: readonly Demands[] = []): readonly number[] | undefined {
  const sums = rows.map(({ total }) => total);
  return sums.length > 0 && sums.every((sum) => sum !== undefined) ? sums : undefined;
}

function withoutTotal({ box, radius }: Demands): Demands {
  return { ...(box && { box }), ...(radius === undefined ? {} : { radius }) };
}

/** A box, rows or both. */
function ontoEntries({ box, rows }: Demands, shape: readonly number[]): Projector | Empty {
  if (rows !== undefined) return ontoEachRow(rows, box, shape.at(-1) ?? 1);
  return ontoBox(box ?? wholeBox(sizeOf(shape)));
}

/** A box in front of rows is one box for each row. */
function ontoEachRow(rows: readonly Demands[], box: Box | undefined, length: number): Projector | Empty {
  const projectors: Projector[] = [];
  for (const [row, demands] of rows.entries()) {
    const cut = (ends: Float64Array): Float64Array => ends.slice(row * length, (row + 1) * length);
    const own =
      box === undefined
        ? demands
        : intersect(demands, { box: { lower: cut(box.lower), upper: cut(box.upper) } });
    const made = isEmpty(own) ? own : projectorOf(own, [length]);
    if (isEmpty(made)) return inRow(made, row);
    projectors.push(made);
  }
  return ontoRows(projectors, length);
}

function wholeBox(size: number): Box {
  return { lower: new Float64Array(size).fill(-Infinity), upper: new Float64Array(size).fill(Infinity) };
}

/** Where one of two sets has room around a point of the other, at the scale of what is projected. */
interface Room {
  readonly of: 'A' | 'B';
  readonly find: (scale: number) => Interior | undefined;
}

/** Sets that do not meet keep a distance; a projection shows it. */
function ifTheyMeet(ontoA: Projector, ontoB: Projector, size: number, room?: Room): Projector | Empty {
  const { gap, point } = dykstra(ontoA, ontoB, new Float64Array(size));
  const scale = point.reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE);
  if (gap > 1e-6 * scale) return { empty: `its parts stay ${gap.toPrecision(3)} apart` };
  return (y) => {
    const found = dykstra(ontoA, ontoB, y);
    const { inA, inB } = found;
    const interior = room?.find(normBounds(found.point).above || normBounds(y).above || 1);
    if (room === undefined || interior === undefined) return found;
    const error = provedError(y, found, interior, room.of);
    const isProved = [inA, inB].every(({ kind }) => kind === 'certified') && Number.isFinite(error);
    return { point: found.point, error: found.error, kind: 'estimated', ...(isProved && { proved: error }) };
  };
}
