/**
 * Verification against the double-double references: the exact route agrees to near machine precision,
 * the differences to 1e-6, for dense and for matrix-free sizes, and both notice a wrong hypergradient.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neverCancelled } from '../../server/src/base/cancellation.ts';
import { defaultSolveOptions } from '../../server/src/base/solve-options.ts';
import { denseLimit } from '../../server/src/solve/bounds/local-curvature.ts';
import { CountedProblem } from '../../server/src/solve/counting.ts';
import { Evaluation } from '../../server/src/solve/evaluation.ts';
import { hypergradientAt } from '../../server/src/solve/run.ts';
import { upperValue } from '../../server/src/solve/hypergradient/implicit.ts';
import { norm } from '../../server/src/solve/vector.ts';
import { exactHypergradient, verifyHypergradient } from '../../server/src/solve/verify.ts';
import { distance, norm as exactNorm } from './exact-vectors.ts';
import { randomEquilibrium } from './equilibrium-problem.ts';
import { randomModel } from './penalised-model.ts';
import { randomQuadratic } from './quadratic-problem.ts';
import type { ReferencedProblem } from './matrices.ts';

const problems: readonly (readonly [string, ReferencedProblem])[] = [
  ['quadratic', randomQuadratic(31, 24, 6, 1000)],
  ['ridge', randomModel('square', 32, { coupling: 0.3 })],
  ['logistic', randomModel('logistic', 33)],
  ['equilibrium', randomEquilibrium(35)],
  ['weak logistic in a box', randomModel('logistic', 34, { start: -7, box: [-7, 2], coupling: 0.1 })],
];

function crudePoint(problem: ReferencedProblem) {
  const evaluation = new Evaluation(new CountedProblem(problem, 1e7), defaultSolveOptions, neverCancelled);
  const theta = problem.upperStart;
  const lower = evaluation.lower(theta, problem.lowerStart(), 1e-2);
  const upper = upperValue(evaluation.problem, lower.x);
  return { evaluation, point: evaluation.adjoint(theta, lower, undefined, 1e-2, upper) };
}

for (const [name, problem] of problems) {
  test(`${name}: the exact route agrees with the reference to 1e-10`, () => {
    const { evaluation, point } = crudePoint(problem);
    const { h } = problem.reference(problem.upperStart);
    assert.ok(distance(exactHypergradient(evaluation, point).h, h) <= 1e-10 * exactNorm(h));
  });

  test(`${name}: a good hypergradient passes, by both routes`, () => {
    const request = { theta: problem.upperStart, verify: true };
    const { verification, certificate } = hypergradientAt(problem, request, defaultSolveOptions);
    assert.ok(verification !== undefined && verification.boundHolds);
    assert.ok(verification.exactRelativeError <= certificate.relative);
    assert.ok(verification.differenceRelativeError <= 2e-6, String(verification.differenceRelativeError));
  });

  test(`${name}: a wrong hypergradient is noticed, by both routes`, () => {
    const { evaluation, point } = crudePoint(problem);
    const right = exactHypergradient(evaluation, point).h;
    const shifted = { ...point, h: right.map((value, i) => (i === 0 ? value + 0.01 * norm(right) : value)) };
    const found = verifyHypergradient(evaluation, shifted, 0.001 * norm(right), (theta) =>
      problem.project(theta),
    );
    assert.ok(Math.abs(found.exactRelativeError - 0.01) < 1e-6);
    assert.ok(found.differenceRelativeError > 0.001 && found.differenceRelativeError < 0.1);
    assert.equal(found.boundHolds, false);
  });
}

test('matrix-free sizes: verified without dense matrices', () => {
  const problem = randomModel('logistic', 35, { size: denseLimit + 10, rows: 30, start: -3, scale: 0.2 });
  const request = { theta: problem.upperStart, verify: true };
  const { verification, certificate, status } = hypergradientAt(problem, request, defaultSolveOptions);
  assert.equal(status, 'evaluated');
  assert.equal(certificate.kind, 'certified');
  assert.ok(certificate.relative <= 1e-6, String(certificate.relative));
  assert.ok(verification !== undefined && verification.boundHolds);
  assert.ok(verification.exactRelativeError <= 1e-6 && verification.differenceRelativeError <= 1e-6);
});
