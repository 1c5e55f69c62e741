/**
 * The pipeline as a function: signs, names and places in the result, points from outside, cancelling between the
 * stages, and defects that come back as an answer instead of being thrown.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { neverCancelled } from '../../server/src/base/cancellation.ts';
import type { RunResult } from '../../server/src/protocol/result.ts';
import type { Answer, SolverRequest } from '../../server/src/protocol/solver.ts';
import { answerRequest } from '../../server/src/runner/pipeline.ts';

const path = '/no/such/folder/problem.bilevel';
const quiet = (): void => undefined;

/** F(a, b) = (x1 - 1)^2 + a b with x = argmin (x1 - a)^2 + (x2 - b1)^2 + (x3 - b2)^2, so x = (a, b1, b2). */
const text = `upper {
  a : scalar in [-5, 5] = 3
  b : vector[2] = 1
  minimize (x - 1) ^ 2 + a * sum(b)
}
lower {
  x : scalar
  y : vector[2]
  minimize (x - a) ^ 2 + sumsq(y - b)
}`;

function gradient(of: string, at?: Extract<SolverRequest, { kind: 'gradient' }>['at']): Answer {
  const request = {
    id: 1,
    kind: 'gradient',
    source: { text: of, path },
    adjustments: {},
    verify: true,
  } as const;
  return answerRequest(at === undefined ? request : { ...request, at }, quiet, neverCancelled);
}

function finished(answer: Answer): RunResult {
  assert.ok(answer.kind === 'finished', JSON.stringify(answer));
  return answer.result;
}

test('the hypergradient comes by name, in the order and shape of the file', () => {
  const { upper, lower, hypergradient } = finished(gradient(text));
  assert.deepEqual(upper.variables, { a: { shape: [], data: [3] }, b: { shape: [2], data: [1, 1] } });
  assert.deepEqual(Object.keys(lower.variables), ['x', 'y']);
  // dF/da = 2 (a - 1) + b1 + b2, dF/db = a
  const { a, b } = hypergradient.variables ?? {};
  const error = Math.hypot(Number(a?.data?.[0]) - 6, Number(b?.data?.[0]) - 3, Number(b?.data?.[1]) - 3);
  assert.ok(error <= Number(hypergradient.error.bound) + 1e-15, `${error}`);
  assert.equal(upper.objective, 10);
});

test('a maximised objective keeps the sign of the author', () => {
  const up = finished(
    gradient(text.replace('minimize (x - 1) ^ 2 + a * sum(b)', 'maximize -((x - 1) ^ 2) - a * sum(b)')),
  );
  assert.equal(up.upper.objective, -10);
  assert.ok(Math.abs(Number(up.hypergradient.variables?.['a']?.data?.[0]) + 6) < 1e-9);
  assert.equal(up.history[0]?.objective, -10);
});

test('a point is taken by name or end to end, and one that does not fit is refused', () => {
  const at = (point: Parameters<typeof gradient>[1]) => finished(gradient(text, point)).upper.variables;
  assert.deepEqual(at([1, 2, 3])['b']?.data, [2, 3]);
  assert.deepEqual(at({ b: [2, 3] }), { a: { shape: [], data: [3] }, b: { shape: [2], data: [2, 3] } });
  // Outside its set a point is projected.
  assert.deepEqual(at({ a: [70] })['a']?.data, [5]);
  for (const wrong of [[1, 2], { c: [1] }, { b: [1] }, { a: [Number.NaN] }, [Infinity, 1, 1]]) {
    const answer = gradient(text, wrong);
    assert.ok(
      answer.kind === 'rejected' && answer.diagnostics[0]?.code === 'adjustment',
      JSON.stringify(answer),
    );
  }
});

test('constants name the line of the term responsible', () => {
  const { constants } = finished(gradient(text));
  for (const { from } of Object.values(constants)) {
    const [line, column] = from.split(':').map(Number);
    assert.ok(text.split('\n')[(line ?? 0) - 1]?.[(column ?? 0) - 1]?.trim(), from);
  }
  assert.match(constants['mu']?.from ?? '', /^9:/);
});

test('a value that is not finite is traced to its subexpression', () => {
  const answer = gradient(text.replace('a * sum(b)', 'a * log(sum(b) - 2)'));
  const { status, advice } = finished(answer);
  assert.equal(status, 'not_finite');
  assert.match(advice, /^The value of the expression at 4:30 is -Infinity\./);
});

test('a cancel before the numbers is answered at once', () => {
  const request = { id: 9, kind: 'run', source: { text, path }, adjustments: {} } as const;
  assert.deepEqual(answerRequest(request, quiet, { cancelled: true }), { id: 9, kind: 'cancelled' });
});

test('a defect in a stage is an answer that names the stage', () => {
  const request = { id: 9, kind: 'run', source: { text, path }, adjustments: {} } as const;
  const answer = answerRequest(
    request,
    () => {
      throw new Error('broken watcher');
    },
    neverCancelled,
  );
  assert.ok(answer.kind === 'failed');
  assert.match(
    answer.message,
    /^a defect of this program while reading data and compiling: Error: broken watcher/,
  );
});

test('whatever the text, there is exactly one answer and it is no defect', () => {
  const pieces = text.split(/(?=[\s(){}:,=+*^-])/);
  const mangled = fc
    .array(fc.tuple(fc.nat(pieces.length - 1), fc.nat(pieces.length - 1)), { minLength: 1, maxLength: 4 })
    .map((swaps) => {
      const changed = [...pieces];
      for (const [i, j] of swaps)
        [changed[i], changed[j]] = [changed[j] ?? '', i % 3 === 0 ? '' : (changed[i] ?? '')];
      return changed.join('');
    });
  fc.assert(
    fc.property(mangled, (broken) => {
      const adjustments = { options: { 'upper.steps': '3', budget: '2000' } };
      const answer = answerRequest(
        { id: 1, kind: 'run', source: { text: broken, path }, adjustments },
        quiet,
        neverCancelled,
      );
      assert.ok(answer.kind === 'rejected' || answer.kind === 'finished', JSON.stringify(answer));
    }),
    { numRuns: 150, seed: 5 },
  );
});
