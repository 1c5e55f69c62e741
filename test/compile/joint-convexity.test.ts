/**
 * mu of objectives that are strongly convex only jointly, as it is evaluated before a run and at every theta: held
 * against closed forms of the eigenvalues, from below and close, and 0 where the Hessian would be too large.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compiled } from './compile-text.ts';

function muOf(lower: string, theta: readonly number[], sources = {}, upper = 'a : scalar = 0'): number {
  const { problem } = compiled(
    `data {
  y : vector[n] = npy("y")
}
upper {
  ${upper}
  minimize sumsq(u) + sumsq(a)
}
lower {
  ${lower}
}`,
    { y: { shape: [6], values: Float64Array.of(1, -2, 3, 0.5, 0.25, -1) }, ...sources },
  );
  problem.moveTo(Float64Array.from(theta));
  return problem.constants().mu.value;
}

function close(mu: number, exact: number, what: string): void {
  assert.ok(mu <= exact * (1 + 1e-14) && mu >= exact * (1 - 1e-7), `${what}: ${mu} against ${exact}`);
}

test('a difference and one of its terms: eigenvalues of [[1 + c, −1], [−1, 1]], at every theta', () => {
  for (const a of [-3, 0, 0.7, 4]) {
    const mu = muOf('u : vector[n]\n  v : vector[n]\n  minimize sumsq(u - v) + exp(a) * sumsq(u - y)', [a]);
    const c = Math.exp(a);
    // (c + 2 − √(c² + 4)) / 2, without cancellation.
    close(mu, (2 * 2 * c) / (c + 2 + Math.sqrt(c * c + 4)), `a = ${a}`);
  }
});

test('a path with one end held: 2 − 2 cos(π / (2n + 1))', () => {
  for (const n of [2, 7, 40]) {
    const mu = muOf(`u : vector[${n}]\n  minimize sumsq(diff(u)) + (u[1] - y[2] * a) ^ 2`, [1]);
    close(mu, 2 * (2 - 2 * Math.cos(Math.PI / (2 * n + 1))), `n = ${n}`);
  }
});

test('a periodic convolution alone: the smallest symbol, and zero padding: the smallest singular value', () => {
  // k = (1, 3, 1) on 8 points: |3 + 2 cos(2πj / 8)| >= 1; with zeros outside 3 + 2 cos(πj / 9).
  const sources = { y: { shape: [3], values: Float64Array.of(1, 3, 1) } };
  const of = (padding: string): number =>
    muOf(`u : vector[8]\n  minimize sumsq(conv1d(u, y, padding = "${padding}") - a)`, [1], sources);
  close(of('periodic'), 2, 'periodic');
  close(of('zero'), 2 * (3 + 2 * Math.cos((8 * Math.PI) / 9)) ** 2, 'zero');
});

test('rows that cover the unknowns together, though no block does', () => {
  const sources = {
    y: { shape: [2], values: Float64Array.of(0, 0) },
    A: { shape: [1, 2], values: Float64Array.of(3, 0) },
    B: { shape: [1, 2], values: Float64Array.of(1, 2) },
  };
  const text = `u : vector[2]
  minimize exp(a) * sumsq(A * u) + sumsq(B * u - y[1])`;
  const { problem } = compiled(
    `data {
  y : vector[2] = npy("y")
  A : matrix[p, 2] = npy("A")
  B : matrix[q, 2] = npy("B")
}
upper {
  a : scalar = 0
  minimize sumsq(u) + a ^ 2
}
lower {
  ${text}
}`,
    sources,
  );
  for (const a of [-1, 0, 2]) {
    problem.moveTo(Float64Array.of(a));
    // 2 (9 e^a e1 e1' + (1, 2)(1, 2)')
    const [p, q, r] = [9 * Math.exp(a) + 1, 2, 4];
    const determinant = p * r - q * q;
    const largest = (p + r + Math.hypot(p - r, 2 * q)) / 2;
    close(problem.constants().mu.value, (2 * determinant) / largest, `a = ${a}`);
  }
});

test('many problems: the least of all', () => {
  const { problem } = compiled(
    `data {
  y : vector[s] = npy("y")
}
upper {
  a : vector[s] = 0
  minimize sumsq(u) + sumsq(a)
}
lower each i in s {
  u : vector[2]
  v : vector[2]
  minimize exp(a[i]) * sumsq(u - v) + i * sumsq(u - y[i])
}`,
    { y: { shape: [3], values: Float64Array.of(1, 2, 3) } },
  );
  problem.moveTo(Float64Array.of(0.5, 0, -1));
  const exact = [0.5, 0, -1].map((a, k) => {
    const [c, w] = [Math.exp(a), k + 1];
    return (2 * 2 * c * w) / (2 * c + w + Math.sqrt(w * w + 4 * c * c));
  });
  close(problem.constants().mu.value, Math.min(...exact), 'three problems');
});

test('too many unknowns: 0, which is valid', () => {
  const lower = (n: number, weight: string): string =>
    `u : vector[${n}]\n  v : vector[${n}]\n  minimize ${weight} * sumsq(u - v) + sumsq(u)`;
  assert.equal(muOf(lower(1000, '1'), [0]), 0);
  assert.equal(muOf(lower(250, 'exp(a)'), [0]), 0);
  assert.ok(muOf(lower(250, '1'), [0]) > 0.76);
});
