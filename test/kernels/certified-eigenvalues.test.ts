/**
 * Certified bounds of spectral norms and smallest eigenvalues: tried to be violated on matrices whose
 * value is known exactly, compared with a dense reference on random ones, and tight enough to be useful.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from 'ml-matrix';
import {
  smallestEigenvalueBounds,
  spectralNormBounds,
} from '../../server/src/kernels/certified-eigenvalues.ts';
import { integerBelow, normal, normalArray, seeded } from '../support/seeded.ts';

function holds(bounds: { lower: number; upper: number }, exact: number, label: string, ratio = 1.001) {
  assert.ok(
    bounds.lower <= exact && exact <= bounds.upper,
    `${label}: ${exact} not in [${bounds.lower}, ${bounds.upper}]`,
  );
  assert.ok(bounds.upper <= exact * ratio, `${label}: ${bounds.upper} is loose for ${exact}`);
}

test('spectral norms known exactly are enclosed', () => {
  // Sylvester's Hadamard matrices: all singular values are sqrt(n).
  let hadamard = [[1]];
  for (let k = 0; k < 6; k++) {
    hadamard = [
      ...hadamard.map((row) => [...row, ...row]),
      ...hadamard.map((row) => [...row, ...row.map((entry) => -entry)]),
    ];
    const n = hadamard.length;
    for (const scale of [1, 2 ** -700, 2 ** 600]) {
      const bounds = spectralNormBounds(
        n,
        n,
        Float64Array.from(hadamard.flat(), (entry) => entry * scale),
      );
      assert.ok(bounds.lower <= Math.sqrt(n) * scale * (1 + 2 ** -52));
      assert.ok(bounds.upper >= Math.sqrt(n) * scale * (1 - 2 ** -52));
      assert.ok(bounds.upper <= Math.sqrt(n) * scale * 1.000001);
    }
  }
  // Rank one with integer norms: ||u v'|| = 5 * 13.
  const u = [3, 4, 0, 0];
  const v = [5, 12, 0];
  holds(spectralNormBounds(4, 3, Float64Array.from(u.flatMap((s) => v.map((t) => s * t)))), 65, 'rank one');
  holds(spectralNormBounds(1, 4, Float64Array.of(1, 1, 1, 1)), 2, 'row');
  holds(spectralNormBounds(300, 1, new Float64Array(300).fill(1)), Math.sqrt(300) * (1 + 1e-16), 'ones');
  assert.deepEqual(spectralNormBounds(2, 2, new Float64Array(4)), { lower: 0, upper: 0 });
  assert.ok(Number.isNaN(spectralNormBounds(1, 2, Float64Array.of(1, NaN)).upper));
});

test('spectral norms of random matrices agree with the dense reference', () => {
  const random = seeded(1);
  for (let trial = 0; trial < 120; trial++) {
    const [rows, columns] = [1 + integerBelow(random, 30), 1 + integerBelow(random, 30)];
    const density = random();
    const values = Float64Array.from({ length: rows * columns }, () =>
      random() < density ? normal(random) * 10 ** (3 * random()) : 0,
    );
    const reference = new SingularValueDecomposition(Matrix.from1DArray(rows, columns, [...values]), {
      autoTranspose: true,
    }).norm2;
    const bounds = spectralNormBounds(rows, columns, values);
    assert.ok(bounds.lower <= reference * (1 + 1e-13) && reference * (1 - 1e-13) <= bounds.upper);
    assert.ok(bounds.upper <= reference * 1.001);
  }
});

test('smallest eigenvalues known exactly are enclosed', () => {
  for (const n of [2, 5, 20, 60]) {
    // All ones: eigenvalues n and 0.
    const ones = smallestEigenvalueBounds(n, new Float64Array(n * n).fill(1));
    assert.ok(ones.lower <= 0 && ones.lower >= -1e-9, `${ones.lower}`);
    // Laplacian of a path without boundary: smallest eigenvalue 0; plus the identity: 1.
    const laplacian = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      laplacian[i * n + i] = i === 0 || i === n - 1 ? 1 : 2;
      if (i + 1 < n) {
        laplacian[i * n + i + 1] = -1;
        laplacian[(i + 1) * n + i] = -1;
      }
    }
    const plain = smallestEigenvalueBounds(n, laplacian);
    assert.ok(plain.lower <= 0 && plain.lower >= -1e-9);
    for (let i = 0; i < n; i++) laplacian[i * n + i] = (laplacian[i * n + i] as number) + 1;
    const shifted = smallestEigenvalueBounds(n, laplacian);
    assert.ok(shifted.lower <= 1 && 1 <= shifted.upper && shifted.lower >= 0.999999);
    // Minus the identity: all eigenvalues -1.
    const minus = new Float64Array(n * n);
    for (let i = 0; i < n; i++) minus[i * n + i] = -1;
    const negative = smallestEigenvalueBounds(n, minus);
    assert.ok(negative.lower <= -1 && negative.lower >= -1.001 && negative.upper >= -1);
  }
});

test('smallest eigenvalues of random matrices agree with the dense reference', () => {
  const random = seeded(2);
  for (let trial = 0; trial < 100; trial++) {
    const n = 2 + integerBelow(random, 25);
    const rows = n + integerBelow(random, 20);
    const a = Matrix.from1DArray(rows, n, [...normalArray(random, rows * n)]);
    const gram = a.transpose().mmul(a);
    const shift = trial % 3 === 0 ? -5 : 0;
    for (let i = 0; i < n; i++) gram.set(i, i, gram.get(i, i) + shift);
    const { realEigenvalues } = new EigenvalueDecomposition(gram, { assumeSymmetric: true });
    const reference = Math.min(...realEigenvalues);
    const scale = Math.max(...realEigenvalues.map(Math.abs));
    const bounds = smallestEigenvalueBounds(n, Float64Array.from(gram.to1DArray()));
    assert.ok(bounds.lower <= reference + 1e-13 * scale && bounds.upper >= reference - 1e-13 * scale);
    assert.ok(
      bounds.lower >= reference - 1e-3 * Math.abs(reference) - 1e-11 * scale,
      `${bounds.lower} ${reference}`,
    );
  }
});

test('smallest eigenvalues of huge and tiny matrices are enclosed as closely as those of moderate ones', () => {
  // u u' + I with whole u: 1 in all directions but one. Scaling by a power of two is exact.
  const u = [3, -1, 4, 1, -5, 9];
  const n = u.length;
  for (const power of [-1040, -1000, -990, -667, -350, 0, 350, 667, 1000, 1015]) {
    const scale = 2 ** power;
    const values = Float64Array.from({ length: n * n }, (_, k) => {
      const [i, j] = [Math.floor(k / n), k % n];
      return ((u[i] as number) * (u[j] as number) + (i === j ? 1 : 0)) * scale;
    });
    holds(smallestEigenvalueBounds(n, values), scale, `times 2^${power}`);
    assert.ok(smallestEigenvalueBounds(n, values).lower >= 0.999 * scale, `times 2^${power}`);
  }
});

test('an ill-conditioned matrix is resolved far below its norm', () => {
  // diag(1, 1e-8) turned by a rotation with short entries (3/5, 4/5 are not short: use 45 degrees' Hadamard).
  const s = 2 ** -27;
  const values = Float64Array.of((1 + s) / 2, (1 - s) / 2, (1 - s) / 2, (1 + s) / 2);
  const bounds = smallestEigenvalueBounds(2, values);
  assert.ok(bounds.lower <= s && s <= bounds.upper, `${bounds.lower} ${s} ${bounds.upper}`);
  assert.ok(bounds.lower >= s * 0.999);
});
