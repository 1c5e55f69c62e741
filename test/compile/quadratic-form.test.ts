/**
 * mu and L of quadratic forms of data, held against the closed form of the eigenvalues of a 2 x 2
 * matrix: bounds from the right side, close, and of either sign.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compiled } from './compile-text.ts';

const text = (form: string): string => `data {
  P : matrix[2, 2] = npy("P")
}
upper {
  a : vector[2] = 1
  minimize sumsq(x - 1) + sumsq(a)
}
lower {
  x : vector[2] = 0
  minimize ${form} + 0.5 * sumsq(x) - dot(a, x)
}`;

/** Eigenvalues of P + P' for P = [[p, q], [r, s]]. */
function symmetricEigenvalues([p = 0, q = 0, r = 0, s = 0]: readonly number[]): readonly [number, number] {
  const middle = p + s;
  const spread = Math.hypot(p - s, q + r);
  return [middle - spread, middle + spread];
}

test('mu and L of a quadratic form bound its eigenvalues closely, whatever their signs', () => {
  const matrices = [
    [2, 1, -1, 3],
    [1, 4, 0, 1],
    [-5, 0.25, 0.5, -1],
    [1, 0, 0, 1],
    [1e6, 3, -7, 1e-3],
    [0, 0, 0, 0],
    [0, 1e-300, -1e-300, 0],
  ];
  for (const values of matrices) {
    const sources = { P: { shape: [2, 2], values: Float64Array.from(values) } };
    const [least, most] = symmetricEigenvalues(values);
    const norm = Math.max(Math.abs(least), Math.abs(most));
    const room = 1e-7 * (1 + norm);
    const rounding = 1e-13 * (1 + norm);
    for (const form of ['quad_form(x, P)', "x' * P * x", "-quad_form(x, -P')"]) {
      const { problem } = compiled(text(form), sources);
      problem.moveTo(Float64Array.of(1, 1));
      const { mu, L } = problem.constants();
      const name = `${form} of [${values.join(', ')}]`;
      assert.ok(mu.value <= least + 1 + rounding && mu.value >= least + 1 - room, `${name}: mu ${mu.value}`);
      assert.ok(L.value >= norm + 1 - rounding && L.value <= norm + 1 + room, `${name}: L ${L.value}`);
      assert.ok(problem.lowerIsQuadratic);
    }
  }
});
