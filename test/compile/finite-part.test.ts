/**
 * Constants that one kinked term keeps from being finite: what is left of them without it is large enough for the
 * estimate to be of the size of the true error, and the message names the term. True errors are those of the
 * exact hypergradient by dense factors.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neverCancelled } from '../../server/src/base/cancellation.ts';
import { defaultSolveOptions } from '../../server/src/base/solve-options.ts';
import type { SolveOptions } from '../../server/src/base/solve-options.ts';
import type { BilevelProblem } from '../../server/src/base/bilevel-problem.ts';
import { theoremA } from '../../server/src/solve/bounds/theorem-a.ts';
import { CountedProblem } from '../../server/src/solve/counting.ts';
import { Evaluation } from '../../server/src/solve/evaluation.ts';
import { upperValue } from '../../server/src/solve/hypergradient/implicit.ts';
import { distanceAbove } from '../../server/src/solve/rounding.ts';
import { norm } from '../../server/src/solve/vector.ts';
import { exactHypergradient } from '../../server/src/solve/verify.ts';
import { answerTo, resultOf } from '../runner/run-text.ts';
import { normalArray, seeded } from '../support/seeded.ts';
import { compiled } from './compile-text.ts';
import type { Sources } from './compile-text.ts';

interface Example {
  readonly text: string;
  readonly leftOut: Readonly<Record<string, readonly string[]>>;
  /** What an estimate without all that is in a constant with a kink would be at most, over the true error. */
  readonly lost?: number;
}

const data = `
data { A : matrix[n, d] = npy("A")
       b : vector[n] = npy("b") }
`;
const random = seeded(1);
const sources: Sources = {
  A: { shape: [8, 5], values: normalArray(random, 40) },
  b: { shape: [8], values: normalArray(random, 8) },
};

const examples: Readonly<Record<string, Example>> = {
  'a small norm beside large squares above': {
    text: `${data}
upper { t : scalar = 0.3
        minimize 1000 * sumsq(A * u - b) + 0.0001 * norm1(u - 0.1) }
lower { u : vector[d]
        minimize sumsq(A * u - t * b) + sumsq(u) }`,
    leftOut: { L_fx: ['norm1(u - 0.1)'] },
    lost: 1e-3,
  },
  'mixed derivatives, one of them through a kink': {
    text: `${data}
upper { t : scalar = 0.3
        minimize 1000 * sumsq(u) * t ^ 2 + 0.0001 * sum(abs(A * u - t)) + 300 * sum(exp(u)) }
lower { u : vector[d]
        minimize sumsq(A * u - t * b) + sumsq(u) }`,
    leftOut: { L_fx: ['abs(A * u - t)'], L_ftheta: ['abs(A * u - t)'] },
    lost: 1e-3,
  },
  'a huber beside a bent term below': {
    text: `${data}
upper { t : scalar = 1
        minimize sumsq(u - 1) }
lower { u : vector[d]
        minimize sumsq(u) + 20 * sum(log_cosh(u - t)) + sum(huber(t * u)) / 9999 }`,
    leftOut: { L_H: ['huber(t * u)'], L_J: ['huber(t * u)'] },
  },
  'sums over an index': {
    text: `${data}
upper { t : vector[d] = 0.3
        minimize sum(i in n, 1000 * (dot(A[i], u) - b[i]) ^ 2) + sum(j in d, abs(u[j] - 0.1)) / 9999 }
lower { u : vector[d]
        minimize sumsq(A * u - b) + sum(j in d, (u[j] - t[j]) ^ 2) }`,
    leftOut: { L_fx: ['abs(u[j] - 0.1)'] },
    lost: 1e-3,
  },
};

/** Theorem A at a crude lower solution, the exact error there, and what was left out. */
function crude(problem: BilevelProblem) {
  const counted = new CountedProblem(problem, 1e7);
  const options: SolveOptions = { ...defaultSolveOptions, lower: { method: 'gradient_descent' } };
  const evaluation = new Evaluation(counted, options, neverCancelled);
  const theta = problem.upperStart;
  const lower = evaluation.lower(theta, counted.lowerStart(), 1e-3);
  const point = evaluation.adjoint(theta, lower, undefined, 1e-8, upperValue(counted, lower.x));
  const bound = theoremA(counted, point, evaluation.mu);
  const exact = exactHypergradient(evaluation, point);
  return { bound, error: distanceAbove(point.h, exact.h), size: norm(exact.h), counted };
}

for (const [name, { text, leftOut, lost = Infinity }] of Object.entries(examples)) {
  test(`${name}: the estimate is of the size of the true error`, (context) => {
    const { problem } = compiled(text, sources);
    const { bound, error, size, counted } = crude(problem);
    assert.equal(bound.kind, 'estimated');
    assert.ok(error > 1e-9 * size, `there is an error to estimate: ${error} of ${size}`);
    assert.deepEqual(
      Object.fromEntries([...counted.unknownConstants].map(([constant, parts]) => [constant, [...parts]])),
      leftOut,
    );
    // Without finite parts, as of a problem that knows none.
    const bare = crude(
      new Proxy(problem, {
        get: (target, key) => {
          if (key === 'finiteParts') return undefined;
          const found: unknown = Reflect.get(target, key);
          return typeof found === 'function' ? (found.bind(target) as unknown) : found;
        },
      }),
    );
    context.diagnostic(
      `estimated ${bound.omega.toPrecision(3)}, true ${error.toPrecision(3)}, with no finite part ${bare.bound.omega.toPrecision(3)}`,
    );
    assert.ok(bare.bound.omega <= lost * error, `${bare.bound.omega} is not small against ${error}`);
    assert.ok(bound.omega >= error, `${bound.omega} is below ${error}`);
    assert.ok(bound.omega <= 300 * error, `${bound.omega} is far above ${error}`);
  });
}

test('the message names what is left out', () => {
  const notes = (upper: string): string =>
    (
      resultOf(
        answerTo(
          `upper { t : scalar = 0.3 minimize ${upper} } lower { u : vector[5] minimize sumsq(u - t) + sum(log_cosh(u)) }`,
          { kind: 'gradient' },
        ),
      ).notes ?? []
    ).join('\n');
  assert.match(
    notes('100 * sumsq(u - 1) + norm1(u - 0.1)'),
    /^L_fx is not finite, because `norm1\(u - 0\.1\)` is not smooth enough: the bounds leave it out there/m,
  );
  assert.match(
    notes('sumsq(u) + sum(abs(3 * u - t))'),
    /^L_fx, L_ftheta are not finite, because `abs\(3 \* u - t\)` is/m,
  );
  assert.match(
    notes('sumsq(u) + norm1(u) + max(u)'),
    /^L_fx is not finite, because `norm1\(u\)`, `max\(u\)` are not smooth enough: the bounds leave them out there/m,
  );
});
