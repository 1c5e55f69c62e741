/**
 * Points of one set around which another has room: a ball of known radius. With one, how far Dykstra's algorithm
 * is off can be proved. They are searched on the set shrunk by the radius, from large to small ones; what is found
 * does not rest on the search, as the room is measured at the point itself.
 */
import { boxBetween } from './box.ts';
import { dykstra } from './dykstra.ts';
import { normBounds, unitRoundoff } from './directed.ts';
import type { Demands, Empty, Projected, Projector } from './set.ts';
import { isEmpty } from './set.ts';

const u = unitRoundoff;

/** The ball of this radius around the exact point lies in one set, and the exact point in the other. */
export interface Interior {
  /** Of which the exact point is within `error`. */
  readonly point: Float64Array;
  readonly error: number;
  readonly radius: number;
}

/** A set of which a point can have room on all sides. */
export interface Roomy {
  readonly demands: Demands;
  /** Of the last axis. */
  readonly length: number;
  /** Onto the set of such demands. */
  readonly projector: (demands: Demands) => Projector | Empty;
}

/** Whether some point could have room: no equation among the demands. */
export function hasRoom({ total, symmetric, least, rows = [] }: Demands): boolean {
  return total === undefined && symmetric !== true && least === undefined && rows.every(hasRoom);
}

/** A radius of a ball around the point that fulfils the demands, which have room; not positive where there is none. */
export function roomAt(
  { box, radius, spectral, rows }: Demands,
  point: Float64Array,
  length: number,
): number {
  let room = Infinity;
  for (const [i, value] of box === undefined ? [] : point.entries()) {
    const { lower, upper } = box as NonNullable<typeof box>;
    room = Math.min(room, value - (lower[i] as number), (upper[i] as number) - value);
  }
  const size = normBounds(point).above;
  if (radius !== undefined) room = Math.min(room, radius - size);
  // ‖A‖₂² is at most the largest sum of a row times the largest sum of a column.
  if (spectral !== undefined) room = Math.min(room, spectral - Math.min(size, sumsAbove(point, length)));
  for (const [row, demands] of (rows ?? []).entries())
    room = Math.min(room, roomAt(demands, point.slice(row * length, (row + 1) * length), length));
  return room * (1 - 2 * u);
}

function sumsAbove(point: Float64Array, length: number): number {
  const columns = new Float64Array(length);
  const rows = new Float64Array(point.length / length);
  for (const [k, value] of point.entries()) {
    const [i, j] = [Math.floor(k / length), k % length];
    rows[i] = (rows[i] as number) + Math.abs(value);
    columns[j] = (columns[j] as number) + Math.abs(value);
  }
  return Math.sqrt(Math.max(...rows) * Math.max(...columns)) * (1 + 2 * (point.length + 4) * u);
}

/** The demands on the centres of balls of this radius. */
function shrunk(demands: Demands, by: number): Demands | Empty {
  const { box, radius, spectral, rows } = demands;
  const less = (size: number | undefined): number | undefined => (size === undefined ? size : size - by);
  const [inner, ofValues] = [less(radius), less(spectral)];
  if ((inner ?? 0) < 0 || (ofValues ?? 0) < 0) return { empty: `there is no room of ${by}` };
  const ends =
    box &&
    boxBetween(
      box.lower.map((end) => end + by),
      box.upper.map((end) => end - by),
    );
  if (ends !== undefined && isEmpty(ends)) return ends;
  const each: Demands[] = [];
  for (const row of rows ?? []) {
    const made = shrunk(row, by);
    if (isEmpty(made)) return made;
    each.push(made);
  }
  return {
    ...demands,
    ...(ends === undefined ? {} : { box: ends }),
    ...(inner === undefined ? {} : { radius: inner }),
    ...(ofValues === undefined ? {} : { spectral: ofValues }),
    ...(rows === undefined ? {} : { rows: each }),
  };
}

/** Radii that are tried, each an eighth of the one before. */
const mostRadii = 7;
const mostIterations = 300;

/**
 * A point of the set that `onto` projects onto with room in the other, as much as there is at this scale but for
 * some factor; the same one for all y of about that scale.
 */
export function interiorFinder(
  onto: Projector,
  roomy: Roomy,
  size: number,
): (scale: number) => Interior | undefined {
  const known = new Map<number, Interior | undefined>();
  return (scale) => {
    const exponent = Math.round(Math.log2(scale) / 4);
    if (!known.has(exponent)) known.set(exponent, find(onto, roomy, size, 16 ** exponent));
    return known.get(exponent);
  };
}

function find(
  onto: Projector,
  { demands, length, projector }: Roomy,
  size: number,
  scale: number,
): Interior | undefined {
  for (let k = 0; k < mostRadii; k++) {
    const wanted = scale / 8 ** k;
    const inside = shrunk(demands, wanted);
    const ontoInside = isEmpty(inside) ? inside : projector(inside);
    if (isEmpty(ontoInside)) continue;
    const { inA } = dykstra(onto, ontoInside, new Float64Array(size), {
      gap: wanted / 4,
      iterations: mostIterations,
    });
    const found = interiorAt(inA, demands, length);
    if (found !== undefined && found.radius >= wanted / 4) return found;
  }
  return undefined;
}

function interiorAt(
  { point, error, kind }: Projected,
  demands: Demands,
  length: number,
): Interior | undefined {
  const radius = (roomAt(demands, point, length) - error) * (1 - 2 * u);
  return kind === 'certified' && radius > 0 ? { point, error, radius } : undefined;
}
