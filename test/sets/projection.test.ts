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
import type { Exact } from './references.ts';
import { boxWithTotal, distance, lift, onSingularValues, withinBall, withTotal } from './references.ts';

const number = (value: number): Float64Array => Float64Array.of(value);

function demand(name: string, args: readonly Float64Array[], shape: readonly number[]): Demands {
  const kind = name === 'box' ? box : setKindNamed(name);
  const made = kind?.demands(args, shape) ?? { empty: name };
  assert.ok(!isEmpty(made), JSON.stringify(made));
  return made;
}

function both(a: Demands, b: Demands): Demands {
  const made = intersect(a, b);
  assert.ok(!isEmpty(made), JSON.stringify(made));
  return made;
}

function projector(demands: Demands, shape: readonly number[]): Projector {
  const made = projectorOf(demands, shape);
  assert.ok(!isEmpty(made), JSON.stringify(made));
  return made;
}

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
const minus = (a: Float64Array, b: Float64Array): Float64Array =>
  a.map((value, i) => value - (b[i] as number));
const norm = (a: Float64Array): number => Math.hypot(...a);

/** A set with points of it by a route that needs no projection, and its exact projection where there is one. */
interface Case {
  readonly shape: readonly number[];
  readonly demands: Demands;
  readonly member: (random: Seeded) => Float64Array;
  readonly exact?: (y: Float64Array) => Exact;
}

const positive = (z: Exact): Exact => z.map((value) => (value.hi > 0 ? value : { hi: 0, lo: 0 }));

function onSimplex(random: Seeded, size: number, total = 1): Float64Array {
  // Some entries are 0, as at the corners and edges.
  const raw = Float64Array.from({ length: size }, () => (random() < 0.4 ? 0 : -Math.log(1 - random())));
  const sum = raw.reduce((a, b) => a + b, 0);
  return sum === 0 ? raw.fill(total / size) : raw.map((value) => (total * value) / sum);
}

function inBall(random: Seeded, size: number, radius: number): Float64Array {
  const raw = normalArray(random, size);
  const factor = (radius * (random() < 0.5 ? 1 : random())) / norm(raw);
  return raw.map((value) => (1 - 1e-15) * factor * value);
}

/** Products of a matrix with orthonormal columns, singular values in [0, r], and a rotation. */
function inSpectralBall(random: Seeded, rows: number, columns: number, radius: number): Float64Array {
  const raw = normalArray(random, rows * columns);
  const values = Array.from({ length: columns }, () => radius * (random() < 0.5 ? 1 : random()));
  const found = onSingularValues(lift(raw), rows, columns, (s) =>
    s.map((_, k) => lift([values[k] as number])[0] ?? { hi: 0, lo: 0 }),
  );
  return Float64Array.from(found, ({ hi }) => (1 - 1e-15) * hi);
}

const cases: Readonly<Record<string, (random: Seeded) => Case>> = {
  box: (random) => {
    const size = 1 + integerBelow(random, 6);
    const lower = normalArray(random, size);
    const upper = lower.map((value) => value + (random() < 0.2 ? 0 : random()));
    return {
      shape: [size],
      demands: demand('box', [lower, upper], [size]),
      member: (r) => lower.map((value, i) => value + r() * ((upper[i] as number) - value)),
      exact: (y) =>
        lift(y.map((value, i) => Math.min(Math.max(value, lower[i] as number), upper[i] as number))),
    };
  },
  nonneg: (random) => {
    const size = 1 + integerBelow(random, 6);
    return {
      shape: [size],
      demands: demand('nonneg', [], [size]),
      member: (r) => normalArray(r, size).map(Math.abs),
      exact: (y) => lift(y.map((value) => Math.max(0, value))),
    };
  },
  simplex: (random) => {
    const size = 1 + integerBelow(random, 8);
    const total = random() < 0.5 ? 1 : 10 * random();
    return {
      shape: [size],
      demands: demand('simplex', [number(total)], [size]),
      member: (r) => onSimplex(r, size, total),
      exact: (y) =>
        boxWithTotal(lift(y), Array<number>(size).fill(0), Array<number>(size).fill(total), total),
    };
  },
  'simplex & box': (random) => {
    const size = 2 + integerBelow(random, 6);
    const inner = onSimplex(random, size);
    const lower = inner.map((value) => value - random() * 0.3);
    const upper = inner.map((value) => value + random() * 0.3);
    return {
      shape: [size],
      demands: both(demand('simplex', [number(1)], [size]), demand('box', [lower, upper], [size])),
      // Between the point all ends are around and a point of the simplex there is a last one in the box.
      member: (r) => {
        const far = onSimplex(r, size);
        let reach = 1;
        far.forEach((value, i) => {
          const gap = value - (inner[i] as number);
          const most = gap > 0 ? (upper[i] as number) : Math.max(0, lower[i] as number);
          if (gap !== 0) reach = Math.min(reach, Math.abs((most - (inner[i] as number)) / gap));
        });
        return inner.map((value, i) => value + reach * ((far[i] as number) - value));
      },
      exact: (y) =>
        boxWithTotal(
          lift(y),
          [...lower].map((value) => Math.max(0, value)),
          [...upper].map((value) => Math.min(1, value)),
          1,
        ),
    };
  },
  ball: (random) => {
    const size = 1 + integerBelow(random, 8);
    const radius = 10 ** (4 * random() - 2);
    return {
      shape: [size],
      demands: demand('ball', [number(radius)], [size]),
      member: (r) => inBall(r, size, radius),
      exact: (y) => withinBall((z) => z, lift(y), radius),
    };
  },
  'box & ball': (random) => {
    const size = 2 + integerBelow(random, 6);
    const lower = normalArray(random, size);
    const upper = lower.map((value) => value + random() * 2);
    const nearest = lower.map((value, i) => Math.min(Math.max(0, value), upper[i] as number));
    const radius = norm(nearest) * (1 + random()) + 0.01;
    const clipped = (z: Exact): Exact =>
      z.map((value, i) =>
        value.hi < (lower[i] as number)
          ? (lift([lower[i] as number])[0] ?? value)
          : value.hi > (upper[i] as number)
            ? (lift([upper[i] as number])[0] ?? value)
            : value,
      );
    return {
      shape: [size],
      demands: both(demand('box', [lower, upper], [size]), demand('ball', [number(radius)], [size])),
      member: (r) => {
        const far = lower.map((value, i) => value + r() * ((upper[i] as number) - value));
        let reach = 1;
        while (norm(nearest.map((value, i) => value + reach * ((far[i] as number) - value))) > radius)
          reach *= 0.9;
        return nearest.map((value, i) => value + reach * ((far[i] as number) - value));
      },
      exact: (y) => withinBall(clipped, lift(y), radius),
    };
  },
  'simplex & ball': (random) => {
    const size = 2 + integerBelow(random, 5);
    const least = 1 / Math.sqrt(size);
    const radius = least + (1 - least) * (0.05 + 0.9 * random());
    return {
      shape: [size],
      demands: both(demand('simplex', [number(1)], [size]), demand('ball', [number(radius)], [size])),
      member: (r) => {
        const far = onSimplex(r, size);
        let reach = 1;
        const at = (t: number): Float64Array => far.map((value) => 1 / size + t * (value - 1 / size));
        while (norm(at(reach)) > radius) reach *= 0.95;
        return at(reach);
      },
      exact: (y) =>
        withinBall(
          (z) => boxWithTotal(z, Array<number>(size).fill(0), Array<number>(size).fill(1), 1),
          lift(y),
          radius,
        ),
    };
  },
  spectral_ball: (random) => {
    const columns = 1 + integerBelow(random, 3);
    const rows = columns + integerBelow(random, 3);
    const radius = 0.2 + 2 * random();
    return {
      shape: [rows, columns],
      demands: demand('spectral_ball', [number(radius)], [rows, columns]),
      member: (r) => inSpectralBall(r, rows, columns, radius),
      exact: (y) =>
        onSingularValues(lift(y), rows, columns, (s) =>
          s.map((value) => (value.hi > radius ? { hi: radius, lo: 0 } : value)),
        ),
    };
  },
  'spectral_ball & ball': (random) => {
    const [rows, columns] = [3 + integerBelow(random, 2), 3];
    const radius = 1.2 + 0.4 * random();
    return {
      shape: [rows, columns],
      demands: both(
        demand('spectral_ball', [number(1)], [rows, columns]),
        demand('ball', [number(radius)], [rows, columns]),
      ),
      member: (r) => {
        const inside = inSpectralBall(r, rows, columns, 1);
        const factor = Math.min(1, ((1 - 1e-15) * radius) / norm(inside));
        return inside.map((value) => factor * value);
      },
      exact: (y) =>
        onSingularValues(lift(y), rows, columns, (s) =>
          withinBall((z) => z.map((value) => (value.hi > 1 ? { hi: 1, lo: 0 } : value)), s, radius),
        ),
    };
  },
  'rows(simplex)': (random) => {
    const [rows, columns] = [1 + integerBelow(random, 4), 1 + integerBelow(random, 4)];
    const each = demand('simplex', [number(1)], [columns]);
    return {
      shape: [rows, columns],
      demands: { rows: Array<Demands>(rows).fill(each) },
      member: (r) => Float64Array.from(Array.from({ length: rows }, () => [...onSimplex(r, columns)]).flat()),
      exact: (y) =>
        Array.from({ length: rows }, (_, row) =>
          boxWithTotal(
            lift(y.slice(row * columns, (row + 1) * columns)),
            Array<number>(columns).fill(0),
            Array<number>(columns).fill(1),
            1,
          ),
        ).flat(),
    };
  },
  'rows(ball) & nonneg': () => {
    const [rows, columns] = [2, 3];
    const each = demand('ball', [number(1)], [columns]);
    const demands = both({ rows: Array<Demands>(rows).fill(each) }, demand('nonneg', [], [rows, columns]));
    return {
      shape: [rows, columns],
      demands,
      member: (r) =>
        Float64Array.from([inBall(r, 3, 1), inBall(r, 3, 1)].flatMap((row) => [...row].map(Math.abs))),
      exact: (y) => [0, 1].flatMap((row) => withinBall(positive, lift(y.slice(3 * row, 3 * row + 3)), 1)),
    };
  },
  'rows(ball) & simplex': (random) => {
    const radius = 0.4 + 0.5 * random();
    const each = demand('ball', [number(radius)], [2]);
    return {
      shape: [3, 2],
      demands: both({ rows: Array<Demands>(3).fill(each) }, demand('simplex', [number(1)], [3, 2])),
      member: (r) => {
        const far = onSimplex(r, 6);
        let reach = 1;
        const at = (t: number): Float64Array => far.map((value) => 1 / 6 + t * (value - 1 / 6));
        const fits = (a: Float64Array): boolean => [0, 2, 4].every((k) => norm(a.slice(k, k + 2)) <= radius);
        while (!fits(at(reach))) reach *= 0.95;
        return at(reach);
      },
      exact: (y) => {
        const inner = (z: Exact): Exact =>
          [0, 2, 4].flatMap((k) => withinBall(positive, z.slice(k, k + 2), radius));
        return withTotal(inner, lift(y), 1);
      },
    };
  },
  // No closed form: by Dykstra's algorithm.
  'spectral_ball & nonneg': (random) => {
    const radius = 0.5 + random();
    return {
      shape: [3, 2],
      demands: both(demand('spectral_ball', [number(radius)], [3, 2]), demand('nonneg', [], [3, 2])),
      // Smaller entries of matrices without negative ones make a smaller norm.
      member: (r) => {
        const raw = normalArray(r, 6).map(Math.abs);
        const factor = radius / Math.max(radius, norm(raw));
        return raw.map((value) => factor * value * (1 - 1e-15));
      },
    };
  },
};

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
        `${name} moves twice`,
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
