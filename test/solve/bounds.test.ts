/**
 * The ingredients of the certificate, each tried for violation: directed norms, eigenvalue bounds by
 * Cholesky and by Lanczos against matrices of known spectrum, the descent test under projections, the
 * published and a priori bounds against their own formulas.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neverCancelled } from '../../server/src/base/cancellation.ts';
import { aprioriBound } from '../../server/src/solve/bounds/a-priori.ts';
import {
  smallestEigenvalueBelow,
  spectralNormAbove,
  triangularFactors,
  triangularSolve,
} from '../../server/src/solve/bounds/dense.ts';
import { projectorOf } from '../../server/src/sets/projector.ts';
import { certifiableError, descentCertified, projectedStep } from '../../server/src/solve/bounds/descent.ts';
import type { Projection } from '../../server/src/solve/bounds/descent.ts';
import { denseJacobianNorm } from '../../server/src/solve/bounds/jacobian-norm.ts';
import { largestEigenvalueAbove, largestOfTridiagonal } from '../../server/src/solve/bounds/lanczos.ts';
import {
  denseCurvature,
  denseHessian,
  probabilisticCurvature,
} from '../../server/src/solve/bounds/local-curvature.ts';
import { publishedBounds } from '../../server/src/solve/bounds/published.ts';
import { CountedProblem } from '../../server/src/solve/counting.ts';
import { randomDirection, randomSource } from '../../server/src/solve/random.ts';
import { distanceAbove, normAbove, normBelow, outward } from '../../server/src/solve/rounding.ts';
import { dot, norm } from '../../server/src/solve/vector.ts';
import { hypergradientAt } from '../../server/src/solve/run.ts';
import { defaultSolveOptions } from '../../server/src/base/solve-options.ts';
import { at, gaussian } from './matrices.ts';
import { randomEquilibrium } from './equilibrium-problem.ts';
import { randomModel } from './penalised-model.ts';
import { randomQuadratic } from './quadratic-problem.ts';

/** Q diag(values) Q' with Q a product of Householder reflections: the spectrum is known. */
function withSpectrum(values: readonly number[], seed: number): Float64Array {
  const n = values.length;
  const random = randomSource(seed);
  const matrix = new Float64Array(n * n);
  values.forEach((value, i) => (matrix[i * n + i] = value));
  for (let k = 0; k < 3; k++) {
    const v = randomDirection(n, random);
    // A <- (I − 2 v v') A (I − 2 v v')
    for (const transposed of [false, true]) {
      const index = (i: number, j: number): number => (transposed ? j * n + i : i * n + j);
      for (let j = 0; j < n; j++) {
        let part = 0;
        for (let i = 0; i < n; i++) part += at(v, i) * at(matrix, index(i, j));
        for (let i = 0; i < n; i++) matrix[index(i, j)] = at(matrix, index(i, j)) - 2 * part * at(v, i);
      }
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (at(matrix, i * n + j) + at(matrix, j * n + i)) / 2;
      matrix[i * n + j] = mean;
      matrix[j * n + i] = mean;
    }
  }
  return matrix;
}

test('norms enclose, also where squares overflow or underflow', () => {
  for (const scale of [1, 1e-200, 1e200, 4e-320]) {
    const v = Float64Array.of(3 * scale, 4 * scale);
    assert.ok(normAbove(v) >= 5 * scale && normBelow(v) <= 5 * scale);
    assert.ok(normAbove(v) <= 5.0001 * scale + Number.MIN_VALUE * 2);
  }
  assert.equal(normAbove(new Float64Array(3)), 0);
  assert.equal(norm(Float64Array.of(1, Number.NaN)), Number.NaN);
  assert.ok(distanceAbove(Float64Array.of(1), Float64Array.of(1 - 2 ** -53)) >= 2 ** -53);
  assert.ok(outward(0) > 0);
});

test('Cholesky bounds lambda_min from below and closely, for conditions up to 1e14', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const n = 1 + (seed % 12);
    const least = 10 ** -(seed % 15);
    const values = Array.from({ length: n }, (_, i) =>
      i === 0 ? least : least + Math.abs(Math.sin(i * seed)),
    );
    const matrix = withSpectrum(values, seed);
    // Rounding moved the spectrum of the matrix as built by at most this.
    const moved = 40 * n * 2 ** -53;
    const bound = smallestEigenvalueBelow(matrix, n, 0, 0);
    assert.ok(bound <= least + moved, `n ${n}: ${bound} > ${least}`);
    if (least > 1e-10) assert.ok(bound >= 0.9 * least, `n ${n}: ${bound} is far below ${least}`);
    assert.ok(smallestEigenvalueBelow(matrix, n, 0.5 * least, 0) <= 0.5 * least + moved);
  }
  assert.equal(smallestEigenvalueBelow(Float64Array.of(1, 2, 2, 1), 2, 0, 0), -Infinity);
  assert.equal(smallestEigenvalueBelow(Float64Array.of(Number.NaN), 1, 0, 0), -Infinity);
});

test('the spectral norm is bounded from above, within one per cent', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const n = 2 + (seed % 9);
    const values = Array.from({ length: n }, (_, i) => 1 + Math.abs(Math.cos(i * seed)) * 3);
    const top = Math.max(...values);
    const bound = spectralNormAbove(withSpectrum(values, seed), n, n, 0);
    assert.ok(bound >= top * (1 - 1e-14) && bound <= 1.01 * top, `${bound} for ${top}`);
  }
  assert.ok(spectralNormAbove(new Float64Array(4), 2, 2, 0.25) >= 0.25);
});

test('Lanczos: the Ritz value alone is below lambda_max, the bound above', () => {
  const n = 400;
  const values = Float64Array.from({ length: n }, (_, i) => 1 - (i / n) ** 0.3);
  for (let seed = 0; seed < 20; seed++) {
    const apply = (v: Float64Array) => ({ out: v.map((value, i) => value * at(values, i)), error: 0 });
    let ritz = 0;
    const bound = largestEigenvalueAbove(apply, n, 60, 1e-6, seed, (value) => {
      ritz = value;
      return false;
    });
    assert.ok(bound !== undefined && bound >= 1 && bound < 1.1, String(bound));
    assert.ok(ritz <= 1 + 1e-12);
  }
  assert.ok(Math.abs(largestOfTridiagonal([2, 2, 2], [-1, -1]) - (2 + Math.SQRT2)) < 1e-12);
});

test("local curvature and ‖J‖ are bounds of the quadratic's known values", () => {
  for (let seed = 1; seed <= 10; seed++) {
    const problem = randomQuadratic(seed, 24, 8, 100);
    const counted = new CountedProblem(problem, 1e6);
    problem.moveTo(problem.upperStart);
    const x = problem.lowerStart();
    const weak = { value: 1e-6, kind: 'certified' } as const;
    const curvature = denseCurvature(counted, x, weak);
    assert.equal(curvature.kind, 'certified');
    // lambda_min(H) = 2 by construction.
    assert.ok(curvature.value <= 2 * (1 + 1e-12) && curvature.value >= 1.8, `${curvature.value}`);
    const bound = denseJacobianNorm(counted, x).value;
    // A lower bound of ‖J‖ by power iteration.
    let q = randomDirection(8, randomSource(seed));
    const u = new Float64Array(problem.upperSize);
    let lower = 0;
    for (let k = 0; k < 200; k++) {
      problem.jacobianTransposeProduct(q, u);
      lower = norm(u);
      const next = new Float64Array(8);
      problem.jacobianProduct(u, next);
      q = next.map((value) => value / norm(next));
    }
    assert.ok(bound >= lower && bound <= 1.02 * lower, `${bound} for ${lower}`);
    const L = { value: 200.001, kind: 'certified' } as const;
    const likely = probabilisticCurvature(counted, x, weak, L, 300, 1e-9, seed, neverCancelled);
    assert.ok(likely !== undefined && likely.value <= 2 + 1e-9, String(likely?.value));
    assert.equal(likely.kind, 'probabilistic');
  }
});

test('the smallest singular value of a matrix that is not symmetric, densely and by Lanczos', () => {
  for (let seed = 1; seed <= 10; seed++) {
    // I − M with ‖M‖ = 0.9: by inverse iteration on A'A from the dense factors.
    const size = 8;
    const problem = randomEquilibrium(seed, { size, activation: 'identity' });
    const counted = new CountedProblem(problem, 1e6);
    const x = problem.lowerStart();
    counted.linearise(x);
    const { matrix } = denseHessian(counted, x);
    const factors = triangularFactors(matrix, size);
    assert.ok(factors !== undefined);
    let v = randomDirection(size, randomSource(seed));
    let smallest = 0;
    for (let k = 0; k < 500; k++) {
      const w = triangularSolve(factors, size, triangularSolve(factors, size, v, true), false);
      smallest = 1 / Math.sqrt(norm(w));
      v = w.map((value) => value / norm(w));
    }
    const image = new Float64Array(size);
    counted.hessianProduct(triangularSolve(factors, size, v, false), image);
    assert.ok(norm(image.map((value, i) => value - at(v, i))) < 1e-12);
    counted.transposedHessianProduct(triangularSolve(factors, size, v, true), image);
    assert.ok(norm(image.map((value, i) => value - at(v, i))) < 1e-12);
    const weak = { value: 0.01, kind: 'certified' } as const;
    const curvature = denseCurvature(counted, x, weak);
    assert.ok(curvature.value <= smallest && curvature.value >= 0.95 * smallest, `${curvature.value}`);
    const L = { value: 1.901, kind: 'certified' } as const;
    const likely = probabilisticCurvature(counted, x, weak, L, 300, 1e-9, seed, neverCancelled);
    assert.ok(likely !== undefined && likely.value <= smallest * (1 + 1e-9), String(likely?.value));
    assert.ok(likely.value > 0.9 * smallest);
  }
});

const clipped: Projection = (theta) => ({
  point: theta.map((value) => Math.min(1, Math.max(-1, value))),
  error: 0,
  kind: 'certified',
});

/** Projections onto sets of this many entries, exact ones and one by an iteration. */
function projections(n: number): readonly Projection[] {
  const made = [
    { radius: 1.2 },
    { total: 1, box: { lower: new Float64Array(n), upper: new Float64Array(n).fill(1) } },
    { spectral: 0.8 },
    { spectral: 0.8, box: { lower: new Float64Array(n), upper: new Float64Array(n).fill(Infinity) } },
  ].map((demands) => projectorOf(demands, n % 2 === 0 && n > 2 ? [2, n / 2] : [n, 1]));
  return [clipped, ...made.filter((each) => typeof each === 'function')];
}

test('a certified projected step descends for every gradient within the bound, in every set', () => {
  const random = randomSource(5);
  const certified = new Map<number, number>();
  for (let k = 0; k < 2500; k++) {
    const n = 1 + (k % 6);
    const which = Math.floor(k / 6) % 5;
    const project = projections(n)[which] as Projection;
    const theta = project(Float64Array.from({ length: n }, () => 1.5 * gaussian(random))).point;
    const h = Float64Array.from({ length: n }, () => gaussian(random));
    const step = projectedStep(project, theta, h, 10 ** (2 * random() - 1));
    const omega = norm(h) * random() ** 2;
    if (!descentCertified(h, step, omega)) continue;
    certified.set(which, (certified.get(which) ?? 0) + 1);
    // The worst gradient within omega of h points along d.
    const length = norm(step.direction);
    const worst = dot(h, step.direction) + omega * length;
    assert.ok(worst < 0, `${worst}`);
    for (let trial = 0; trial < 5; trial++) {
      const error = randomDirection(n, random);
      const gradient = h.map((value, i) => value + omega * at(error, i));
      assert.ok(dot(gradient, step.direction) < 0);
    }
  }
  for (let which = 0; which < 5; which++) assert.ok((certified.get(which) ?? 0) > 60, `${which}`);
  // At a corner that h pushes into, the step vanishes and nothing is certified.
  const corner = projectedStep(clipped, Float64Array.of(1, 1), Float64Array.of(-1, -2), 1);
  assert.equal(certifiableError(Float64Array.of(-1, -2), corner), 0);
  assert.equal(descentCertified(Float64Array.of(-1, -2), corner, 0), false);
});

test('the length of a projected step is off by at most what is said', () => {
  const random = randomSource(6);
  for (let k = 0; k < 400; k++) {
    const n = 1 + (k % 6);
    const project = projections(n)[1 + (k % 3)] as Projection;
    const theta = project(Float64Array.from({ length: n }, () => gaussian(random))).point;
    const h = Float64Array.from({ length: n }, () => (random() < 0.2 ? 0 : gaussian(random)));
    const { length, error } = projectedStep(project, theta, h, 0.1);
    // A worse projection: single precision everywhere.
    const coarse = project(theta.map((value, i) => Math.fround(value - 0.1 * at(h, i)))).point;
    const single = norm(coarse.map((value, i) => value - at(theta, i)));
    assert.ok(Math.abs(length - single) <= error.error + 2 ** -23 * (norm(theta) + norm(h)));
    assert.ok(error.error <= 1e-13 * (1 + norm(theta) + norm(h)));
  }
});

test('published bounds equal their formulas term by term', () => {
  const of = (value: number) => ({ value, kind: 'certified' }) as const;
  const constants = {
    mu: of(2),
    L: of(9),
    L_H: of(3),
    L_J: of(5),
    L_fx: of(7),
    L_ftheta: of(0),
    jacobianNorm: of(11),
  };
  const input = { gradientNorm: 4, residualNorm: 13, fxNorm: 17, qNorm: 19, constants, mu: 2 };
  const v2 = (11 * 13) / 2 + (17 * 5 * 4) / 4 + (11 * 7 * 4) / 4 + (5 * 7 * 16) / 8;
  const found = publishedBounds(input);
  assert.ok(Math.abs(found.v2 - v2) < 1e-9);
  assert.ok(Math.abs(found.maid - (v2 + (3 * 17 * 11 * 4) / 8)) < 1e-9);
  const v1 =
    (11 * 13) / 2 + ((11 * 7 + 11 * 19 * 3) / 2 + 19 * 5) * 2 + 5 * 2 * (13 / 2 + (2 * (7 + 19 * 3)) / 2);
  assert.ok(Math.abs(found.v1 - v1) < 1e-9);
});

test('the a priori bound holds where its premises do', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const problem = randomModel('logistic', seed, { size: 4, start: -2 });
    const theta = problem.upperStart;
    const exact = problem.reference(theta);
    const x = Float64Array.from(exact.x, (entry) => entry.hi);
    problem.moveTo(theta);
    const lower = 10 ** -(seed % 5);
    const linear = 10 ** -((3 * seed) % 5);
    const report = hypergradientAt(
      problem,
      { theta },
      {
        ...defaultSolveOptions,
        lower: { method: 'fista', tolerance: lower },
        hypergradient: { method: 'implicit', linear: { method: 'heavy_ball', tolerance: linear } },
      },
    );
    const fx = new Float64Array(4);
    problem.upper(x, fx, new Float64Array(4));
    const bound = aprioriBound({
      epsilon: lower,
      delta: linear,
      fxNorm: norm(fx),
      constants: problem.constants({ centre: x, radius: lower }),
    });
    const error = Math.hypot(...exact.h.map((entry, i) => entry.hi - at(report.hypergradient, i)));
    assert.ok(error <= bound * (1 + 1e-9) + 1e-12, `seed ${seed}: ${error} > ${bound}`);
  }
});
