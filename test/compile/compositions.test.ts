/**
 * Problems of imaging, kernel methods, meta-learning and networks, as files: they check without an error, their
 * constants hold for the exact Hessian, and their hypergradients agree with a dense solve, whose own
 * solution agrees with finite differences of the upper objective at lower solutions by Newton's method.
 */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EigenvalueDecomposition, Matrix, solve } from 'ml-matrix';
import type { BilevelProblem } from '../../server/src/base/bilevel-problem.ts';
import { integerBelow, normalArray, seeded } from '../support/seeded.ts';
import { compiled } from './compile-text.ts';

const random = seeded(23);
const array = (shape: readonly number[]) => ({
  shape,
  values: normalArray(
    random,
    shape.reduce((product, length) => product * length, 1),
  ),
});
const classes = (count: number) => ({
  shape: [count],
  values: Float64Array.from({ length: count }, () => integerBelow(random, 3)),
});
const sources = {
  signal: array([10]),
  'clean signal': array([10]),
  image: array([4, 5]),
  'clean image': array([4, 5]),
  points: array([9, 2]),
  targets: array([9]),
  'held-out points': array([6, 2]),
  'held-out targets': array([6]),
  'inputs of tasks': array([3, 5, 4]),
  'outputs of tasks': array([3, 5, 2]),
  'held-out inputs of tasks': array([3, 4, 4]),
  'held-out outputs of tasks': array([3, 4, 2]),
  'first weights': array([4, 2]),
  'second weights': array([4, 2]),
  'weights of states': array([3, 3]),
  'weights of inputs': array([3, 2]),
  classes: classes(9),
  'held-out classes': classes(6),
};

/** What the theory has no bound for, or none that says anything; and how close finite differences come. */
const tolerances: Readonly<Record<string, number>> = { 'convex-regulariser': 1e-4 };

const folder = join(import.meta.dirname, 'compositions');

function hessian(problem: BilevelProblem, x: Float64Array): Matrix {
  const d = problem.lowerSize;
  problem.linearise(x);
  const H = Matrix.zeros(d, d);
  const out = new Float64Array(d);
  for (let k = 0; k < d; k++) {
    problem.hessianProduct(
      Float64Array.from({ length: d }, (_, entry) => Number(entry === k)),
      out,
    );
    out.forEach((value, row) => H.set(row, k, value));
  }
  return H;
}

/** The lower solution at theta by Newton's method with backtracking. */
function lowerSolution(problem: BilevelProblem, theta: Float64Array): Float64Array {
  problem.moveTo(theta);
  let x = new Float64Array(problem.lowerSize);
  const gradient = new Float64Array(problem.lowerSize);
  for (let step = 0; step < 200; step++) {
    const value = problem.lower(x, gradient);
    const size = Math.hypot(...gradient);
    if (size < 1e-13) break;
    const direction = solve(hessian(problem, x), Matrix.columnVector([...gradient])).to1DArray();
    const slope = direction.reduce((sum, entry, k) => sum + entry * (gradient[k] as number), 0);
    let length = 1;
    let next = x;
    for (; length > 1e-12; length /= 2) {
      next = x.map((entry, k) => entry - length * (direction[k] as number));
      const fell = problem.lower(next, new Float64Array(x.length)) <= value - 1e-4 * length * slope;
      // Near the end the objective has no digits left, but the gradient has.
      const end = new Float64Array(x.length);
      problem.lower(next, end);
      if (fell || Math.hypot(...end) < 0.5 * size) break;
    }
    if (length <= 1e-12) break;
    x = next;
  }
  return x;
}

function upperAt(problem: BilevelProblem, theta: Float64Array): number {
  const x = lowerSolution(problem, theta);
  return problem.upper(x, new Float64Array(x.length), new Float64Array(theta.length));
}

for (const file of readdirSync(folder)) {
  const name = file.replace('.bilevel', '');
  test(`${name}: constants and hypergradient against dense references`, (context) => {
    const { problem } = compiled(readFileSync(join(folder, file), 'utf8'), sources);
    const theta = problem.project(normalArray(random, problem.upperSize, 0.7)).point;
    const x = lowerSolution(problem, theta);
    const [gx, fx, ftheta] = [
      new Float64Array(x.length),
      new Float64Array(x.length),
      new Float64Array(theta.length),
    ];
    problem.lower(x, gx);
    assert.ok(Math.hypot(...gx) < 1e-9, `${name}: the lower solution has a gradient of ${Math.hypot(...gx)}`);
    problem.upper(x, fx, ftheta);
    const H = hessian(problem, x);
    const q = solve(H, Matrix.columnVector([...fx])).to1DArray();
    const jacobianTranspose = new Float64Array(theta.length);
    problem.jacobianTransposeProduct(Float64Array.from(q), jacobianTranspose);
    const h = ftheta.map((value, k) => value - (jacobianTranspose[k] as number));

    const { mu, L } = problem.constants();
    const spectrum = new EigenvalueDecomposition(H, { assumeSymmetric: true }).realEigenvalues;
    const [least, most] = [Math.min(...spectrum), Math.max(...spectrum)];
    assert.ok(mu.value > 0 && mu.value <= least * (1 + 1e-10), `${name}: mu ${mu.value} of ${least}`);
    assert.ok(L.value >= most * (1 - 1e-10) && L.value < Infinity, `${name}: L ${L.value} of ${most}`);
    const ball = problem.constants({ centre: x, radius: 1e-4 });
    for (const [constant, { value }] of Object.entries(ball)) {
      assert.ok(value < Infinity, `${name}: ${constant} is not finite`);
    }
    const direction = normalArray(random, x.length);
    const distance = 1e-4 / Math.hypot(...direction);
    const moved = x.map((value, k) => value + distance * (direction[k] as number));
    const change = new EigenvalueDecomposition(hessian(problem, moved).sub(H), { assumeSymmetric: true })
      .realEigenvalues;
    assert.ok(
      Math.max(...change.map(Math.abs)) <= ball.L_H.value * 1e-4 * (1 + 1e-6) + 1e-12,
      `${name}: L_H`,
    );

    const scale = Math.hypot(...h);
    for (let k = 0; k < theta.length; k++) {
      const difference = (step: number): number => {
        const at = (sign: number): number =>
          upperAt(
            problem,
            theta.map((value, entry) => value + (entry === k ? sign * step : 0)),
          );
        return (at(1) - at(-1)) / (2 * step);
      };
      const step = name === 'convex-regulariser' ? 2e-6 : 1e-3;
      const extrapolated = (4 * difference(step / 2) - difference(step)) / 3;
      const error = Math.abs(extrapolated - (h[k] as number)) / scale;
      assert.ok(error <= (tolerances[name] ?? 1e-7), `${name}: entry ${k} differs by ${error}`);
    }
    context.diagnostic(
      `mu ${(least / mu.value).toPrecision(3)} below, L ${(L.value / most).toPrecision(3)} above the exact ones; L_H ${ball.L_H.value.toPrecision(3)}`,
    );
  });
}
