/** Results at their statements: texts, kinds, severities and places for every way a run can end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunResult } from '../../server/src/protocol/result.ts';
import {
  annotationsOf,
  problemAnnotation,
  rejectionAnnotation,
} from '../../server/src/features/annotations.ts';
import { ridge, snapshotOf } from './support.ts';

const good: RunResult = {
  status: 'converged',
  advice: 'Nothing to do.',
  upper: {
    objective: 0.5312346,
    objectiveError: { bound: 2.1e-7, kind: 'certified' },
    stationarity: 1e-6,
    stationarityError: { bound: 3.14e-8, kind: 'certified' },
    variables: {},
  },
  lower: { objective: 0.2, variables: {}, method: 'fista', error: { bound: 3.14e-4, kind: 'certified' } },
  hypergradient: {
    norm: 0.01,
    method: 'implicit(cg)',
    error: { bound: 3.01e-6, kind: 'certified' },
    relativeError: 3.01e-4,
    roundingFloor: 1e-14,
    polishingSteps: 1,
    descentCertified: true,
  },
  constants: { mu: { value: 0.0199, kind: 'certified', from: '14:3', formula: 'mu' } },
  counts: { lowerGradients: 412, hessianProducts: 30, jacobianProducts: 3, upperGradients: 3, upperSteps: 2 },
  history: [],
  expectations: [],
  seconds: 0.5,
};

const snapshot = snapshotOf(ridge);
const shown = (result: RunResult, of = snapshot): string[] =>
  annotationsOf(result, of).map(
    ({ line, level, kind, severity, text }) => `${line} ${level} ${kind} ${severity}: ${text}`,
  );

test('a run that converged', () => {
  assert.deepEqual(shown(good), [
    // Behind its long line the text would lie outside the window.
    '12 lower certified information: fista: 412 lower gradients, ‖x − x*‖ ≤ 3.2e-4 (certified)',
    '8 hypergradient certified information: ‖h − ∇F‖ ≤ 3.1e-6, relative 3.1e-4 (certified), descent certified',
    '9 upper certified information: F = 0.5312346 ± 2.1e-7 (certified); converged',
  ]);
});

test('the hypergradient is at its entry where solve has one', () => {
  const text = `${ridge}solve {\n  hypergradient = implicit(cg())\n}\n`;
  assert.match(shown(good, snapshotOf(text))[1] ?? '', /^17 hypergradient/u);
});

test('a bound too large to certify descent is a warning with the remedy', () => {
  const hypergradient = { ...good.hypergradient, descentCertified: false };
  const result: RunResult = { ...good, status: 'step_limit', hypergradient };
  const found = annotationsOf(result, snapshot)[1];
  assert.equal(found?.severity, 'warning');
  assert.match(found?.text ?? '', /descent not certified/u);
  assert.match(found?.hoverMarkdown ?? '', /remove the tolerances/u);
});

test('kinds are told apart, and what is not finite is diverged', () => {
  const lower = (error: RunResult['lower']['error']): string | undefined =>
    shown({ ...good, lower: { ...good.lower, error } })[0];
  assert.match(lower({ bound: 1, kind: 'estimated' }) ?? '', /lower estimated information.*\(estimated\)/u);
  assert.match(
    lower({ bound: 1, kind: 'probabilistic', failureProbability: 1e-6 }) ?? '',
    /lower probabilistic.*fails with probability ≤ 1e-6\)|lower probabilistic.*fails with probability ≤ 0.000001/u,
  );
  assert.match(lower({ bound: 'Infinity', kind: 'certified' }) ?? '', /lower diverged warning/u);
});

test('a run that ended early says why', () => {
  const [, , upper] = shown({ ...good, status: 'diverged', advice: 'Shorten the step.' });
  assert.match(upper ?? '', /upper diverged warning: .*diverged: the upper objective grew without limit/u);
  assert.match(
    shown({ ...good, status: 'budget_spent', advice: 'x' })[2] ?? '',
    /certified information.*budget spent/u,
  );
});

test('nothing is said twice, and a zero hypergradient has no relative error', () => {
  const result: RunResult = {
    ...good,
    status: 'cancelled',
    advice: 'Run again.',
    hypergradient: { ...good.hypergradient, norm: 0, relativeError: 'Infinity', descentCertified: false },
  };
  const [, hypergradient, upper] = shown(result);
  assert.match(hypergradient ?? '', /‖h − ∇F‖ ≤ 3\.1e-6 \(certified\), descent not certified$/u);
  assert.match(
    upper ?? '',
    /information: .*; cancelled: ended on request; the last finite iterate is kept$/u,
  );
});

test('reported values at their lines, with what solving again cost', () => {
  const text = `${ridge}report {\n  test = upper_objective with y = y\n  fit = X * w\n}\n`;
  const report = {
    test: { line: 18, value: 0.4567891, error: { bound: 1.2e-5, kind: 'certified' }, lowerGradients: 33 },
    fit: {
      line: 19,
      value: { shape: [5], data: [1, 2, 3, 4, 5] },
      error: { bound: 1e-3, kind: 'estimated' },
    },
  } as const;
  const found = annotationsOf({ ...good, report }, snapshotOf(text)).filter(
    ({ level }) => level === 'report',
  );
  assert.deepEqual(
    found.map(({ line, text: shownText, kind }) => [line, shownText, kind]),
    [
      [17, '0.4567891 ± 1.2e-5 (certified)', 'certified'],
      [18, '[1, 2, 3, 4, …] ± 0.001 (estimated)', 'estimated'],
    ],
  );
  assert.match(found[0]?.hoverMarkdown ?? '', /33 lower gradients/u);
});

test('expectations at their lines', () => {
  const text = `${ridge}expect {\n  upper_objective <= 0.4   # wish\n}\n`;
  const expectations = [{ line: 18, text: 'upper_objective <= 0.4', holds: false, reason: 'it is 0.53' }];
  const of = snapshotOf(text);
  const found = annotationsOf({ ...good, expectations }, of).at(-1);
  assert.equal(found?.severity, 'error');
  assert.equal(found?.line, 17);
  assert.equal(of.slice(found?.span ?? { start: 0, end: 0 }), 'upper_objective <= 0.4');
});

test('a verification is told, and a bound that does not hold is an error', () => {
  const verification = {
    exactRelativeError: 1e-9,
    differenceRelativeError: 1e-7,
    differenceDirections: 4,
    boundHolds: false,
  };
  const [, hypergradient] = shown({ ...good, hypergradient: { ...good.hypergradient, verification } });
  assert.match(hypergradient ?? '', /error: .*1e-9 from the exact one, the bound does NOT hold/u);
});

test('what ended without a result is told at the title or the first block', () => {
  assert.equal(snapshot.slice(problemAnnotation(snapshot, 'x', 'error').span), '"Ridge"');
  const untitled = snapshotOf(ridge.replace('problem "Ridge"\n\n', ''));
  assert.equal(untitled.slice(problemAnnotation(untitled, 'x', 'error').span), 'data');
  assert.deepEqual(problemAnnotation(snapshotOf(''), 'x', 'error').span, { start: 0, end: 0 });
});

test('a rejected file: one line at the end, everything in the diagnostic', () => {
  const found = rejectionAnnotation(snapshot, {
    code: 'c',
    severity: 'error',
    span: { start: 0, end: 1 },
    message: 'wrong',
    reason: 'because',
    remedy: 'mend it',
  });
  assert.equal(found.text, 'wrong');
  assert.equal(found.message, 'wrong\nbecause\nmend it');
});

test('at a converged point the missing descent is neither said nor warned of', () => {
  const hypergradient = { ...good.hypergradient, descentCertified: false };
  const [, line] = shown({ ...good, status: 'converged', advice: 'Nothing to do.', hypergradient });
  assert.match(line ?? '', / information: /u);
  assert.doesNotMatch(line ?? '', /descent/u);
});
