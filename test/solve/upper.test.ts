/**
 * Whole runs: convergence to stationarity with a certificate, certified decrease along the line search,
 * fixed steps and tolerances obeyed to the letter, and every other way a run can end.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancellationSource } from '../../server/src/base/cancellation.ts';
import { defaultSolveOptions } from '../../server/src/base/solve-options.ts';
import type { SolveOptions } from '../../server/src/base/solve-options.ts';
import { statuses } from '../../server/src/solve/outcome.ts';
import type { SolveProgress } from '../../server/src/solve/progress.ts';
import { solve } from '../../server/src/solve/run.ts';
import { distance } from './exact-vectors.ts';
import { at } from './matrices.ts';
import { randomModel } from './penalised-model.ts';
import { randomQuadratic } from './quadratic-problem.ts';
import type { ReferencedProblem } from './matrices.ts';

const fixed = (lower: number, linear: number, step: number): SolveOptions => ({
  ...defaultSolveOptions,
  lower: { method: 'automatic', tolerance: lower },
  hypergradient: { method: 'implicit', linear: { method: 'cg', tolerance: linear } },
  upper: { method: 'projected_gradient', step },
});

const families: readonly (readonly [string, ReferencedProblem])[] = [
  ['quadratic', randomQuadratic(1)],
  ['ridge', randomModel('square', 2, { box: [-5, 3] })],
  ['logistic', randomModel('logistic', 3, { box: [-5, 3] })],
  ['weak logistic', randomModel('logistic', 4, { start: -6, coupling: 0.1, box: [-9, 3] })],
];

for (const [name, problem] of families) {
  test(`${name}: automatic steps and tolerances converge, and F decreases at each step`, () => {
    const report = solve(problem, {
      ...defaultSolveOptions,
      upper: { method: 'projected_gradient', steps: 300 },
    });
    assert.equal(report.status, 'converged', report.advice);
    const exact = problem.reference(report.theta);
    assert.ok(distance(report.hypergradient, exact.h) <= report.certificate.bound);
    assert.ok(distance(report.x, exact.x) <= report.lowerError.value);
    const objectives = report.history.map((entry) => entry.objective);
    // Recorded values carry their own error, far below a step's decrease except near the end.
    for (let k = 1; k < objectives.length; k++) {
      assert.ok((objectives[k] as number) < (objectives[k - 1] as number) + 1e-6, `step ${k}`);
    }
    assert.ok((objectives.at(-1) as number) < (objectives[0] as number));
    const first = report.history[0];
    assert.ok(report.stationarity + report.certificate.bound <= 2e-3 * (first?.hypergradientNorm ?? 0));
    assert.deepEqual([...problem.project(report.theta).point], [...report.theta]);
  });
}

test('the line search decreases the true F at every step', () => {
  const problem = randomModel('logistic', 6, { box: [-4, 2] });
  let previous = Infinity;
  for (let steps = 0; steps < 6; steps++) {
    const report = solve(problem, { ...defaultSolveOptions, upper: { method: 'projected_gradient', steps } });
    const { x } = problem.reference(report.theta);
    problem.moveTo(report.theta);
    const exact = Float64Array.from(x, (entry) => entry.hi);
    const value = problem.upper(exact, new Float64Array(exact.length), new Float64Array(exact.length));
    assert.ok(Math.abs(value - report.objective) <= report.objectiveError.value + 1e-14);
    assert.ok(value < previous, `after ${steps} steps`);
    previous = value;
  }
});

test('fixed tolerances and a fixed step are obeyed: the iterates are those of the plain method', () => {
  const problem = randomModel('logistic', 7);
  const steps = 5;
  const options = fixed(1e-2, 1e-2, 0.5);
  const report = solve(problem, { ...options, upper: { ...options.upper, steps } });
  assert.equal(report.status, 'step_limit');
  assert.equal(report.counts.upperSteps, steps);
  assert.equal(report.history.length, steps + 1);
  assert.ok(report.history.slice(0, steps).every((entry) => entry.stepLength === 0.5));
  assert.ok(report.history.every((entry) => entry.lowerTolerance === 1e-2 && entry.linearTolerance === 1e-2));
  // The polished certificate is far below what Theorem A alone shows in the history.
  assert.ok(report.certificate.bound <= (report.history.at(-1)?.hypergradientBound ?? 0));
  assert.ok(distance(report.hypergradient, problem.reference(report.theta).h) <= report.certificate.bound);
});

test('the same seed gives the same bits', () => {
  const run = () => solve(randomModel('logistic', 8), { ...defaultSolveOptions, budget: 400, seed: 3 });
  const [first, second] = [run(), run()];
  assert.deepEqual(first.theta, second.theta);
  assert.deepEqual(first.certificate.bound, second.certificate.bound);
  assert.deepEqual(first.counts, second.counts);
});

test('a spent budget is a normal end with a bound, overshooting by a closing evaluation at most', () => {
  for (const budget of [1, 7, 50, 300]) {
    const problem = randomModel('logistic', 9, { start: -4 });
    const report = solve(problem, { ...fixed(1e-3, 1e-3, 0.1), budget });
    assert.equal(report.status, 'budget_spent');
    assert.ok(statuses[report.status].done);
    assert.ok(Number.isFinite(report.certificate.bound));
    assert.ok(distance(report.hypergradient, problem.reference(report.theta).h) <= report.certificate.bound);
    // The certificate's own share comes on top: at least 1000 gradients and products.
    assert.ok(report.counts.lowerGradients + report.counts.hessianProducts <= budget + 1010);
  }
});

test('cancelling keeps the last complete point', () => {
  const problem = randomModel('logistic', 10);
  const source = new CancellationSource();
  const seen: SolveProgress[] = [];
  const report = solve(problem, defaultSolveOptions, {
    cancellation: source,
    onProgress: (progress) => {
      seen.push(progress);
      if (progress.phase === 'upper' && progress.upperStep === 2) source.cancel();
    },
  });
  assert.equal(report.status, 'cancelled');
  assert.ok(report.history.length <= 4);
  assert.ok(report.theta.every((value) => Number.isFinite(value)));
  assert.ok(seen.some(({ phase }) => phase === 'lower') && seen.some(({ phase }) => phase === 'upper'));
  const spent = seen.map((progress) => progress.spent);
  assert.deepEqual(
    spent,
    spent.toSorted((a, b) => a - b),
  );
});

test('a linear tolerance above ‖f_x‖ gives hypergradient 0, and the advice says why', () => {
  const report = solve(randomModel('logistic', 11), fixed(1e-3, 100, 1));
  assert.equal(report.status, 'stalled');
  assert.equal(report.level, 'linear');
  assert.match(report.advice, /linear tolerance 100 is not below ‖f_x‖/u);
  assert.equal(report.hypergradientNorm, 0);
});

test('a fixed step that is too long diverges or leaves the finite numbers, and says so', () => {
  const report = solve(randomQuadratic(12), fixed(1e-8, 1e-8, 1e3));
  assert.ok(report.status === 'diverged' || report.status === 'not_finite', report.status);
  assert.equal(statuses[report.status].done, false);
  assert.match(report.advice, /step/u);
  assert.ok(report.theta.every((value) => Number.isFinite(value)));
});

test('values that are not finite end the run at the last finite iterate', () => {
  const problem = randomModel('logistic', 13);
  const broken = Object.create(problem) as ReferencedProblem;
  let calls = 0;
  broken.upper = (x, gradientX, gradientTheta) => {
    const value = problem.upper(x, gradientX, gradientTheta);
    return ++calls > 3 ? Number.NaN : value;
  };
  const report = solve(broken, fixed(1e-6, 1e-6, 0.1));
  assert.equal(report.status, 'not_finite');
  assert.ok(Number.isFinite(report.objective));
  assert.equal(report.history.length, 3);
});

test('no strong convexity is reported before any work', () => {
  const problem = randomModel('logistic', 14, { start: -800 });
  const report = solve(problem, defaultSolveOptions);
  assert.equal(report.status, 'not_strongly_convex');
  assert.equal(report.level, 'lower');
  assert.ok(report.counts.lowerGradients <= 2);
});

test('explicit tolerances too loose for any certified decrease end with advice to drop them', () => {
  const problem = randomModel('logistic', 15);
  const loose = fixed(0.5, 0.5, 1);
  const report = solve(problem, { ...loose, upper: { method: 'projected_gradient' } });
  assert.ok(report.status === 'no_descent' || report.status === 'converged', report.status);
  if (report.status === 'no_descent') assert.match(report.advice, /tolerance/u);
});

test('a start in a corner that the gradient pushes into converges at once', () => {
  // Large penalties hurt this model, so pushed against the upper edge of the box h < 0 does not help.
  const problem = randomModel('logistic', 3, { start: -8, box: [-8, -7.99] });
  const report = solve(problem, {
    ...defaultSolveOptions,
    upper: { method: 'projected_gradient', steps: 50 },
  });
  assert.equal(report.status, 'converged', report.advice);
  assert.ok(report.theta.every((value) => value >= -8 && value <= -7.99));
  assert.ok(at(report.theta, 0) >= -8);
});

test('constants given by the author are labelled so', () => {
  const problem = randomModel('logistic', 16);
  const report = solve(problem, {
    ...defaultSolveOptions,
    lower: { method: 'heavy_ball', mu: 1e-3 },
    upper: { method: 'projected_gradient', steps: 1 },
  });
  assert.equal(report.certificate.kind, 'given');
  assert.equal(report.lowerMethod, 'heavy_ball');
});
