/**
 * Lists as values: in data, starts, objectives and report they are vectors and matrices, with the answers that the
 * same numbers in arrays of their own give.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neverCancelled } from '../../server/src/base/cancellation.ts';
import type { RunResult } from '../../server/src/protocol/result.ts';
import type { Answer } from '../../server/src/protocol/solver.ts';
import { answerRequest } from '../../server/src/runner/pipeline.ts';

function answer(text: string): Answer {
  const source = { text, path: '/nowhere/lists.bilevel' };
  return answerRequest({ id: 1, kind: 'run', source, adjustments: {} }, () => undefined, neverCancelled);
}

/** F = ‖x‖²/2 at x = M' (a theta) for the two parts of theta = (1, 2) and M with these rows. */
function file(target: string, start: string, matrix: string): string {
  return `
data {
  goal : vector[3] = ${target}
}
upper {
  theta : vector[2] = ${start}
  minimize sumsq(x) / 2
}
lower {
  x : vector[3]
  minimize sumsq(x - goal - ${matrix}' * theta) / 2
}
solve {
  upper = projected_gradient(steps = 0)
}
report {
  first  = x[1]
  second = sum([1, 10, 100] .* x)
  third  = [x[3], theta[2]]
}
`;
}

function finished(text: string): RunResult {
  const found = answer(text);
  assert.equal(found.kind, 'finished', JSON.stringify(found));
  return found.result;
}

test('numbers make a vector, lists of them a matrix', () => {
  const { report } = finished(file('[1, 2, -1]', '[1, 2]', '[[1, 0, 3], [0, 0.5, -1]]'));
  // x = (1, 2, -1) + 1 (1, 0, 3) + 2 (0, 0.5, -1)
  const near = (value: unknown, wanted: number): void =>
    assert.ok(Math.abs(Number(value) - wanted) < 1e-9, `${String(value)}, not ${wanted}`);
  near(report?.['first']?.value, 2);
  near(report?.['second']?.value, 2 + 30 + 0);
  const third = report?.['third']?.value;
  assert.ok(typeof third === 'object' && third.data !== undefined);
  near(third.data[0], 0);
  near(third.data[1], 2);
});

test('what does not fit is told', () => {
  const message = (text: string): string => JSON.stringify(answer(text));
  assert.match(message(file('[1, 2]', '[1, 2]', '[[1, 0, 3], [0, 0.5, -1]]')), /vector\[3\]/);
  assert.match(message(file('[1, 2, 3]', '[1, 2]', '[[1, 0, 3], [0, 0.5]]')), /cannot be stacked/);
  assert.match(message(file('[1, 2, 3]', '[]', '[[1, 0, 3], [0, 0.5, -1]]')), /an empty list is not a value/);
});
