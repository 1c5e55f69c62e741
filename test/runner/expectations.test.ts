/** An expectation holds only when every value within a certified bound satisfies it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { expectableQuantities } from '../../server/src/base/method-catalogue.ts';
import { LineIndex } from '../../server/src/base/span.ts';
import type { Expectation } from '../../server/src/check/problem.ts';
import type { JsonBound, RunResult } from '../../server/src/protocol/result.ts';
import { checkExpectations, judge } from '../../server/src/runner/expectations.ts';

function expectation(
  quantity: string,
  operator: Expectation['operator'],
  value: number,
  acceptsEstimate = false,
): Expectation {
  const span = { start: 0, end: 0 };
  return {
    quantity,
    operator,
    value,
    acceptsEstimate,
    span,
  };
}

function resultWith(objective: number | 'NaN', error: JsonBound): RunResult {
  return {
    status: 'converged',
    advice: '',
    upper: { objective, objectiveError: error, stationarity: 0, stationarityError: error, variables: {} },
    lower: { objective, variables: {}, method: 'fista', error },
    hypergradient: {
      norm: 3,
      method: 'implicit(cg)',
      error,
      relativeError: 0.25,
      roundingFloor: 0,
      polishingSteps: 0,
      descentCertified: true,
    },
    constants: Object.fromEntries(
      ['mu', 'L', 'L_H', 'L_J', 'L_fx', 'L_ftheta', 'jacobianNorm'].map((name, k) => [
        name,
        { value: 20 + k, kind: 'certified', from: '1:1', formula: '' },
      ]),
    ),
    counts: {
      lowerGradients: 7,
      hessianProducts: 8,
      jacobianProducts: 9,
      upperGradients: 10,
      upperSteps: 11,
    },
    history: [],
    expectations: [],
    seconds: 0,
  };
}

test('a relation holds exactly when it holds at both ends of the bound', () => {
  const operators = {
    '<=': (a: number, b: number) => a <= b,
    '<': (a: number, b: number) => a < b,
    '>=': (a: number, b: number) => a >= b,
    '>': (a: number, b: number) => a > b,
    '==': (a: number, b: number) => a === b,
  };
  const small = fc.integer({ min: -8, max: 8 });
  fc.assert(
    fc.property(
      small,
      fc.integer({ min: 0, max: 4 }),
      small,
      fc.constantFrom(...(Object.keys(operators) as (keyof typeof operators)[])),
      (value, bound, right, operator) => {
        const { holds, reason } = judge(
          expectation('upper_objective', operator, right),
          resultWith(value, { bound, kind: 'certified' }),
        );
        const ends = [value - bound, value, value + bound].map((possible) =>
          operators[operator](possible, right),
        );
        assert.equal(holds, ends.every(Boolean));
        // "Does not decide" is said when some possible values satisfy it, never when it holds or fails for all.
        if (reason.includes('does not decide'))
          assert.ok(!holds && value - bound <= right && right <= value + bound);
      },
    ),
  );
});

test('what is not certified does not hold, unless the estimate is accepted', () => {
  for (const kind of ['probabilistic', 'estimated', 'given'] as const) {
    const result = resultWith(0.3, { bound: 0.5, kind });
    const strict = judge(expectation('upper_objective', '<=', 1), result);
    assert.equal(strict.holds, false);
    assert.match(strict.reason, new RegExp(`this is ${kind}.*estimated\\(upper_objective\\)`));
    assert.equal(judge(expectation('upper_objective', '<=', 0.31, true), result).holds, true);
    assert.equal(judge(expectation('upper_objective', '<=', 0.29, true), result).holds, false);
  }
});

test('nothing holds of a number that is not finite', () => {
  for (const operator of ['<=', '>=', '<', '>', '=='] as const) {
    assert.equal(
      judge(expectation('upper_objective', operator, 0), resultWith('NaN', { bound: 1, kind: 'certified' }))
        .holds,
      false,
    );
    assert.equal(
      judge(
        expectation('upper_objective', operator, 0, true),
        resultWith('NaN', { bound: 1, kind: 'certified' }),
      ).holds,
      false,
    );
    assert.equal(
      judge(
        expectation('upper_objective', operator, 0),
        resultWith(0, { bound: 'Infinity', kind: 'certified' }),
      ).holds,
      false,
    );
  }
});

test('every quantity that may be expected is known, and a bound is compared as it stands', () => {
  const result = resultWith(2, { bound: 0.5, kind: 'certified' });
  const equal: Record<string, number> = {
    lower_objective: 2,
    lower_error: 0.5,
    hypergradient_error: 0.5,
    relative_hypergradient_error: 0.25,
    upper_objective_error: 0.5,
    rounding_floor: 0,
    polishing_steps: 0,
    descent_certified: 1,
    converged: 1,
    mu: 20,
    L: 21,
    L_H: 22,
    L_J: 23,
    L_fx: 24,
    L_ftheta: 25,
    jacobian_norm: 26,
    lower_gradients: 7,
    hessian_products: 8,
    jacobian_products: 9,
    upper_gradients: 10,
    upper_steps: 11,
    seconds: 0,
  };
  for (const { name } of expectableQuantities) {
    const value = equal[name];
    const { holds, reason } = judge(
      expectation(name, value === undefined ? '<=' : '==', value ?? 100),
      result,
    );
    assert.ok(holds, `${name}: ${reason}`);
  }
});

test('two results are compared by every value that their bounds leave', () => {
  const compare = (bound: number, kind: JsonBound['kind'] = 'certified', estimated = false) =>
    judge(
      {
        ...expectation('hypergradient_norm', '<=', 0, estimated),
        value: { quantity: 'upper_objective', acceptsEstimate: estimated },
      },
      resultWith(4, { bound, kind }),
    );
  // ‖h‖ = 3 and F = 4, each within the bound.
  assert.equal(compare(0.5).holds, true);
  assert.match(
    compare(0.5).reason,
    /`hypergradient_norm` is between 2.5 and 3.5, `upper_objective` is between/,
  );
  assert.equal(compare(0.6).holds, false);
  assert.match(compare(0.6).reason, /does not decide/);
  assert.equal(compare(0.1, 'estimated').holds, false);
  assert.equal(compare(9, 'estimated', true).holds, true);
});

test('the verdict names its line and repeats its text', () => {
  const text = 'expect {\n  upper_objective <= 0.4\n}';
  const start = text.indexOf('upper');
  const written: Expectation = {
    ...expectation('upper_objective', '<=', 0.4),
    span: { start, end: start + 22 },
  };
  assert.deepEqual(
    checkExpectations([written], resultWith(0.3, { bound: 0, kind: 'certified' }), text, new LineIndex(text)),
    [{ line: 2, text: 'upper_objective <= 0.4', holds: true, reason: 'it is 0.3' }],
  );
});
