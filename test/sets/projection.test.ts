/**
 * Projections are projections: p = P(y) is the point with <y − p, z − p> <= 0 for all z of the set, a second
 * projection does not move it, it is the nearest of many points, and it lies as near to the exact
 * projection (by other routes, in double-double) as its error bound says.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setKindNamed, box } from '../../server/src/sets/index.ts';
import { intersect, projectorOf } from '../../server/src/sets/projector.ts';
import type { Demands, Projected, Projector } from '../../server/src/sets/set.ts';
import { isEmpty, sizeOf } from '../../server/src/sets/set.ts';
import { integerBelow, normal, normalArray, seeded } from '../support/seeded.ts';
import type { Seeded } from '../support/seeded.ts';
import { both, cases, demand, norm, number } from './cases.ts';
import type { Case } from './cases.ts';
import { distance } from './references.ts';

function projector(demands: Demands, shape: readonly number[]): Projector {
  const made = projectorOf(demands, shape);
  assert.ok(!isEmpty(made), JSON.stringify(made));
  return made;
}

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
const minus = (a: Float64Array, b: Float64Array): Float64Array =>
  a.map((value, i) => value - (b[i] as number));
/** Near, far, huge and already inside. */
function pointFor(random: Seeded, { shape, member }: Case): Float64Array {
  const size = sizeOf(shape);
  const kind = integerBelow(random, 6);
  if (kind === 0) return member(random);
  if (kind === 1) return member(random).map((value) => value + 1e-9 * normal(random));
  if (kind === 2) return normalArray(random, size, 1e6);
  if (kind === 3) return new Float64Array(size).fill(normal(random));
  if (kind === 4) return normalArray(random, size).map((value) => value + 1e5);
  return normalArray(random, size, 3);
}

const worst: Record<string, number> = {};

for (const [name, make] of Object.entries(cases)) {
  test(`${name}: characterised, idempotent, nearest, and as exact as its bound`, () => {
    const random = seeded(20 + name.length);
    const slow = name.includes('&') || name.startsWith('spectral');
    for (let round = 0; round < (slow ? 60 : 200); round++) {
      const example = make(random);
      const project = projector(example.demands, example.shape);
      const y = pointFor(random, example);
      const found: Projected = project(y);
      const { point, error, kind } = found;
      const scale = norm(y) + norm(point) + 1e-300;
      assert.equal(kind, example.exact === undefined ? 'estimated' : 'certified');
      assert.ok(kind === 'certified' || Number.isFinite(found.proved));
      for (let trial = 0; trial < 12; trial++) {
        const z = example.member(random);
        const slope = dot(minus(y, point), minus(z, point));
        const allowed =
          (error + 1e-15 * (norm(z) + norm(point))) *
            (norm(minus(z, point)) + norm(minus(y, point)) + error) +
          1e-14 * norm(minus(y, point)) * norm(minus(z, point));
        assert.ok(slope <= allowed, `${name}: slope ${slope} above ${allowed}`);
        assert.ok(norm(minus(y, point)) <= norm(minus(y, z)) * (1 + 1e-14) + error + 1e-15 * norm(z));
      }
      const again = project(point);
      assert.ok(
        norm(minus(again.point, point)) <= (error + again.error) * (1 + 1e-12),
        `${name} moves twice: ${norm(minus(again.point, point))} with ${error} and ${again.error}, y of ${norm(y)}`,
      );
      if (example.exact === undefined) {
        assert.ok(error <= 1e-6 * scale, `${name} is off by ${error}`);
        continue;
      }
      const truth = example.exact(y);
      const off = distance(point, truth);
      assert.ok(off <= error + 1e-28 * scale, `${name}: off by ${off}, bound ${error}`);
      worst[name] = Math.max(worst[name] ?? 0, error / scale);
      const { box: ends } = example.demands;
      if (ends !== undefined) {
        assert.ok(
          point.every((value, i) => value >= (ends.lower[i] as number) && value <= (ends.upper[i] as number)),
        );
      }
    }
  });
}

test('error bounds are some units in the last place of what is projected', (context) => {
  for (const [name, size] of Object.entries(worst)) {
    context.diagnostic(`${name}: ${(size / 2 ** -53).toFixed(0)} units`);
    assert.ok(size <= 1e5 * 2 ** -53, `${name}: ${size}`);
  }
});

test('long arrays: bounds stay small and are obeyed', () => {
  const random = seeded(3);
  for (const scale of [1e-3, 1, 1e4]) {
    const y = normalArray(random, 20_000, scale);
    const weights = projector(demand('simplex', [number(1)], [20_000]), [20_000])(y);
    assert.ok(weights.error < 1e-14);
    assert.ok(Math.abs(weights.point.reduce((sum, value) => sum + value, 0) - 1) < 1e-12);
    const inside = projector(
      both(demand('box', [number(-0.01), number(0.02)], [20_000]), demand('ball', [number(1)], [20_000])),
      [20_000],
    )(y);
    assert.ok(inside.error < 1e-14 * (1 + norm(inside.point)) * (1 + scale), String(inside.error));
    assert.ok(inside.point.reduce((sum, value) => sum + value * value, 0) <= 1 + 1e-12);
  }
});

test('empty sets are told apart, with the reason', () => {
  const reason = (demands: Demands | { empty: string }, shape: readonly number[]): string | undefined => {
    if (isEmpty(demands)) return demands.empty;
    const made = projectorOf(demands, shape);
    return isEmpty(made) ? made.empty : undefined;
  };
  const weights = demand('simplex', [number(1)], [3]);
  const between = (lower: number, upper: number, size = 3): Demands =>
    demand('box', [number(lower), number(upper)], [size]);
  assert.match(
    reason(box.demands([number(1), number(0)], [3]), [3]) ?? '',
    /no number lies between 1 and 0 at entry 1/,
  );
  assert.match(
    reason(setKindNamed('ball')?.demands([number(-1)], [3]) ?? {}, [3]) ?? '',
    /norm of at most -1/,
  );
  assert.match(reason(setKindNamed('simplex')?.demands([number(-1)], [3]) ?? {}, [3]) ?? '', /sum of -1/);
  assert.match(reason(intersect(between(0, 1), between(2, 3)), [3]) ?? '', /no number lies between 2 and 1/);
  assert.match(reason(both(weights, between(0, 0.3)), [3]) ?? '', /sum to 0.90*1? at most, never to 1/);
  assert.match(reason(both(weights, between(0.4, 1)), [3]) ?? '', /at least, never to 1/);
  assert.match(reason(both(weights, { radius: 0.5 }), [3]) ?? '', /norm of at least 0.577/);
  assert.match(reason(intersect(weights, { total: 2 }), [3]) ?? '', /no sum is both 1 and 2/);
  assert.match(reason(both({ spectral: 1 }, between(2, 3, 4)), [2, 2]) ?? '', /parts stay .* apart/);
  assert.match(
    reason(both({ rows: [{ radius: 1 }, { radius: 0.1 }] }, between(0.5, 1, 4)), [2, 2]) ?? '',
    /in row 2/,
  );
  assert.equal(reason(both(weights, between(1 / 3, 1)), [3]), undefined);
});

test('numbers that are not finite come back as such', () => {
  for (const [name, shape] of [
    ['simplex', [2]],
    ['ball', [2]],
    ['spectral_ball', [2, 1]],
  ] as const) {
    const project = projector(demand(name, [number(1)], shape), shape);
    for (const bad of [Number.NaN, Infinity]) {
      const { point } = project(Float64Array.of(bad, 1));
      assert.equal(point.length, 2, name);
    }
  }
});
