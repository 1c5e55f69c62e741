/** Actions that follow from the result of a run: what to expect, which tolerance to tighten. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunResult } from '../../../server/src/protocol/result.ts';
import { ridge } from '../support.ts';
import { actionsAt, afterAction, errorsOf } from './support.ts';

const solve = `
solve {
  lower         = fista(tolerance = 1e-2, iterations = 100)
  hypergradient = implicit(cg(relative = 0.1))
}
`;

const result: RunResult = {
  status: 'step_limit',
  advice: '',
  upper: {
    objective: 0.53123,
    objectiveError: { bound: 2e-7, kind: 'certified' },
    stationarity: 1,
    stationarityError: { bound: 0.02, kind: 'certified' },
    variables: {},
  },
  lower: { objective: 0.4, variables: {}, method: 'fista', error: { bound: 5e-3, kind: 'certified' } },
  hypergradient: {
    norm: 0.01,
    method: 'implicit(cg)',
    error: { bound: 0.02, kind: 'certified' },
    relativeError: 2,
    roundingFloor: 1e-15,
    polishingSteps: 0,
    descentCertified: false,
  },
  constants: {},
  counts: { lowerGradients: 1, hessianProducts: 1, jacobianProducts: 1, upperGradients: 1, upperSteps: 1 },
  history: [],
  expectations: [],
  seconds: 0.5,
};

const titles = (marked: string, of: RunResult | undefined): readonly string[] =>
  actionsAt(marked, of === undefined ? {} : { result: of }).actions.map(({ title }) => title);

test('a bound too large for descent: its tolerances are tightened by what is missing, or left to the certificate', () => {
  const marked = `${ridge}${solve}`.replace('hypergradient =', 'hyper<|>gradient =');
  const text = `${ridge}${solve}`;
  assert.deepEqual(
    titles(marked, result).filter((title) => /tolerance|relative/u.test(title)),
    [
      'Tighten the lower tolerance to 0.001: the error of the hypergradient is too large',
      'Remove the lower tolerance: the certificate drives it',
      'Tighten the linear relative to 0.01: the error of the hypergradient is too large',
      'Remove the linear relative: the certificate drives it',
    ],
  );
  assert.equal(
    afterAction(marked, /^Tighten the lower/u, { result }),
    text.replace('tolerance = 1e-2', 'tolerance = 0.001'),
  );
  assert.equal(afterAction(marked, /^Remove the lower/u, { result }), text.replace('tolerance = 1e-2, ', ''));
  assert.equal(afterAction(marked, /^Remove the linear/u, { result }), text.replace('relative = 0.1', ''));
  assert.deepEqual(titles(marked, undefined), [], 'nothing is known before a run');
});

test('nothing is tightened where descent is certified or the run converged', () => {
  const marked = `${ridge}${solve}`.replace('hypergradient =', 'hyper<|>gradient =');
  const certified = { ...result, hypergradient: { ...result.hypergradient, descentCertified: true } };
  for (const good of [certified, { ...result, status: 'converged' }]) {
    assert.ok(!titles(marked, good).some((title) => title.startsWith('Tighten')));
  }
});

test('an expectation that failed by its bound', () => {
  const text = `${ridge}${solve}\nexpect {\n  lower_error <= 1e-4\n}\n`;
  const line = text.split('\n').findIndex((each) => each.includes('lower_error')) + 1;
  const failed: RunResult = {
    ...result,
    status: 'converged',
    expectations: [{ line, text: 'lower_error <= 1e-4', holds: false, reason: 'it is at most 0.005' }],
  };
  const marked = text.replace('lower_error', 'lower<|>_error');
  assert.equal(
    afterAction(marked, /^Tighten the lower tolerance to 0\.0001: lower error is too large$/u, {
      result: failed,
    }),
    text.replace('tolerance = 1e-2', 'tolerance = 0.0001'),
  );
});

test('what a run reached is kept as an expectation that the run fulfils', () => {
  const marked = ridge.replace('Ridge', 'Ri<|>dge');
  const after = afterAction(marked, /^Expect upper_objective <= 0\.532/u, { result });
  assert.equal(after, `${ridge}\nexpect {\n  upper_objective <= 0.532\n}\n`);
  assert.deepEqual(errorsOf(after), []);
  const more = afterAction(after.replace('  upper_objective', '  <|>upper_objective'), /^Expect relative/u, {
    result,
  });
  assert.equal(
    more,
    `${ridge}\nexpect {\n  upper_objective <= 0.532\n  relative_hypergradient_error <= 2\n}\n`,
  );
  assert.ok(
    !titles(after.replace('  upper_objective', '  <|>upper_objective'), result).some((title) =>
      /upper_objective/u.test(title),
    ),
  );
  const estimated: RunResult = {
    ...result,
    upper: { ...result.upper, objectiveError: { bound: 1, kind: 'estimated' } },
  };
  assert.ok(!titles(marked, estimated).some((title) => /upper_objective/u.test(title)), 'it would not hold');
});

test('negative and zero objectives are rounded up', () => {
  const marked = ridge.replace('Ridge', 'Ri<|>dge');
  const of = (objective: number, bound: number): readonly string[] =>
    titles(marked, {
      ...result,
      upper: { ...result.upper, objective, objectiveError: { bound, kind: 'certified' } },
    });
  assert.equal(of(-1.23456, 0)[0], 'Expect upper_objective <= -1.23, as the last run');
  assert.equal(of(0, 0)[0], 'Expect upper_objective <= 0, as the last run');
  assert.equal(of(1e-9, 1e-12)[0], 'Expect upper_objective <= 1.01e-9, as the last run');
});
