/**
 * Projections onto symmetric matrices with bounded eigenvalues, on matrices that decompositions find hard:
 * repeated and clustered eigenvalues, low rank, entries of every size down to the smallest numbers and up to the
 * largest. The error bound is tried to be violated against double-double arithmetic; every result is symmetric.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setKindNamed } from '../../server/src/sets/index.ts';
import { eigenDecomposition } from '../../server/src/sets/jacobi.ts';
import { intersect, projectorOf } from '../../server/src/sets/projector.ts';
import type { Demands, Projector } from '../../server/src/sets/set.ts';
import { isEmpty } from '../../server/src/sets/set.ts';
import { caseCount } from '../support/long.ts';
import { integerBelow, normal, normalArray, seeded } from '../support/seeded.ts';
import type { Seeded } from '../support/seeded.ts';
import { distance, lift, onEigenvalues } from './references.ts';

function psd(least: number, size: number, more: Demands = {}): Projector {
  const demands = setKindNamed('psd')?.demands([Float64Array.of(least)], [size, size]) ?? {};
  assert.ok(!isEmpty(demands));
  const all = intersect(demands, more);
  assert.ok(!isEmpty(all));
  const made = projectorOf(all, [size, size]);
  assert.ok(!isEmpty(made));
  return made;
}

/** The eigenvalues that a random matrix is made of. */
const spectra: Readonly<Record<string, (random: Seeded, size: number) => readonly number[]>> = {
  spread: (random, size) => Array.from({ length: size }, () => normal(random)),
  repeated: (random, size) => {
    const two = [normal(random), normal(random)];
    return Array.from({ length: size }, () => two[integerBelow(random, 2)] as number);
  },
  clustered: (random, size) => {
    const centre = normal(random);
    return Array.from({ length: size }, () => centre + 10 ** (-6 - 9 * random()) * normal(random));
  },
  'around the floor': (random, size) =>
    Array.from({ length: size }, () => (random() < 0.3 ? 0 : 10 ** (-16 * random()) * normal(random))),
  'of low rank': (random, size) =>
    Array.from({ length: size }, (_, k) => (k < size / 3 ? 3 * normal(random) : 0)),
  'of huge ratios': (random, size) =>
    Array.from({ length: size }, () => normal(random) * 10 ** (60 * (random() - 0.5))),
};

/** Q diag(values) Q' by reflections; rounding leaves it near these eigenvalues, not with them. */
function made(values: readonly number[], random: Seeded): Float64Array {
  const size = values.length;
  let rows = values.map((value, i) => values.map((_, j) => (i === j ? value : 0)));
  const transposed = (all: number[][]): number[][] => all.map((_, j) => all.map((row) => row[j] as number));
  for (let k = 0; k < 2; k++) {
    const v = Array.from({ length: size }, () => normal(random));
    const length = Math.hypot(...v);
    const reflect = (all: number[][]): number[][] =>
      all.map((row) => {
        const along =
          (2 * row.reduce((sum, entry, j) => sum + entry * (v[j] as number), 0)) / length / length;
        return row.map((entry, j) => entry - along * (v[j] as number));
      });
    rows = transposed(reflect(transposed(reflect(rows))));
  }
  return Float64Array.from(rows.flat());
}

for (const [name, spectrum] of Object.entries(spectra)) {
  test(`eigenvalues ${name}: symmetric, and as near to the exact projection as the bound says`, (context) => {
    const random = seeded(name.length);
    let worst = 0;
    for (let trial = 0; trial < caseCount(120, 2500); trial++) {
      const size = 1 + integerBelow(random, 6);
      const y = made(spectrum(random, size), random);
      const least = [0, 0, 1e-3, 1][integerBelow(random, 4)] as number;
      const { point, error, kind } = psd(least, size)(y);
      assert.equal(kind, 'certified');
      point.forEach((value, k) => {
        assert.ok(value === point[(k % size) * size + Math.floor(k / size)]);
      });
      const truth = onEigenvalues(lift(y), size, (values) =>
        values.map((value) => (value.hi < least ? { hi: least, lo: 0 } : value)),
      );
      const scale = Math.hypot(...y) + least;
      const off = distance(point, truth);
      assert.ok(off <= error + 1e-27 * scale, `trial ${trial}: off by ${off}, bound ${error}`);
      worst = Math.max(worst, error / (scale + 1e-300));
    }
    context.diagnostic(`bound at most ${(worst / 2 ** -53).toFixed(0)} units of the matrix`);
    assert.ok(worst < 2e3 * 2 ** -53);
  });
}

test('scales: smallest and largest numbers, zeros, and matrices that are in the set already', () => {
  const random = seeded(8);
  for (const exponent of [-1074, -1060, -1022, -600, 600, 1000]) {
    for (let trial = 0; trial < 20; trial++) {
      const size = 1 + integerBelow(random, 4);
      const unit = normalArray(random, size * size).map((value) => Math.round(value * 64) / 64);
      // The unit matrix is exact in 7 bits, so that the scaled one is, but for the smallest scales.
      const y = unit.map((value) => value * 2 ** exponent);
      const { point, error, kind } = psd(0, size)(y);
      assert.equal(kind, 'certified', `2^${exponent}`);
      const truth = onEigenvalues(
        lift(y.map((value) => value * 2 ** -Math.max(exponent, -1000))),
        size,
        (values) => values.map((value) => (value.hi < 0 ? { hi: 0, lo: 0 } : value)),
      );
      const off = distance(
        point.map((value) => value * 2 ** -Math.max(exponent, -1000)),
        truth,
      );
      const bound = error * 2 ** -Math.max(exponent, -1000);
      assert.ok(off <= bound * (1 + 1e-12) + 1e-27, `2^${exponent}: off by ${off}, bound ${bound}`);
      const scale = Math.hypot(...unit) * 2 ** exponent;
      assert.ok(error <= 1e3 * 2 ** -53 * scale + 1e4 * Number.MIN_VALUE, `2^${exponent}: ${error}`);
    }
  }
  assert.deepEqual([...psd(0, 2)(new Float64Array(4)).point], [0, 0, 0, 0]);
  assert.deepEqual([...psd(2, 2)(new Float64Array(4)).point], [2, 0, 0, 2]);
  assert.deepEqual([...psd(0, 2)(Float64Array.of(2, 1, 1, 2)).point], [2, 1, 1, 2]);
  assert.deepEqual([...psd(0, 1)(Float64Array.of(-3)).point], [0]);
});

test('the projection is characterised by its inequality, for matrices of 30 rows too', () => {
  const random = seeded(12);
  for (const size of [2, 7, 30]) {
    const project = psd(0.5, size);
    for (let trial = 0; trial < 8; trial++) {
      const y = normalArray(random, size * size, 2);
      const { point, error } = project(y);
      for (let member = 0; member < 20; member++) {
        // Of the set: the floor and a square of any rank.
        const rank = integerBelow(random, size);
        const raw = normalArray(random, size * rank);
        const z = Float64Array.from({ length: size * size }, (_, k) => {
          const [i, j] = [Math.floor(k / size), k % size];
          let sum = i === j ? 0.5 : 0;
          for (let c = 0; c < rank; c++) sum += (raw[i * rank + c] as number) * (raw[j * rank + c] as number);
          return sum;
        });
        const [away, along] = [
          y.map((v, k) => v - (point[k] as number)),
          z.map((v, k) => v - (point[k] as number)),
        ];
        const slope = away.reduce((sum, v, k) => sum + v * (along[k] as number), 0);
        const lengths = Math.hypot(...away) + Math.hypot(...along);
        assert.ok(slope <= error * (lengths + error) + 1e-13 * lengths * lengths, `${size}: ${slope}`);
      }
      assert.ok(error < 1e-13 * Math.hypot(...y) * size, String(error));
    }
  }
});

test('the rotations end and diagonalise', () => {
  const random = seeded(2);
  for (let trial = 0; trial < caseCount(60, 1000); trial++) {
    const size = 1 + integerBelow(random, 12);
    const names = Object.keys(spectra);
    const a = made(spectra[names[trial % names.length] as string]?.(random, size) ?? [], random);
    for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) a[i * size + j] = a[j * size + i] as number;
    const { values, vectors } = eigenDecomposition(a, size);
    const scale = Math.hypot(...a);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        let [product, inner] = [0, 0];
        for (let k = 0; k < size; k++) {
          product +=
            (values[k] as number) * (vectors[k * size + i] as number) * (vectors[k * size + j] as number);
          inner += (vectors[i * size + k] as number) * (vectors[j * size + k] as number);
        }
        assert.ok(Math.abs(product - (a[i * size + j] as number)) <= 1e-14 * size * scale);
        assert.ok(Math.abs(inner - (i === j ? 1 : 0)) <= 1e-14 * size);
      }
    }
  }
});

test('demands that no matrix fulfils are told, and what is not finite stays so', () => {
  const reason = (demands: Demands | { empty: string }, size: number): string | undefined => {
    if (isEmpty(demands)) return demands.empty;
    const found = projectorOf(demands, [size, size]);
    return isEmpty(found) ? found.empty : undefined;
  };
  const floor: Demands = { symmetric: true, least: 1 };
  assert.match(reason(intersect(floor, { spectral: 0.5 }), 2) ?? '', /no eigenvalue lies between 1 and 0.5/);
  assert.match(reason(intersect(floor, { radius: 1.2 }), 2) ?? '', /norm of at least 1.41/);
  const box = { lower: Float64Array.of(0, 2, 0, 0), upper: Float64Array.of(1, 3, 1, 1) };
  assert.match(reason({ symmetric: true, box }, 2) ?? '', /no number lies between 2 and 1 at entry 2/);
  assert.match(
    reason(setKindNamed('psd')?.demands([Float64Array.of(Infinity)], [2, 2]) ?? {}, 2) ?? '',
    /eigenvalues of at least Infinity/,
  );
  assert.match(
    reason(
      intersect(floor, { box: { lower: new Float64Array(4).fill(-1), upper: new Float64Array(4) } }),
      2,
    ) ?? '',
    /parts stay .* apart/,
  );
  const { point } = psd(0, 2)(Float64Array.of(1, Number.NaN, 0, 1));
  assert.ok(point.some(Number.isNaN));
});
