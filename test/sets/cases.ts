/**
 * One example of every set and intersection for the tests of projections: random members by a route that needs no
 * projection, and the exact projection in double-double arithmetic where there is one.
 */
import assert from 'node:assert/strict';
import { setKindNamed, box } from '../../server/src/sets/index.ts';
import { intersect } from '../../server/src/sets/projector.ts';
import type { Demands } from '../../server/src/sets/set.ts';
import { isEmpty } from '../../server/src/sets/set.ts';
import { integerBelow, normalArray } from '../support/seeded.ts';
import type { Seeded } from '../support/seeded.ts';
import type { Exact } from './references.ts';
import { boxWithTotal, lift, onEigenvalues, onSingularValues, withinBall, withTotal } from './references.ts';

export const number = (value: number): Float64Array => Float64Array.of(value);

export function demand(name: string, args: readonly Float64Array[], shape: readonly number[]): Demands {
  const kind = name === 'box' ? box : setKindNamed(name);
  const made = kind?.demands(args, shape) ?? { empty: name };
  assert.ok(!isEmpty(made), JSON.stringify(made));
  return made;
}

export function both(a: Demands, b: Demands): Demands {
  const made = intersect(a, b);
  assert.ok(!isEmpty(made), JSON.stringify(made));
  return made;
}

export const norm = (a: Float64Array): number => Math.hypot(...a);

/** A set with points of it by a route that needs no projection, and its exact projection where there is one. */
export interface Case {
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

const transposeOf = (a: Float64Array, size: number): Float64Array =>
  a.map((_, k) => a[(k % size) * size + Math.floor(k / size)] as number);
const symmetricOf = (a: Float64Array, size: number): Float64Array => {
  const other = transposeOf(a, size);
  return a.map((value, k) => (value + (other[k] as number)) / 2);
};

/** B B' + least I, of any rank. */
function definite(random: Seeded, size: number, least: number): Float64Array {
  const rank = integerBelow(random, size + 1);
  const raw = normalArray(random, size * rank);
  return Float64Array.from({ length: size * size }, (_, k) => {
    const [i, j] = [Math.floor(k / size), k % size];
    let sum = i === j ? least * (1 + Math.sign(least) * 1e-15) : 0;
    for (let c = 0; c < rank; c++) sum += (raw[i * rank + c] as number) * (raw[j * rank + c] as number);
    return sum;
  });
}

const atLeast =
  (least: number) =>
  (values: Exact): Exact =>
    values.map((value) => (value.hi < least ? { hi: least, lo: 0 } : value));

export const cases: Readonly<Record<string, (random: Seeded) => Case>> = {
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
  symmetric: (random) => {
    const size = 1 + integerBelow(random, 4);
    return {
      shape: [size, size],
      demands: demand('symmetric', [], [size, size]),
      member: (r) => symmetricOf(normalArray(r, size * size), size),
      exact: (y) => onEigenvalues(lift(y), size, (values) => values),
    };
  },
  psd: (random) => {
    const size = 1 + integerBelow(random, 4);
    const least = [0, 0.1, 2, -1][integerBelow(random, 4)] as number;
    return {
      shape: [size, size],
      demands: demand('psd', [number(least)], [size, size]),
      member: (r) => definite(r, size, least),
      exact: (y) => onEigenvalues(lift(y), size, atLeast(least)),
    };
  },
  'psd & ball': (random) => {
    const radius = 0.5 + 3 * random();
    const least = (random() * radius) / 2;
    return {
      shape: [3, 3],
      demands: both(demand('psd', [number(least)], [3, 3]), demand('ball', [number(radius)], [3, 3])),
      member: (r) => {
        const far = definite(r, 3, 0);
        let reach = 1;
        const at = (t: number): Float64Array =>
          far.map((value, k) => t * value + (k % 4 === 0 ? least * (1 + 1e-15) : 0));
        while (norm(at(reach)) > radius) reach *= 0.9;
        return at(reach);
      },
      exact: (y) => onEigenvalues(lift(y), 3, (values) => withinBall(atLeast(least), values, radius)),
    };
  },
  'psd & spectral_ball': (random) => {
    const most = 0.5 + 3 * random();
    return {
      shape: [3, 3],
      demands: both(demand('spectral_ball', [number(most)], [3, 3]), demand('psd', [number(0)], [3, 3])),
      member: (r) => {
        const far = definite(r, 3, 0);
        const factor = Math.min(1, most / (norm(far) + 1e-300)) * (1 - 1e-15);
        return far.map((value) => factor * value);
      },
      exact: (y) =>
        onEigenvalues(lift(y), 3, (values) =>
          values.map((value) =>
            value.hi < 0 ? { hi: 0, lo: 0 } : value.hi > most ? { hi: most, lo: 0 } : value,
          ),
        ),
    };
  },
  'symmetric & box': (random) => {
    const lower = normalArray(random, 9).map((value) => value - 1);
    const upper = lower.map(
      (value, k) => Math.max(value, lower[(k % 3) * 3 + Math.floor(k / 3)] as number) + random(),
    );
    const [low, high] = [
      lower.map((value, k) => Math.max(value, transposeOf(lower, 3)[k] as number)),
      upper.map((value, k) => Math.min(value, transposeOf(upper, 3)[k] as number)),
    ];
    return {
      shape: [3, 3],
      demands: both(demand('symmetric', [], [3, 3]), demand('box', [lower, upper], [3, 3])),
      member: (r) => {
        const part = symmetricOf(Float64Array.from({ length: 9 }, r), 3);
        return low.map((value, k) => value + (part[k] as number) * ((high[k] as number) - value));
      },
      exact: (y) =>
        onEigenvalues(lift(y), 3, (values) => values).map((value, k) =>
          value.hi < (low[k] as number)
            ? { hi: low[k] as number, lo: 0 }
            : value.hi > (high[k] as number)
              ? { hi: high[k] as number, lo: 0 }
              : value,
        ),
    };
  },
  'symmetric & simplex': () => ({
    shape: [3, 3],
    demands: both(demand('symmetric', [], [3, 3]), demand('simplex', [number(1)], [3, 3])),
    member: (r) => symmetricOf(onSimplex(r, 9), 3),
    exact: (y) =>
      boxWithTotal(
        onEigenvalues(lift(y), 3, (values) => values),
        Array<number>(9).fill(0),
        Array<number>(9).fill(1),
        1,
      ),
  }),
  // No closed form: by Dykstra's algorithm.
  'psd & nonneg': () => ({
    shape: [3, 3],
    demands: both(demand('psd', [number(0.1)], [3, 3]), demand('nonneg', [], [3, 3])),
    // Diagonally dominant.
    member: (r) => {
      const off = symmetricOf(normalArray(r, 9).map(Math.abs), 3);
      const sums = [0, 1, 2].map((i) => off.slice(3 * i, 3 * i + 3).reduce((a, b) => a + b, 0));
      return off.map((value, k) => (k % 4 === 0 ? (sums[k / 4] as number) + 0.1 : value));
    },
  }),
  'symmetric & rows(ball)': () => ({
    shape: [3, 3],
    demands: both(
      { rows: Array<Demands>(3).fill(demand('ball', [number(1)], [3])) },
      demand('symmetric', [], [3, 3]),
    ),
    member: (r) => {
      const raw = symmetricOf(normalArray(r, 9), 3);
      const longest = Math.max(...[0, 3, 6].map((k) => norm(raw.slice(k, k + 3))));
      return raw.map((value) => (value / Math.max(1, longest)) * (1 - 1e-15));
    },
  }),
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
