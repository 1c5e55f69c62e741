/**
 * What counts as symmetric and positive semidefinite by the way it is written: each such matrix is one for random
 * arrays, by the proof of certified eigenvalues; and what need not be one is not taken for one.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Expression } from '../../server/src/atoms/expression.ts';
import { isSemidefinite } from '../../server/src/atoms/semidefinite.ts';
import { Graph } from '../../server/src/graph/graph.ts';
import { smallestEigenvalueBounds } from '../../server/src/kernels/certified-eigenvalues.ts';
import { interpret } from '../../server/src/kernels/reference.ts';
import { lower } from '../check/constants/numeric.ts';
import { checkText, errorsOf } from '../check/support.ts';
import { normalArray, seeded } from '../support/seeded.ts';

const [n, d] = [5, 3];
const text = (matrix: string): string => `data {
  X : matrix[n, d] = npy("X.npy")
  P : matrix[d, d] = npy("P.npy")
  S : matrix[d, d] in psd = npy("S.npy")
  I : matrix[d, d] = 2 * eye(d)
  c : vector[d] in nonneg = npy("c.npy")
  v : vector[d] = npy("v.npy")
}
upper {
  t : scalar = 0
  M : matrix[d, d] in psd & spectral_ball(9) = npy("S.npy")
  minimize sumsq(x) + sum(solve(${matrix}, v)) + 0 * (sum(X) + sum(P) + sum(S) + sum(I) + sum(c) + t + sum(M))
}
lower {
  x : scalar
  minimize x ^ 2
}`;
const headers = {
  header: ({ path }: { path?: string }) => ({
    shape: { 'X.npy': [n, d], 'c.npy': [d], 'v.npy': [d] }[path ?? ''] ?? [d, d],
  }),
};

/** The matrix of the system in the upper objective. */
function matrixOf(written: string): Expression & { readonly parameters?: unknown } {
  const source = text(written);
  assert.deepEqual(errorsOf(source, headers), [], written);
  const { partial } = checkText(source, headers);
  const find = (e: Expression): Expression | undefined => {
    if (e.kind !== 'apply') return undefined;
    return e.atom.name === 'solve' ? e : e.args.map(find).find((found) => found !== undefined);
  };
  const system = find(partial.upper.objective as Expression);
  assert.ok(system?.kind === 'apply');
  const [matrix] = system.args as readonly [Expression];
  assert.equal(system.parameters['form'], isSemidefinite(matrix) ? 'definite' : 'general');
  return matrix;
}

const random = seeded(8);

function draw(): ReadonlyMap<string, Float64Array> {
  const [half, other] = [normalArray(random, d * d), normalArray(random, d * d)];
  const gram = (a: Float64Array): Float64Array =>
    a.map((_, k) => {
      let sum = 0;
      for (let j = 0; j < d; j++)
        sum += (a[Math.floor(k / d) * d + j] as number) * (a[(k % d) * d + j] as number);
      return sum;
    });
  return new Map([
    ['X', normalArray(random, n * d)],
    ['P', normalArray(random, d * d)],
    ['S', gram(half)],
    ['M', gram(other)],
    ['I', Float64Array.from({ length: d * d }, (_, k) => (k % (d + 1) === 0 ? 2 : 0))],
    ['c', normalArray(random, d).map(Math.abs)],
    ['v', normalArray(random, d)],
    ['t', normalArray(random, 1)],
  ]);
}

for (const written of [
  "X' * X",
  "X' * X / n + exp(t) * I",
  'rbf_kernel(P, P, 2)',
  'exp(t) * rbf_kernel(P, P, exp(t)) + 0.1 * I',
  'M',
  "P * M * P' + S",
  "P' * (S * P)",
  'diag(exp(v))',
  'diag(c) + outer(v, v)',
  'M .* S',
  "inv(X' * X + I)",
  "M * S * M'",
  "(P * P')' / 3",
  'sum(i in n, i * outer(X[i, :], X[i, :]))',
]) {
  test(`symmetric and positive semidefinite as written: ${written}`, () => {
    const matrix = matrixOf(written);
    assert.ok(isSemidefinite(matrix));
    for (let trial = 0; trial < 20; trial++) {
      const graph = new Graph();
      const sizes = new Map([
        ['n', n],
        ['d', d],
      ]);
      const [values] = interpret(graph, [lower(graph, matrix, sizes)], draw()) as [Float64Array];
      const most = Math.max(...values.map(Math.abs));
      values.forEach((value, k) => {
        assert.ok(Math.abs(value - (values[(k % d) * d + Math.floor(k / d)] as number)) <= 1e-12 * most);
      });
      assert.ok(smallestEigenvalueBounds(d, values).upper >= -1e-12 * most);
    }
  });
}

for (const written of [
  'P',
  "P + P'",
  'P * P',
  'M * S',
  't * M',
  'M - S',
  'diag(v)',
  'outer(v, c)',
  'P * M * P',
  'rbf_kernel(P, S, 1)',
  'M + v',
  'exp(M)',
]) {
  test(`not known to be definite: ${written}`, () => {
    assert.ok(!isSemidefinite(matrixOf(written)));
  });
}
