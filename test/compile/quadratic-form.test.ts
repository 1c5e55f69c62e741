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

test('numbers and signs among the factors do not hide a quadratic form', () => {
  const sources = { P: { shape: [2, 2], values: Float64Array.of(3, 1, -0.5, 2) } };
  const x = Float64Array.of(0.7, -1.3);
  const at = (form: string) => {
    const { problem } = compiled(text(form), sources);
    problem.moveTo(Float64Array.of(1, 2));
    const gradient = new Float64Array(2);
    const value = problem.lower(x, gradient);
    const { mu, L } = problem.constants();
    return [value, ...gradient, mu.value, L.value];
  };
  const cases = {
    "0.5 * x' * P * x": '0.5 * quad_form(x, P)',
    "x' * 0.5 * P * x": '0.5 * quad_form(x, P)',
    "x' / 2 * P * x": '0.5 * quad_form(x, P)',
    "0.5 * (x - a)' * P * (x - a)": '0.5 * quad_form(x - a, P)',
    "exp(a[1]) * x' * P * x / 4": 'exp(a[1]) / 4 * quad_form(x, P)',
    "x' * (2 * P * x * 0.25)": '0.5 * quad_form(x, P)',
    "-0.1 * x' * P * x": '-0.1 * quad_form(x, P)',
    "-x' * (-0.2) * P * x": '0.2 * quad_form(x, P)',
    "0.5 * x' * x": '0.5 * sumsq(x)',
    "-x' * -(P * x)": 'quad_form(x, P)',
  };
  for (const [written, same] of Object.entries(cases)) {
    const [found, wanted] = [at(written), at(same)];
    wanted.forEach((value, k) => {
      const off = Math.abs((found[k] as number) - value);
      assert.ok(off <= 1e-8 * (1 + Math.abs(value)), `${written}, number ${k}: off by ${off} from ${value}`);
    });
  }
});

test('what a term bends down is made good by others, whatever the eigenvalues of a matrix of data do', () => {
  const sources = { P: { shape: [2, 2], values: Float64Array.of(1, 0, 0, 2) } };
  const { problem } = compiled(text("0.4 * sum(sin(x - a)) + x' * P * x"), sources);
  problem.moveTo(Float64Array.of(1, 1));
  // Hessian P + P' + I − 0.4 diag(sin): at least 2 + 1 − 0.4.
  const { mu } = problem.constants();
  assert.ok(mu.value <= 2.6 + 1e-12 && mu.value >= 2.6 - 1e-6, `${mu.value}`);
});
