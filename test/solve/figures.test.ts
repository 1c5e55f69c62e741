/**
 * Published figures: the quadratic of Ehrhardt & Roberts (2023) with its own data, whose lower level is
 * solved by N heavy-ball steps and its adjoint by conjugate gradients; and the counterexample to the
 * published bound, where a changing Hessian is all the error there is.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { EigenvalueDecomposition, Matrix as DenseMatrix } from 'ml-matrix';
import { defaultSolveOptions } from '../../server/src/base/solve-options.ts';
import type { SolveOptions } from '../../server/src/base/solve-options.ts';
import type { BilevelProblem } from '../../server/src/solve/problem.ts';
import { hypergradientAt } from '../../server/src/solve/run.ts';
import { distance, norm } from './exact-vectors.ts';
import { at } from './matrices.ts';
import { QuadraticProblem } from './quadratic-problem.ts';
import type { Matrix } from './matrices.ts';

/** Little-endian float64, C order, version 1: what these five files are. */
function array(name: string): { readonly shape: readonly number[]; readonly data: Float64Array } {
  const bytes = readFileSync(new URL(`../../samples/data/quadratic/${name}.npy`, import.meta.url));
  const header = bytes.readUInt16LE(8);
  const text = bytes.subarray(10, 10 + header).toString('latin1');
  assert.match(text, /'<f8'.*'fortran_order': False/u);
  const shape = (/\(([^)]*)\)/u.exec(text)?.[1] ?? '')
    .split(',')
    .map(Number)
    .filter((size) => size > 0);
  const count = shape.reduce((size, next) => size * next, 1);
  return {
    shape,
    data: Float64Array.from({ length: count }, (_, i) => bytes.readDoubleLE(10 + header + 8 * i)),
  };
}

function paperProblem(): QuadraticProblem {
  const matrix = (name: string): Matrix => {
    const { shape, data } = array(name);
    return { rows: shape[0] as number, columns: shape[1] as number, data };
  };
  const D = matrix('D');
  const dense = new DenseMatrix(D.rows, D.columns);
  for (let i = 0; i < D.rows; i++)
    for (let j = 0; j < D.columns; j++) dense.set(i, j, at(D.data, i * D.columns + j));
  const spectrum = new EigenvalueDecomposition(dense.transpose().mmul(dense), { assumeSymmetric: true });
  const values = spectrum.realEigenvalues.map((value) => 2 * value);
  const extremes = [Math.min(...values), Math.max(...values)] as const;
  assert.ok(
    Math.abs(extremes[1] - 5108.1) < 0.05 && Math.abs(extremes[0] - 145.6) < 0.005,
    extremes.join(', '),
  );
  return new QuadraticProblem(matrix('A'), array('b').data, matrix('C'), D, array('e').data, extremes);
}

const options = (iterations: number): SolveOptions => ({
  ...defaultSolveOptions,
  lower: { method: 'heavy_ball', iterations },
  hypergradient: { method: 'implicit', linear: { method: 'cg', tolerance: 1e-12 } },
});

test("heavy ball for N steps, then conjugate gradients: the errors of the paper's problem", () => {
  const problem = paperProblem();
  const theta = problem.upperStart;
  const exact = problem.reference(theta);
  assert.ok(Math.abs(norm(exact.h) - 5322.4) < 0.05, `${norm(exact.h)}`);
  const expected = [
    [20, 54.4, 0.05],
    [60, 1.9e-4, 0.05e-4],
    // Here rounding is half of the error (1e-13 relative), and it depends on the order of summation.
    [100, 3.8e-10, 4e-10],
  ] as const;
  for (const [iterations, error, within] of expected) {
    const report = hypergradientAt(problem, { theta }, options(iterations));
    const found = distance(report.hypergradient, exact.h);
    assert.ok(Math.abs(found - error) <= within, `N = ${iterations}: error ${found}, expected ${error}`);
    const { bound, plain, published } = report.certificate;
    console.log(
      `  N = ${iterations}: error ${found.toExponential(2)}, bound ${bound.toExponential(2)} (${(bound / found).toFixed(3)}), ` +
        `Theorem A ${plain.omega.toExponential(2)}, published ${published.v2.toExponential(2)}`,
    );
    assert.ok(found <= bound);
  }
});

test('N = 20: polishing brings bound over error to 1', () => {
  const problem = paperProblem();
  const report = hypergradientAt(problem, { theta: problem.upperStart }, options(20));
  const found = distance(report.hypergradient, problem.reference(problem.upperStart).h);
  assert.ok(report.certificate.bound / found < 1.0001);
  assert.ok(report.certificate.plain.omega / found > 100);
});

test('tolerances 1e-10 give the closed form to 1e-8', () => {
  const problem = paperProblem();
  const tight = { tolerance: 1e-10 };
  const report = hypergradientAt(
    problem,
    { theta: problem.upperStart, verify: true },
    {
      ...defaultSolveOptions,
      lower: { method: 'automatic', ...tight },
      hypergradient: { method: 'implicit', linear: { method: 'cg', ...tight } },
    },
  );
  const { h } = problem.reference(problem.upperStart);
  assert.ok(distance(report.hypergradient, h) <= 1e-8 * norm(h));
  assert.ok((report.verification?.exactRelativeError ?? 1) <= 1e-8);
  assert.ok((report.verification?.differenceRelativeError ?? 1) <= 1e-6);
  assert.equal(report.verification?.boundHolds, true);
});

/** g = log cosh x + 0.05 x² − theta x, f = x. */
function logCosh(start: number): BilevelProblem {
  let theta = 1;
  let centre = 0;
  const bend = (x: number): number => 1 / Math.cosh(x) ** 2 + 0.1;
  const certified = (value: number) => ({ value, kind: 'certified' }) as const;
  return {
    upperSize: 1,
    lowerSize: 1,
    lowerKind: 'minimum',
    lowerIsQuadratic: false,
    upperStart: Float64Array.of(1),
    upperIsConstrained: false,
    project: (at_) => ({ point: at_.slice(), error: 0, kind: 'certified' }),
    moveTo: (at_) => (theta = at(at_, 0)),
    lowerStart: () => Float64Array.of(start),
    lower(x, gradient) {
      const w = at(x, 0);
      gradient[0] = Math.tanh(w) + 0.1 * w - theta;
      return Math.log(Math.cosh(w)) + 0.05 * w * w - theta * w;
    },
    upper(x, gradientX, gradientTheta) {
      gradientX[0] = 1;
      gradientTheta[0] = 0;
      return at(x, 0);
    },
    linearise: (x) => (centre = at(x, 0)),
    hessianProduct: (v, out) => (out[0] = bend(centre) * at(v, 0)),
    jacobianTransposeProduct: (q, out) => (out[0] = -at(q, 0)),
    jacobianProduct: (v, out) => (out[0] = -at(v, 0)),
    constants: () => ({
      mu: certified(0.1),
      L: certified(1.1),
      L_H: certified(0.7699),
      L_J: certified(0),
      L_fx: certified(0),
      L_ftheta: certified(0),
      jacobianNorm: certified(1),
    }),
    rounding: {
      lowerObjective: () => 1e-14,
      lowerGradient: () => 1e-15,
      upperObjective: () => 0,
      upperGradientX: () => 0,
      upperGradientTheta: () => 0,
      hessianProduct: (_x, v) => 1e-15 * Math.abs(at(v, 0)),
      jacobianTransposeProduct: () => 0,
    },
  };
}

test('the counterexample: the published bound is 0 where the error is 0.374; Theorem A holds', () => {
  // Bisection: the one root of tanh x + 0.1 x = 1.
  let [low, high] = [0, 10];
  for (let k = 0; k < 200; k++) {
    const middle = (low + high) / 2;
    if (Math.tanh(middle) + 0.1 * middle < 1) low = middle;
    else high = middle;
  }
  const solution = low;
  const report = hypergradientAt(
    logCosh(solution + 0.1),
    { theta: Float64Array.of(1) },
    {
      ...defaultSolveOptions,
      // The start meets this tolerance, so x~ = x* + 0.1 is what the hypergradient is taken at.
      lower: { method: 'fista', tolerance: 10 },
      hypergradient: { method: 'implicit', linear: { method: 'cg', tolerance: 1e-14 } },
    },
  );
  const exact = 1 / (1 / Math.cosh(solution) ** 2 + 0.1);
  const error = Math.abs(at(report.hypergradient, 0) - exact);
  assert.ok(Math.abs(error - 0.374) < 5e-4, `${error}`);
  assert.ok(report.certificate.published.v2 < 1e-12);
  assert.ok(report.certificate.published.v1 >= error && report.certificate.published.maid >= error);
  assert.ok(report.certificate.plain.omega >= error);
  assert.ok(report.certificate.bound >= error && report.certificate.bound <= 3 * error);
});
