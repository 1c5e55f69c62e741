/** An expectation holds only when every value within a certified bound satisfies it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { expectableQuantities } from '../../server/src/base/method-catalogue.ts';
import { LineIndex } from '../../server/src/base/span.ts';
import type { Expectation, ResultExpression } from '../../server/src/check/problem.ts';
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
    left: { kind: 'result', quantity, acceptsEstimate },
    operator,
    right: { kind: 'number', value },
    span,
  };
}

function resultWith(objective: number | 'NaN', error: JsonBound): RunResult {
  return {
    status: 'converged',
    advice: '',
    upper: { objective, objectiveError: error, stationarity: 0, stationarityError: error, variables: {} },
    lower: { objective, objectiveError: error, variables: {}, method: 'fista', error },
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

test('what lies in a range is not doubted beyond it', () => {
  const share = resultWith(1, { bound: 1.2e-8, kind: 'certified' });
  const within = (operator: Expectation['operator'], value: number, lower: number, upper: number) => {
    const plain = expectation('upper_objective', operator, value);
    return judge({ ...plain, left: { ...plain.left, range: { lower, upper } } as ResultExpression }, share)
      .holds;
  };
  assert.equal(judge(expectation('upper_objective', '<=', 1), share).holds, false);
  assert.equal(within('<=', 1, 0, 1), true);
  assert.equal(within('<', 1, 0, 1), false);
  assert.equal(within('>=', 1, 0, 1), false);
  assert.equal(within('>=', 1, 1, Infinity), true);
});

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
        right: { kind: 'result', quantity: 'upper_objective', acceptsEstimate: estimated },
      },
      resultWith(4, { bound, kind }),
    );
  // ‖h‖ = 3 and F = 4, each within the bound.
  assert.equal(compare(0.5).holds, true);
  assert.match(
    compare(0.5).reason,
    /^`hypergradient_norm` is between 2\.5 and 3\.5, `upper_objective` is between 3\.5 and 4\.5$/,
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

const value = (number: number): ResultExpression => ({ kind: 'number', value: number });
const result = (quantity: string, acceptsEstimate = false): ResultExpression => ({
  kind: 'result',
  quantity,
  acceptsEstimate,
});
const operation = (
  name: Extract<ResultExpression, { kind: 'operation' }>['operation'],
  ...args: ResultExpression[]
): ResultExpression => ({ kind: 'operation', operation: name, args });

test('arithmetic of results holds what every value within the bounds gives', () => {
  const span = { start: 0, end: 0 };
  const outcome = resultWith(4, { bound: 0.5, kind: 'certified' });
  const compare = (left: ResultExpression, operator: Expectation['operator'], right: ResultExpression) =>
    judge({ left, operator, right, span }, outcome);
  // F in [3.5, 4.5], ‖h‖ in [2.5, 3.5], its error 0.5.
  const error = result('hypergradient_error');
  const norm = result('hypergradient_norm');
  assert.equal(compare(error, '<=', operation('multiply', value(0.25), norm)).holds, true);
  const tight = compare(error, '<=', operation('multiply', value(0.18), norm));
  assert.equal(tight.holds, false);
  assert.match(
    tight.reason,
    /^`hypergradient_error` is 0\.5, the right side is between 0\.4.* and 0\.63.*not decide/,
  );
  const objective = result('upper_objective');
  assert.equal(compare(operation('subtract', objective, value(1)), '<=', value(3.5)).holds, true);
  assert.equal(compare(operation('subtract', value(1), objective), '>=', value(-3.5)).holds, true);
  assert.equal(compare(operation('power', objective, value(2)), '<=', value(20.25)).holds, true);
  assert.equal(compare(operation('power', objective, value(2)), '<', value(20.25)).holds, false);
  assert.equal(compare(operation('sqrt', operation('abs', objective)), '<=', value(2.122)).holds, true);
  assert.equal(
    compare(operation('divide', value(1), operation('subtract', objective, value(4))), '<=', value(1e300))
      .holds,
    false,
  );
  // The words name what is not certified, wherever it stands.
  const estimated = judge(
    { left: operation('multiply', value(2), objective), operator: '<=', right: value(9), span },
    resultWith(4, { bound: 0.5, kind: 'estimated' }),
  );
  assert.equal(estimated.holds, false);
  assert.match(
    estimated.reason,
    /`upper_objective` is .*estimated, not certified; `estimated\(upper_objective\)`/,
  );
});

test('what is shown is rounded outwards, with as few digits as show the verdict', () => {
  const reason = (centre: number, bound: number, operator: Expectation['operator'], right: number) =>
    judge(expectation('upper_objective', operator, right), resultWith(centre, { bound, kind: 'certified' }))
      .reason;
  assert.equal(reason(24, 7.1e-15, '<=', 30), 'it is 24 ± 1.3e-14');
  assert.equal(reason(24.123456789, 0.004, '<=', 30), 'it is 24.1235 ± 0.0041');
  assert.equal(reason(0.123456789012, 0, '<=', 1), 'it is 0.123457');
  assert.equal(reason(0.3, 0.2, '<=', 1), 'it is between 0.0999 and 0.5');
  assert.equal(reason(7, 0, '==', 7), 'it is 7');
  const close = reason(0.45, 1e-9, '<=', 0.450000001);
  assert.match(close, /^it is 0\.45 ± 1\.?\d*e-9/);
});

test('shown intervals hold the exact ones and decide as they do', () => {
  const real = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  const bounds = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1e-15, 1e-9, 1e300));
  fc.assert(
    fc.property(
      real,
      bounds,
      real,
      fc.constantFrom('<=' as const, '>=' as const),
      (centre, bound, right, operator) => {
        const { holds, reason } = judge(
          expectation('upper_objective', operator, right),
          resultWith(centre, { bound, kind: 'certified' }),
        );
        const [low, high] = read(reason);
        const from = Math.max(-Number.MAX_VALUE, centre - bound);
        const to = Math.min(Number.MAX_VALUE, centre + bound);
        if (bound > 0) assert.ok(low <= from && to <= high, `${reason} for ${centre} ± ${bound}`);
        const seen = operator === '<=' ? high <= right : low >= right;
        const hidden = Math.abs(right - centre) <= 4e-16 * Math.abs(centre);
        assert.ok(seen === holds || hidden, `${reason} ${operator} ${right}: ${holds}`);
      },
    ),
  );

  function read(reason: string): readonly [number, number] {
    const around = /it is (\S+) ± ([^\s,]+)/u.exec(reason);
    if (around !== null) {
      const [centre, radius] = [Number(around[1]), Number(around[2])];
      return [centre - radius - 1e-15 * Math.abs(centre), centre + radius + 1e-15 * Math.abs(centre)];
    }
    const between = /it is between (\S+) and ([^\s,]+)/u.exec(reason);
    if (between !== null) return [number(between[1]), number(between[2])];
    const one = number(/it is ([^\s,]+)/u.exec(reason)?.[1]);
    return [one, one];
  }

  function number(text = ''): number {
    return text.includes('∞') ? (text.startsWith('−') ? -Infinity : Infinity) : Number(text);
  }
});
