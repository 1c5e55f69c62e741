/**
 * The twelve rules of the language that settle cases, one test each and named after it, on the whole path
 * from text to answer. Each shows both what the rule allows and what it forbids.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { check } from '../../server/src/check/check.ts';
import { parse } from '../../server/src/syntax/parse.ts';
import { answerTo, folder, resultOf } from './run-text.ts';

/** Codes of the errors of a text whose data files are not there yet. */
function errorsOf(text: string): readonly string[] {
  const { tree, diagnostics } = parse(text);
  return [...diagnostics, ...check(tree, { header: () => undefined }).diagnostics]
    .filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);
}

function valueOf(text: string, name: string): number {
  return Number(resultOf(answerTo(text)).upper.variables[name]?.data?.[0]);
}

const quiet = 'solve { upper = projected_gradient(steps = 0) }';

test('rule 1: name : type in set = start; the start is projected, is used at step 0, and later steps start warm', () => {
  const text = (start: string, warm: string): string => `
upper { a : scalar in [-1, 1] = ${start}
        minimize sumsq(u - 1) }
lower { u : vector[3] = 1000
        minimize sum(log_cosh(u - a)) + 0.01 * sumsq(u) }
solve { upper = projected_gradient(steps = 3, step = 0.1)
        lower = gradient_descent(tolerance = 1e-8)
        ${warm} }`;
  assert.equal(valueOf(`${text('7', '').replace('steps = 3', 'steps = 0')}`, 'a'), 1);
  assert.notDeepEqual(
    errorsOf('upper { a : in [0, 1] scalar minimize x } lower { x : scalar minimize (x - a) ^ 2 }'),
    [],
  );
  const spent = (warm: string): number => resultOf(answerTo(text('0', warm))).counts.lowerGradients;
  // The way from 1000 to the solution is gone once, not at each of four points.
  assert.ok(spent('') + 200 < spent('warm_start = false'));
});

test('rule 2: dimension names are numbers in expressions, may not clash, and a let can serve as one', () => {
  const text = `
let h = 4
data { X : matrix[n, h] = ones(3, 4) }
upper { a : scalar in [-9, 9] = 0
        minimize (a - n * h) ^ 2 / n + 0 * u[1] }
lower { u : vector[h]
        minimize sumsq(X * u - a) + sumsq(u) }`;
  assert.ok(Math.abs(valueOf(text, 'a') - 9) < 1e-6, 'n h = 12 lies beyond the box');
  const other = resultOf(
    answerTo(text.replace('ones(3, 4)', 'ones(3, h)'), { adjustments: { set: { h: 2 } } }),
  );
  assert.deepEqual(other.lower.variables['u']?.shape, [2]);
  assert.deepEqual(
    errorsOf(
      'data { n : vector[n] = npy("n.npy") } upper { a : scalar minimize sumsq(x - a) } lower { x : scalar minimize (x - a) ^ 2 }',
    ),
    ['duplicate-name'],
  );
});

test('rule 3: inside lower each an unknown is one problem, outside the stack; lets resolve where they are used', () => {
  const text = `
data { A : matrix[s, 2] = normal(0, 1, seed = 3) }
let s = 5
let gap = u - A[i]
upper { r : scalar = 0
        minimize sum(i in s, sumsq(u[i] - A[i])) + sumsq(u - A) + r ^ 2 }
lower each i in s { u : vector[2]
        minimize sumsq(gap) + exp(r) * sumsq(u) }`;
  assert.deepEqual(errorsOf(text), []);
  assert.deepEqual(resultOf(answerTo(text + quiet)).lower.variables['u']?.shape, [5, 2]);
  assert.deepEqual(errorsOf(text.replace('sumsq(u - A)', 'sumsq(gap)')), ['index-outside']);
  const program = (lets: string): string =>
    `${lets}\nupper { a : scalar minimize x ^ 2 + p(a) } lower { x : scalar minimize (x - a) ^ 2 }`;
  assert.deepEqual(errorsOf(program('let p(t) = q(t)\nlet q(t) = p(t)')), ['recursion']);
  assert.deepEqual(errorsOf(program('let p(x) = x')), []);
  assert.deepEqual(errorsOf(program('let p(t) = t\nlet x = 1')), ['duplicate-name']);
});

test('rule 4: vectors are columns, 1 x 1 is a scalar, arrays need .^, .. and .* come before a decimal point', () => {
  const text = (objective: string): string =>
    `data { A : matrix[n, d] = npy("A.npy") } upper { a : vector[d] minimize ${objective} }
     lower { x : vector[d] minimize sumsq(x - a) }`;
  assert.deepEqual(errorsOf(text("x' * A' * A * x")), []);
  assert.deepEqual(errorsOf(text('sumsq(x * A)')), ['shape-mismatch']);
  assert.deepEqual(errorsOf(text('sum(x ^ 2)')), ['elementwise-power']);
  assert.deepEqual(errorsOf(text('sum(2.*x .^ 2) + sumsq(x[1..2])')), []);
  // Keywords are contextual: `each`, `report` and `data` are names here.
  assert.deepEqual(
    errorsOf(
      'data { data : vector[each] = npy("a.npy") } upper { report : scalar minimize sumsq(x - data) } lower { x : vector[each] minimize sumsq(x - report) }',
    ),
    [],
  );
});

test('rule 5: labels are 0 to k − 1, anything else is an error that names the row; images are flat', () => {
  const text = `
data { X : matrix[n, 2] = npy("labelled.csv.npy")
       y : labels[n, 3] = csv("labels.csv") }
upper { a : scalar minimize mean(cross_entropy(X * W, y)) }
lower { W : matrix[2, 3] minimize mean(cross_entropy(X * W, y)) + exp(a) * sumsq(W) }`.replace(
    'npy("labelled.csv.npy")',
    'csv("features.csv")',
  );
  writeFileSync(join(folder, 'features.csv'), '1,2\n3,4\n5,6\n7,9\n');
  writeFileSync(join(folder, 'labels.csv'), '0\n2\n1\n2\n');
  assert.equal(resultOf(answerTo(text + quiet)).upper.variables['a']?.data?.[0], 0);
  writeFileSync(join(folder, 'labels.csv'), '1\n2\n3\n2\n');
  const refused = answerTo(text);
  assert.match(JSON.stringify(refused), /row 3/u);
  const image = Buffer.from([
    0,
    0,
    8,
    3,
    0,
    0,
    0,
    2,
    0,
    0,
    0,
    2,
    0,
    0,
    0,
    3,
    ...Array.from({ length: 12 }, (_, k) => k),
  ]);
  writeFileSync(join(folder, 'images.idx'), image);
  const flat = `data { P : matrix[n, 6] = idx("images.idx") } upper { a : vector[6] minimize sumsq(P * x) } lower { x : vector[6] minimize sumsq(x - a) }`;
  assert.deepEqual(resultOf(answerTo(flat)).lower.variables['x']?.shape, [6]);
});

test('rule 6: one fixed_point for each unknown; a set is a projection after the map; the factor is that of the joint map', () => {
  const text = (second: string, set = '', factor = 0.5): string => `
let c = ${factor}
upper { a : scalar in [-3, 3] = 2
        minimize (x - 1) ^ 2 + y ^ 2 }
lower { x : scalar ${set}
        y : scalar
        fixed_point x = c * y + a
        ${second} }
${quiet}`;
  const both = 'fixed_point y = c * x';
  assert.deepEqual(errorsOf(text('')).length, 1);
  assert.deepEqual(errorsOf(text(`${both}\n fixed_point y = x`)).length, 1);
  // The joint map has the matrix [[0, c], [c, 0]], whose norm is c.
  const free = resultOf(answerTo(text(both)));
  assert.ok(Math.abs(Number(free.constants['mu']?.value) - 0.5) < 1e-9);
  const at = (result: typeof free, name: string): number => Number(result.lower.variables[name]?.data?.[0]);
  assert.ok(Math.abs(at(free, 'x') - 2 / 0.75) < 1e-6 && Math.abs(at(free, 'y') - 1 / 0.75) < 1e-6);
  const bounded = resultOf(answerTo(text(both, 'in [0, 1.5]')));
  assert.ok(Math.abs(at(bounded, 'x') - 1.5) < 1e-6 && Math.abs(at(bounded, 'y') - 0.75) < 1e-6);
  assert.notDeepEqual(errorsOf(text(both, '', 1)), []);
});

test('rule 7: absolute values and boxes below are proximal, certified away from kinks; other kinks are errors below, uncertified above', () => {
  const text = (lower: string, upper = 'sumsq(w - 1)', set = ''): string => `
data { X : matrix[12, 4] = normal(0, 1, seed = 1)
       y : vector[12] = normal(0, 1, seed = 2) }
upper { l : scalar = -2
        minimize ${upper} }
lower { w : vector[4] ${set}
        minimize sumsq(X * w - y) / 12 + ${lower} }
${quiet}`;
  const kinked = resultOf(answerTo(text('exp(l) * norm1(w)', undefined, 'in [-0.3, 0.3]')));
  assert.equal(kinked.hypergradient.error.kind, 'certified');
  assert.deepEqual(errorsOf(text('exp(l) * max(w)')), ['not-smooth']);
  const above = resultOf(answerTo(text('exp(l) * sumsq(w)', 'norm1(w)')));
  assert.notEqual(above.hypergradient.error.kind, 'certified');
});

test('rule 8: sample asks for a mean over the dimension of row terms, and names what is none', () => {
  const text = (loss: string): string => `
data { X : matrix[n, d] = normal(0, 1, seed = 1)
       y : vector[n] = normal(0, 1, seed = 2) }
let n = 12
let d = 3
upper { q : vector[n] in [0, 1] = 1
        minimize sumsq(w - 1) }
lower { w : vector[d]
        minimize ${loss} + 0.1 * sumsq(w) }
solve { sample n = 4
        upper = projected_gradient(steps = 0) }`;
  const sampled = resultOf(answerTo(text('mean(q .* (X * w - y) .^ 2)')));
  const whole = resultOf(answerTo(text('mean(q .* (X * w - y) .^ 2)').replace('sample n = 4', '')));
  assert.equal(sampled.upper.objective, whole.upper.objective);
  assert.match((sampled.notes ?? []).join(' '), /rows/u);
  assert.notDeepEqual(errorsOf(text('sumsq(mean(q) * (X * w - y)) / n')), []);
  assert.notDeepEqual(errorsOf(text('logsumexp(X * w - y)')), []);
});

test('rule 9: expect compares the bound and holds only for certified numbers; estimated(…) accepts an estimate', () => {
  const text = (relations: string, loss = 'log_cosh'): string => `
data { z : vector[6] = normal(0, 1, seed = 1) }
upper { a : scalar = 0
        minimize sumsq(u - 1) }
lower { u : vector[6]
        minimize sum(${loss}(u - z - a)) + sumsq(u) }
solve { lower = fista(tolerance = 0.01)
        hypergradient = implicit(cg(tolerance = 0.01))
        upper = projected_gradient(steps = 0, step = 1) }
expect { ${relations} }`;
  const held = (relations: string, loss?: string): readonly boolean[] =>
    resultOf(answerTo(text(relations, loss))).expectations.map(({ holds }) => holds);
  const { upper } = resultOf(answerTo(text('upper_objective >= 0')));
  const value = Number(upper.objective);
  const error = Number(upper.objectiveError.bound);
  assert.ok(error > 0 && upper.objectiveError.kind === 'certified');
  assert.deepEqual(held(`upper_objective <= ${value + 2 * error}`), [true]);
  assert.deepEqual(held(`upper_objective <= ${value + error / 2}`), [false]);
  // Huber is once differentiable: its hypergradient is an estimate.
  const uncertain = held('hypergradient_error <= 1000 estimated(hypergradient_error) <= 1000', 'huber');
  assert.deepEqual(uncertain, [false, true]);
});

test('rule 10: a method that was chosen is obeyed, and its rate labelled; given constants are labelled given', () => {
  const text = (method: string): string => `
data { A : matrix[9, 4] = normal(0, 1, seed = 5) }
upper { a : scalar = 0
        minimize sumsq(x - 1) }
lower { x : vector[4]
        minimize sum(log_cosh(A * x - a)) + 0.5 * sumsq(x) }
solve { lower = ${method}
        upper = projected_gradient(steps = 0) }`;
  const chosen = resultOf(answerTo(text('heavy_ball(tolerance = 1e-6)')));
  assert.equal(chosen.lower.method, 'heavy_ball');
  assert.equal(chosen.lower.error.kind, 'certified');
  assert.ok(Number(chosen.lower.error.bound) <= 1e-6);
  const given = resultOf(answerTo(text('heavy_ball(mu = 0.9, L = 100, tolerance = 1e-6)')));
  assert.equal(given.lower.error.kind, 'given');
  // Conjugate gradients cannot run here: FISTA does, and says so.
  const other = resultOf(answerTo(text('conjugate_gradient(tolerance = 1e-6)')));
  assert.equal(other.lower.method, 'fista');
  assert.match((other.notes ?? []).join(' '), /FISTA/u);
});

test('rule 11: without a solve block methods, tolerances and steps are chosen, and a spent budget is a normal end', () => {
  const text = (loss: string, solve = ''): string => `
data { A : matrix[9, 4] = normal(0, 1, seed = 5) }
upper { a : scalar in [-3, 3] = 0
        minimize sumsq(x - 1) }
lower { x : vector[4]
        minimize ${loss} + 0.5 * sumsq(x) }
${solve}`;
  const quadratic = resultOf(answerTo(text('sumsq(A * x - a)')));
  assert.equal(quadratic.lower.method, 'conjugate_gradient');
  assert.match(quadratic.hypergradient.method ?? '', /implicit\(cg\)/u);
  assert.equal(quadratic.status, 'converged');
  assert.equal(quadratic.hypergradient.descentCertified, true);
  const smooth = resultOf(answerTo(text('sum(log_cosh(A * x - a))')));
  assert.equal(smooth.lower.method, 'fista');
  const first = Number(smooth.history[0]?.hypergradientNorm);
  const { stationarity, stationarityError } = smooth.upper;
  assert.ok(Number(stationarity) + Number(stationarityError.bound) <= 1e-3 * first * (1 + 1e-12));
  const spent = resultOf(answerTo(text('sum(log_cosh(A * x - a))', 'solve { budget = 5 }')));
  assert.match(spent.status, /budget/u);
});

test('rule 12: a tolerance is absolute, relative is times max(1, ‖x‖) below and ‖f_x‖ in the linear system', () => {
  const scale = 1e4;
  const text = (lower: string, linear: string): string => `
data { A : matrix[60, 40] = normal(0, 1, seed = 5) }
upper { a : scalar = 0
        minimize sumsq(x - 1) }
lower { x : vector[40]
        minimize sum(log_cosh(A * (x - ${scale}) - a)) + 0.5 * sumsq(x - ${scale}) }
solve { lower = fista(${lower})
        hypergradient = implicit(cg(${linear}))
        upper = projected_gradient(steps = 0, step = 1) }`;
  const bound = (lower: string): number =>
    Number(resultOf(answerTo(text(lower, 'tolerance = 1e-3'))).lower.error.bound);
  assert.ok(bound('tolerance = 1e-4') <= 1e-4);
  const relative = bound('relative = 1e-4');
  assert.ok(relative <= 1e-4 * 7 * scale && relative > 1e-4, `${relative}`);
  const products = (linear: string): number =>
    resultOf(answerTo(text('tolerance = 1e-9', linear))).history[0]?.linearIterations ?? NaN;
  // ‖f_x‖ is about 4e4, so the two agree where the numbers differ by that factor.
  assert.ok(products('relative = 1e-3') < products('tolerance = 1e-3'));
});
