/** Numbers as printed: a printed bound is still a bound, a value has the digits its bound leaves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RunResult } from '../../server/src/protocol/result.ts';
import { upwards } from '../../server/src/protocol/result-text.ts';
import { formatResult } from '../../server/src/terminal/result-table.ts';
import { plainStyle } from '../../server/src/terminal/style.ts';

const result: RunResult = {
  status: 'stalled',
  advice: 'Rescale the data.',
  upper: {
    objective: 0.312345678912345,
    objectiveError: { bound: 2.31e-7, kind: 'certified' },
    stationarity: 0.001,
    stationarityError: { bound: 2.31e-4, kind: 'certified' },
    variables: {
      lambda: { shape: [8], data: [1, 2, 3, 4, 5, 6, 7, 8] },
      weight: { shape: [20000], file: 'upper-weight.npy' },
    },
  },
  lower: {
    objective: 1,
    variables: {},
    method: 'fista',
    error: { bound: 0.00123, kind: 'probabilistic', failureProbability: 1e-12 },
  },
  hypergradient: {
    norm: 'NaN',
    method: 'implicit(cg)',
    error: { bound: 'Infinity', kind: 'estimated' },
    relativeError: 'Infinity',
    roundingFloor: 0,
    polishingSteps: 2,
    descentCertified: false,
  },
  constants: {},
  counts: { lowerGradients: 10, hessianProducts: 20, jacobianProducts: 3, upperGradients: 4, upperSteps: 5 },
  history: [],
  expectations: [
    { line: 3, text: 'upper_objective <= 0.4', holds: true, reason: '' },
    { line: 4, text: 'lower_error <= 1e-9', holds: false, reason: 'the bound is 1.3e-3' },
  ],
  report: {
    test: { line: 9, value: 0.4567891234, error: { bound: 1.2e-5, kind: 'certified' }, lowerGradients: 33 },
    fit: { line: 10, value: { shape: [2], data: [1, 2] }, error: { bound: 1e-3, kind: 'estimated' } },
  },
  notes: ['heavy_ball gave way to fista.'],
  seconds: 0.1234,
};

test('the table says every number with its bound and kind, and what to do', () => {
  assert.deepEqual(
    formatResult(result, { meaning: 'no further progress', done: false }, plainStyle).split('\n'),
    [
      'stalled: no further progress',
      '  upper objective  F = 0.312345679 ± 2.4e-7 (certified)',
      '  hypergradient    ‖h‖ = NaN, ‖h − ∇F‖ ≤ Infinity (estimated)',
      '                   descent not certified, implicit(cg), polished 2 times',
      '  stationarity     ‖P(θ − h) − θ‖ = 0.001 ± 2.4e-4 (certified)',
      '  lower solution   ‖x − x*‖ ≤ 0.0013 (probabilistic, fails with probability ≤ 1e-12), by fista',
      '  lambda           [8] 1  2  3  4  5  6  …',
      '  weight           [20000] in upper-weight.npy',
      '  test             0.4567891 ± 1.3e-5 (certified), after 33 lower gradients',
      '  fit              [2] 1  2 ± 0.001 (estimated)',
      '  expectations     1 of 2 hold',
      '  counts           10 lower gradients, 20 Hessian products, 5 upper steps',
      '  time             0.123 s',
      '  note: heavy_ball gave way to fista.',
      '  advice: Rescale the data.',
      '  line 4: lower_error <= 1e-9 does not hold: the bound is 1.3e-3',
    ],
  );
});

test('a printed bound is never below the bound, and at most a tenth above', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (value) => {
      const printed = Number(upwards(value));
      assert.ok(printed >= value && printed <= 1.11 * value, `${value} is printed as ${printed}`);
    }),
  );
  assert.equal(upwards(0), '0');
  // What underflow could have taken, and no more.
  assert.equal(upwards(1.4e-301), '1e-300');
  assert.equal(upwards('Infinity'), 'Infinity');
});
