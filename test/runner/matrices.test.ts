/**
 * Whole runs with matrices: a covariance estimated in `psd`, against its closed form with and without an active
 * floor; a ridge regression solved in closed form, against the same one as a lower level; and how a run says
 * that a matrix is not positive definite.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { RunResult } from '../../server/src/protocol/result.ts';
import { answersIn } from './answers.ts';

const folder = mkdtempSync(join(tmpdir(), 'bilevel-matrices-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const { answer, finished } = answersIn(folder);
// Eigenvalues 4 and 1 along (1, 1) and (1, −1), and 0.5.
writeFileSync(join(folder, 'S.csv'), '2.5,1.5,0\n1.5,2.5,0\n0,0,0.5\n');
writeFileSync(join(folder, 'skew.csv'), '2.5,1.5,0\n1.4,2.5,0\n0,0,0.5\n');

const covariance = (set: string): string => `
data { S : matrix[3, 3] in psd = csv("S.csv") }
upper { M : matrix[3, 3] in ${set}
        minimize dot(S, X) - log_det(X) }
lower { X : matrix[3, 3] = eye(3)
        minimize sumsq(X - M) }
solve { upper = projected_gradient(tolerance = 1e-5) }
`;

for (const [set, eigenvalues] of [
  // 1/σ, in the set or at its ends.
  ['psd(0.1)', [0.25, 1, 2]],
  ['psd(0.5)', [0.5, 1, 2]],
  ['psd(0.1) & spectral_ball(1.5)', [0.25, 1, 1.5]],
] as const) {
  test(`an inverse covariance in ${set} has the eigenvalues of the closed form`, () => {
    const result = finished(covariance(set));
    assert.equal(result.status, 'converged', result.advice);
    const [both, difference, last] = eigenvalues;
    const [diagonal, off] = [(both + difference) / 2, (both - difference) / 2];
    const wanted = [diagonal, off, 0, off, diagonal, 0, 0, 0, last];
    const found = (result.upper.variables['M']?.data ?? []).map(Number);
    found.forEach((value, k) => assert.ok(Math.abs(value - (wanted[k] ?? 0)) <= 5e-5, found.join(' ')));
    assert.equal(result.upper.stationarityError.kind, 'certified');
    assert.equal(result.hypergradient.descentCertified, true);
    const objective =
      4 * both + difference + 0.5 * last - Math.log(both) - Math.log(difference) - Math.log(last);
    assert.ok(Math.abs(Number(result.upper.objective) - objective) < 1e-8);
  });
}

test('a system solved in the upper objective has the hypergradient of the same one as a lower level', () => {
  const data = `data { X : matrix[20, 4] = normal(0, 1, seed = 3)
                       y : vector[20] = normal(0, 1, seed = 4)
                       I : matrix[4, 4] = eye(4) }`;
  const lower = `${data}
upper { theta : vector[4] = 0
        minimize sumsq(w - 1) + sumsq(theta) / 10 }
lower { w : vector[4] = 0
        minimize sumsq(X * w - y) / 2 + sum(exp(theta) .* w .^ 2) / 2 }`;
  const closed = `${data}
let w = solve(X' * X + diag(exp(theta)), X' * y)
upper { theta : vector[4] = 0
        minimize sumsq(w - 1) + sumsq(theta) / 10 + sumsq(z) }
lower { z : scalar = 0
        minimize z ^ 2 }`;
  const inverted = closed.replace("solve(X' * X + diag(exp(theta)), ", "inv(X' * X + diag(exp(theta))) * (");
  const at = { theta: [0.3, -1, 2, 0.5] };
  const [wanted, ...others] = [lower, closed, inverted].map((text) => finished(text, at));
  const gradientOf = (result: RunResult | undefined): readonly number[] =>
    (result?.hypergradient.variables?.['theta']?.data ?? []).map(Number);
  assert.equal(gradientOf(wanted).length, 4);
  for (const other of others) {
    assert.equal(other.hypergradient.error.kind, 'certified');
    assert.equal(other.hypergradient.verification?.boundHolds, true);
    gradientOf(other).forEach((value, k) => {
      const error = Number(wanted?.hypergradient.error.bound) + Number(other.hypergradient.error.bound);
      assert.ok(Math.abs(value - (gradientOf(wanted)[k] as number)) <= error, `${value}`);
    });
  }
});

test('a system with a matrix that is not symmetric has the hypergradient of the equilibrium that it solves', () => {
  const data = `data { b : vector[3] = normal(0, 1, seed = 3)
                       I : matrix[3, 3] = eye(3) }
upper { A : matrix[3, 3] in spectral_ball(0.5) = normal(0, 0.2, seed = 1)
        minimize sumsq(z - 1) + sumsq(A) / 10`;
  const equilibrium = `${data} }
lower { z : vector[3] = 0
        fixed_point z = A * z + b }`;
  const solved = `let z = solve(I - A, b)
${data} + sumsq(x) }
lower { x : scalar = 0
        minimize x ^ 2 }`;
  const [wanted, ...others] = [equilibrium, solved, solved.replace('solve(I - A, ', 'inv(I - A) * (')].map(
    (text) => finished(text, {}),
  );
  const gradientOf = (result: RunResult | undefined): readonly number[] =>
    (result?.hypergradient.variables?.['A']?.data ?? []).map(Number);
  assert.equal(gradientOf(wanted).length, 9);
  for (const other of others) {
    assert.equal(other.hypergradient.error.kind, 'certified');
    assert.equal(other.hypergradient.verification?.boundHolds, true);
    assert.ok(Number(other.hypergradient.error.bound) < 1e-12, String(other.hypergradient.error.bound));
    gradientOf(other).forEach((value, k) => {
      const error = Number(wanted?.hypergradient.error.bound) + Number(other.hypergradient.error.bound);
      assert.ok(Math.abs(value - (gradientOf(wanted)[k] as number)) <= error, `${value}`);
    });
  }
});

test('the slope of log |det A| is the transposed inverse, and of a singular matrix the run says where it is', () => {
  const text = (start: string): string => `upper { A : matrix[2, 2] = ${start}
        minimize log_abs_det(A) + sumsq(x) }
lower { x : scalar = 0
        minimize x ^ 2 }`;
  const found = finished(text('[[0, 2], [-4, 1]]'), {}).hypergradient;
  const slope = (found.variables?.['A']?.data ?? []).map(Number);
  // A⁻ᵀ of [[0, 2], [−4, 1]], whose determinant is 8.
  [1 / 8, 1 / 2, -1 / 4, 0].forEach((value, k) =>
    assert.ok(Math.abs((slope[k] as number) - value) <= Number(found.error.bound), slope.join(' ')),
  );
  assert.equal(found.error.kind, 'certified');
  const failed = finished(text('[[1, 2], [2, 4]]'));
  assert.equal(failed.status, 'not_finite');
  assert.match(
    failed.advice,
    /^The value of the expression at 2:18 is NaN: its matrix must have an inverse\./,
  );
});

test('where a matrix is not positive definite the run says where, and what is asked for', () => {
  const failed = finished(covariance('symmetric').replace('= eye(3)', '= 0'));
  assert.equal(failed.status, 'not_finite');
  assert.match(
    failed.advice,
    /^The value of the expression at 4:30 is NaN: its matrix must be symmetric and positive definite\. Restrict/,
  );
});

test('data that is promised to be positive semidefinite is verified', () => {
  const found = answer(covariance('psd').replace('"S.csv"', '"skew.csv"'));
  assert.match(JSON.stringify(found), /`S` lies 0\.0707 outside this set/);
});

test('differences verify a hypergradient at a matrix that must stay symmetric, and one that is 0', () => {
  const text = `data { a : vector[2] = [1, 2] }
upper { M : matrix[2, 2] in psd(0.1) = [[2, 1], [1, 2]]
        minimize sumsq(x) - log_det(M) + trace(M) }
lower { x : vector[2] = 0
        minimize matrix_frac(x - a, M) + sumsq(x - solve(M, a)) }
`;
  const { verification } = finished(text, {}).hypergradient;
  assert.ok(Number(verification?.differenceRelativeError) < 1e-8, JSON.stringify(verification));
  // Here x = 0 whatever M is.
  const least = text
    .replace('sumsq(x) - log_det(M) + trace(M)', 'sumsq(x)')
    .replace('matrix_frac(x - a, M) + sumsq(x - solve(M, a))', 'matrix_frac(x, M) + 0 * sum(a)');
  const found = finished(least, {}).hypergradient.verification;
  assert.deepEqual(
    [found?.exactRelativeError, found?.differenceRelativeError],
    [0, 0],
    JSON.stringify(found),
  );
});
