/**
 * The whole path from text to answer in one process, on small problems that once went wrong somewhere
 * between two stages.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isZeroBesideRounding } from '../../server/src/protocol/result-text.ts';
import { zeroAdvice } from '../../server/src/solve/outcome.ts';
import { projectFolder } from '../cli/command-line.ts';
import { answerTo, folder, resultOf } from './run-text.ts';

test('a file of one column is a vector where a vector is declared, also after arithmetic', () => {
  writeFileSync(join(folder, 'y.csv'), '1\n2\n4\n');
  const result = resultOf(
    answerTo(`
data {
  y : vector[n] = csv("y.csv")
  z : vector[n] = csv("y.csv") / 2
}
upper { a : scalar = 1
        minimize sumsq(u - y) }
lower { u : vector[n]
        minimize sumsq(u - a * z) }
`),
  );
  // u = a z = a y / 2, so a = 2.
  assert.equal(result.status, 'converged');
  assert.ok(Math.abs(Number(result.upper.variables['a']?.data?.[0]) - 2) < 1e-3);
});

const onceDifferentiable = `
data { z : vector[16] = normal(0, 1, seed = 1) }
upper { a : scalar = -2
        s : scalar in nonneg = 1
        minimize sumsq(u - 1) + 0.01 * s ^ 2 }
lower { u : vector[16]
        minimize sumsq(u - s * z) / 2 + exp(a) * sum(huber(u)) }
`;

test('an objective that is only once differentiable is solved with estimated bounds, and says so', () => {
  const result = resultOf(answerTo(onceDifferentiable));
  assert.equal(result.status, 'converged');
  assert.ok(result.counts.upperSteps > 0, 'theta moves');
  assert.equal(result.hypergradient.error.kind, 'estimated');
  assert.ok(Number.isFinite(result.hypergradient.error.bound));
  assert.equal(result.hypergradient.descentCertified, false);
  // The distance to x* needs mu alone.
  assert.equal(result.lower.error.kind, 'certified');
  assert.match((result.notes ?? []).join(' '), /L_H is not finite/);
});

test('the estimate for an objective that is only once differentiable agrees with differences', () => {
  const { verification } = resultOf(
    answerTo(onceDifferentiable, { kind: 'gradient', verify: true }),
  ).hypergradient;
  assert.ok(Number(verification?.differenceRelativeError) < 1e-6);
});

test('a hypergradient that nobody can tell from its huge error is no convergence', () => {
  // mu = 5 - exp(t) reaches 0 inside the box, where F falls without limit.
  writeFileSync(join(folder, 'P.csv'), '-1,0\n0,-1\n');
  const result = resultOf(
    answerTo(`
data { P : matrix[2, 2] = csv("P.csv") }
upper { t : scalar in [0, 3] = 0
        minimize -sumsq(x) }
lower { x : vector[2]
        minimize exp(t) * quad_form(x, P) + 5 * sumsq(x) - sum(x) }
`),
  );
  assert.notEqual(result.status, 'converged');
  assert.ok(!/zero within its bound/.test(result.advice));
});

test('beside a gradient of zero there is no relative accuracy to fail', () => {
  // u* = a c, so that F and its gradient vanish at the start but for rounding.
  const text = `
data { A : matrix[20, 5] = normal(0, 1, seed = 1)
       c : vector[5] = normal(0, 1, seed = 2) }
upper { a : scalar = 0.7
        minimize sumsq(u - 0.7 * c) }
lower { u : vector[5]
        minimize sumsq(A * (u - a * c)) + 0.3 * sumsq(u - a * c) }
`;
  const { status, advice, hypergradient } = resultOf(answerTo(text, { kind: 'gradient' }));
  assert.equal(status, 'evaluated');
  assert.match(advice, /The hypergradient is zero within its bound/);
  assert.ok(Number(hypergradient.error.bound) < 1e-12 && hypergradient.error.kind === 'certified');
  assert.ok(isZeroBesideRounding(hypergradient));
  // Where tolerances and not rounding make the bound large, nothing is zero.
  const loose = answerTo(text, { kind: 'gradient', adjustments: { options: { 'lower.tolerance': '1' } } });
  assert.ok(!isZeroBesideRounding(resultOf(loose).hypergradient));
});

test('what is said of a gradient beside rounding agrees with its numbers', () => {
  assert.match(zeroAdvice(1e-4, 1e-5, 2e-5), /zero within its bound: 1\.0e-5 beside 2\.0e-5/);
  assert.match(zeroAdvice(1e-300, 0, 1e-300), /zero within its bound of 1\.0e-300\.$/);
  const sharpened = zeroAdvice(1e-4, 9e-5, 5e-6);
  assert.match(sharpened, /uncertain by 1\.0e-4.*sharpened once at the end it is 9\.0e-5 ± 5\.0e-6/);
  assert.ok(!/zero within/.test(sharpened));
});

test('where a damped Newton step gains nothing, the lower method goes on', () => {
  // A smoothed support vector machine, hardly regularised: the first point is 27 off.
  const data = (columns: string, rows: string): string =>
    `csv("${join(projectFolder, 'samples/data/breast_cancer.csv')}", columns = ${columns}, rows = ${rows})`;
  const { status, upper, hypergradient } = resultOf(
    answerTo(`
data { R  : matrix[n, d] = ${data('1..30', '1..400')}
       X  : matrix[n, d] = standardize(R, like = R)
       y  : vector[n] = ${data('31', '1..400')} * 2 - 1
       Xv : matrix[m, d] = standardize(${data('1..30', '401..569')}, like = R)
       yv : vector[m] = ${data('31', '401..569')} * 2 - 1 }
upper { lambda : scalar in [-18, 10] = -8
        minimize mean(softplus(10 * (1 - yv .* (Xv * w))) / 10) }
lower { w : vector[d] = 0
        minimize mean(softplus(10 * (1 - y .* (X * w))) / 10) + exp(lambda) * sumsq(w) }
`),
  );
  assert.equal(status, 'converged');
  assert.ok(Number(upper.objective) < 0.0516, String(upper.objective));
  assert.ok(Number(hypergradient.error.bound) < 1e-3);
});

test('a hypergradient that is exactly zero at the start is convergence', () => {
  const result = resultOf(
    answerTo(`
data { X : matrix[5, 3] = zeros(5, 3) }
upper { a : scalar
        minimize sumsq(w - 1) + 0.01 * sumsq(a) }
lower { w : vector[3]
        minimize sumsq(X * w - 1) + exp(a) * sumsq(w) }
`),
  );
  assert.equal(result.status, 'converged');
  assert.equal(result.hypergradient.norm, 0);
});

test("a lower level that maximises is its negative minimised; its objective keeps the author's sign", () => {
  const text = (sense: string, g: (inner: string) => string): string => `
data { A : matrix[6, 3] = normal(seed = 1)
       b : vector[6] = normal(seed = 2) }
upper { t : vector[3] in [-3, 3]
        minimize sumsq(x - 1) }
lower { x : vector[3]
        ${sense} ${g('sumsq(A * x - b) + sum(exp(t) .* log_cosh(x)) + 0.1 * sumsq(x)')} }
expect { ${sense === 'minimize' ? 'lower_objective >= 0' : 'lower_objective <= 0'} }
`;
  const least = resultOf(answerTo(text('minimize', (g) => g)));
  const most = resultOf(answerTo(text('maximize', (g) => `-(${g})`)));
  assert.equal(most.status, 'converged');
  assert.deepEqual(most.upper.variables, least.upper.variables);
  assert.deepEqual(most.hypergradient, least.hypergradient);
  assert.ok(Number(least.lower.objective) > 0);
  assert.equal(most.lower.objective, -Number(least.lower.objective));
  assert.deepEqual(
    [...least.expectations, ...most.expectations].map(({ holds }) => holds),
    [true, true],
  );
});

test('a single hypergradient does not judge the expectations, and says so', () => {
  const text = `
data { z : vector[4] = ones() }
upper { a : scalar
        minimize sumsq(u - 1) }
lower { u : vector[4]
        minimize sumsq(u - a * z) }
expect { upper_objective <= 1e-6
         converged == 1
         upper_steps >= 1
         mu <= L }
`;
  const run = resultOf(answerTo(text));
  assert.deepEqual(
    run.expectations.map(({ holds, reason }) => [holds, reason]),
    run.expectations.map(({ reason }) => [true, reason]),
  );
  assert.equal(run.expectations.length, 4);
  const gradient = resultOf(answerTo(text, { kind: 'gradient' }));
  assert.deepEqual(gradient.expectations, []);
  assert.match((gradient.notes ?? []).join(' '), /for a single hypergradient they are not looked at/);
});

test('given constants that the certified ones refute are obeyed and warned of at their line', () => {
  // The Hessian is 2 I.
  const warned = (solve: string, adjustments: Record<string, string> = {}): string[] => {
    const file = `
upper { a : scalar = 1
        minimize sumsq(u - 1) + 0.01 * a ^ 2 }
lower { u : vector[3]
        minimize sumsq(u - a) }
solve { ${solve} }
`;
    const request = { adjustments: { options: adjustments } };
    const { warnings = [] } = resultOf(answerTo(file, request));
    const described = answerTo(file, { ...request, kind: 'describe' });
    assert.ok(described.kind === 'described');
    assert.deepEqual(described.description.warnings ?? [], warnings, 'known before anything is run');
    return warnings.map(({ line, text }) => `${line ?? 'outside'}: ${text.split(',')[0] ?? ''}`);
  };
  const mu = (value: string): string => `lower = gradient_descent(mu = ${value}, iterations = 50)`;
  assert.deepEqual(warned(mu('2.5')), ['6: the given mu = 2.5 is above the certified L = 2']);
  assert.deepEqual(warned(mu('2')), []);
  assert.deepEqual(warned(mu('0.5')), []);
  const L = (value: string): string =>
    `lower = gradient_descent(iterations = 50)\n  hypergradient = implicit(gradient_descent(L = ${value}))`;
  assert.deepEqual(warned(L('1.5')), ['7: the given L = 1.5 is below the certified mu = 2']);
  assert.deepEqual(warned(L('2')), []);
  assert.deepEqual(warned('lower = gradient_descent(iterations = 50)', { 'lower.L': '1' }), [
    'outside: the given L = 1 is below the certified mu = 2',
  ]);
});

test('a run starts where it is told to, as if the file said so', () => {
  const file = (a: string): string => `
upper { a : vector[2] in [-5, 5] = ${a}
        b : scalar = 1
        minimize sumsq(u - 1) + 0.01 * sumsq(a) + (b - a[1]) ^ 2 }
lower { u : vector[2]
        minimize sumsq(u - a) + exp(b) * sumsq(u) }
solve { upper = projected_gradient(steps = 3) }
`;
  const variables = (text: string, at?: Record<string, number[]>): unknown => {
    const { upper, notes, history } = resultOf(answerTo(text, at === undefined ? {} : { at }));
    return { upper, notes, objectives: history.map(({ objective }) => objective) };
  };
  assert.deepEqual(variables(file('0'), { a: [2, 2] }), variables(file('2')));
  const outside = resultOf(answerTo(file('0'), { at: { a: [7, 0] } }));
  assert.match((outside.notes ?? []).join(' '), /the point given for `a` lies 2 outside its set/);
  const wrong = answerTo(file('0'), { at: { a: [1] } });
  assert.ok(wrong.kind === 'rejected');
  assert.match(wrong.diagnostics[0]?.message ?? '', /1 numbers for `a`, which has 2/);
});

test('a run that a start would make singular is refused at the start that it is given', () => {
  const text = `
upper { a : scalar = 1
        minimize sumsq(u - 1) }
lower { u : vector[2]
        minimize a * sumsq(u) }
`;
  const refused = answerTo(text, { at: [-1] });
  assert.ok(refused.kind === 'rejected', JSON.stringify(refused));
});

test('an index inside a function does not capture that of an argument', () => {
  const { report = {} } = resultOf(
    answerTo(`
let s = 2
data { A : matrix[2, 3] = normal(0, 1)
       b : vector[6] = linspace(1, 6) }
let total(v, m) = sum(i in m, v[i])
let own = A[i, 1] + total(A[i], 2)
upper { t : scalar = 0
        minimize sumsq(x - 1) }
lower { x : vector[3]
        minimize sumsq(x - t) }
report { captured = sum(i in s, total(A[i], 3)) - sum(A)
         inside = sum(i in s, own) - sum(A[:, 1]) - sum(A[:, 1..2])
         head = total(b, 2)
         rest = sum(b[s + 1..6 / s]) }`),
  );
  const values = ['captured', 'inside', 'head', 'rest'].map((name) => Number(report[name]?.value));
  assert.deepEqual(
    values.map((value) => Math.round(1e9 * value) / 1e9 + 0),
    [0, 0, 3, 3],
  );
});

test('a value with other data solves a lower level with kinks and bounds again, as a file of its own would', () => {
  const text = (y: string, reports: string): string => `
data { X : matrix[12, 4] = normal(0, 1, seed = 1)
       z : vector[12] = normal(0, 1, seed = 2) }
let y = ${y}
upper { l : scalar = -2
        minimize sumsq(X * w - ${y}) / 12 }
lower { w : vector[4] in [-0.4, 0.4]
        minimize sumsq(X * w - y) / 12 + exp(l) * norm1(w) + 0.1 * sumsq(w) }
${reports}
solve { lower = proximal_gradient(tolerance = 1e-9)
        upper = projected_gradient(steps = 0) }`;
  const { report = {} } = resultOf(answerTo(text('z', 'report { twice = upper_objective with z = 2 * z }')));
  const alone = resultOf(answerTo(text('(2 * z)', '')));
  const { twice } = report;
  const gap = Math.abs(Number(twice?.value) - Number(alone.upper.objective));
  assert.deepEqual([twice?.error.kind, alone.upper.objectiveError.kind], ['certified', 'certified']);
  // Without the kinks the value is off by 0.05.
  const allowed = Number(twice?.error.bound) + Number(alone.upper.objectiveError.bound);
  assert.ok(allowed < 1e-6 && gap <= allowed, `${gap} above ${allowed}: ${JSON.stringify(report)}`);
});
