/**
 * Whole runs in sets: with a lower level whose solution is theta itself, the minimiser of F = ‖x − y‖² is the
 * projection of y, here by closed forms; ends and radii from data; starts and points outside are told.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { RunResult } from '../../server/src/protocol/result.ts';
import { answersIn } from './answers.ts';

const folder = mkdtempSync(join(tmpdir(), 'bilevel-sets-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const { answer, finished } = answersIn(folder);
writeFileSync(join(folder, 'y.csv'), '2\n-1\n0.5\n0.25\n');
writeFileSync(join(folder, 'Y.csv'), '3,0\n0,1\n0,0\n');
writeFileSync(join(folder, 'ends.csv'), '1\n1\n0.1\n0.1\n');

const inSet = (set: string, start = ''): string => `
data { y : vector[n] = csv("y.csv")
       ends : vector[n] = csv("ends.csv") }
upper { p : vector[n] in ${set} ${start}
        minimize sumsq(x - y) }
lower { x : vector[n]
        minimize sumsq(x - p) }
solve { upper = projected_gradient(tolerance = 1e-7) }
`;

const matrixIn = (set: string): string => `
data { Y : matrix[3, 2] = csv("Y.csv") }
upper { P : matrix[3, 2] in ${set}
        minimize sumsq(X - Y) }
lower { X : matrix[3, 2]
        minimize sumsq(X - P) }
solve { upper = projected_gradient(tolerance = 1e-6) }
`;

function near(result: RunResult, name: string, wanted: readonly number[], tolerance = 1e-6): void {
  const found = (result.upper.variables[name]?.data ?? []).map(Number);
  assert.equal(found.length, wanted.length);
  found.forEach((value, i) => assert.ok(Math.abs(value - (wanted[i] ?? 0)) <= tolerance, found.join(' ')));
}

const size = Math.sqrt(4 + 1 + 0.25 + 0.0625);

for (const [set, wanted] of [
  ['nonneg', [2, 0, 0.5, 0.25]],
  ['[-0.5, ends]', [1, -0.5, 0.1, 0.1]],
  ['simplex', [1, 0, 0, 0]],
  ['simplex(3)', [23 / 12 + 1 / 6, 0, 5 / 12 + 1 / 6, 1 / 6 + 1 / 6]],
  ['simplex & [0, 0.7 * ends]', [0.7, 0.16, 0.07, 0.07]],
  ['ball(1)', [2 / size, -1 / size, 0.5 / size, 0.25 / size]],
  ['ball(sum(ends))', [2, -1, 0.5, 0.25].map((value) => (2.2 * value) / size)],
  ['ball(1) & nonneg', [2, 0, 0.5, 0.25].map((value) => value / Math.sqrt(4.3125))],
] as const) {
  test(`in ${set}: converges to the projection, certified`, () => {
    const result = finished(inSet(set));
    assert.equal(result.status, 'converged', result.advice);
    near(result, 'p', wanted);
    const { stationarity, stationarityError } = result.upper;
    assert.equal(stationarityError.kind, 'certified');
    assert.ok(Number(stationarity) + Number(stationarityError.bound) <= 1e-7);
  });
}

test('matrices in a spectral ball, in rows of balls, and where only an iteration projects', () => {
  const spectral = finished(matrixIn('spectral_ball(2)'));
  near(spectral, 'P', [2, 0, 0, 1, 0, 0]);
  assert.equal(spectral.upper.stationarityError.kind, 'certified');
  near(finished(matrixIn('rows(ball(0.5))')), 'P', [0.5, 0, 0, 0.5, 0, 0]);
  near(finished(matrixIn('rows(simplex)')), 'P', [1, 0, 0, 1, 0.5, 0.5]);
  const both = finished(matrixIn('spectral_ball(2) & [0.1, 5]'));
  assert.equal(both.upper.stationarityError.kind, 'certified');
  assert.equal(both.status, 'converged');
  assert.equal(both.hypergradient.error.kind, 'certified');
});

test('a start that nobody wrote is projected without a word, one that is written is told', () => {
  assert.equal(finished(inSet('simplex')).notes, undefined);
  const told = finished(inSet('simplex', '= y')).notes ?? [];
  assert.match(told.join(' '), /the start of `p` lies 1\.\d+ outside its set; the nearest point of the set/);
  assert.equal(finished(inSet('ball(10)', '= y')).notes, undefined);
});

test('a point outside the set is told; the hypergradient is that of the nearest one', () => {
  const outside = finished(inSet('ball(1)'), { p: [3, 0, 0, 0] });
  assert.match((outside.notes ?? []).join(' '), /the point given for `p` lies 2 outside its set/);
  near(outside, 'p', [1, 0, 0, 0], 1e-15);
  assert.equal(outside.hypergradient.verification?.boundHolds, true);
  assert.equal(finished(inSet('ball(1)'), { p: [0.5, 0, 0, 0] }).notes, undefined);
});

test('gradients in sets with an empty interior agree with both routes', () => {
  const { verification } = finished(inSet('simplex'), { p: [0.4, 0.3, 0.2, 0.1] }).hypergradient;
  assert.ok(Number(verification?.exactRelativeError) < 1e-8);
  assert.ok(Number(verification?.differenceRelativeError) < 1e-6);
});

test('what only the data decide is an error at the set', () => {
  for (const [set, message] of [
    ['ball(sum(y) - 2)', /no array has a norm of at most -0.25/],
    ['[ends, y]', /no number lies between 1 and -1 at entry 2/],
    ['simplex & [0, ends - 0.9]', /sum to .* at most, never to 1|no number lies between 0 and/],
    ['simplex(sum(y) - 5)', /entries of at least 0 have no sum of -3.25/],
  ] as const) {
    const text = inSet(set);
    const found = answer(text);
    assert.equal(found.kind, 'rejected', set);
    const [diagnostic] = found.diagnostics;
    assert.equal(diagnostic?.code, 'empty-set');
    assert.match(diagnostic?.message ?? '', message);
    assert.ok(set.includes(text.slice(diagnostic?.span.start, diagnostic?.span.end)));
  }
});

test('an intersection that nothing projects onto accurately is an error at its place', () => {
  // A first entry of 1 leaves a spectral ball of radius 1 no other entry in its row: the two sets only touch.
  writeFileSync(join(folder, 'corner.csv'), '1,-5\n-5,-5\n-5,-5\n');
  const text = matrixIn('spectral_ball(1) & [corner, 5]');
  const found = answer(text.replace('data {', 'data { corner : matrix[3, 2] = csv("corner.csv")\n'));
  assert.equal(found.kind, 'rejected', JSON.stringify(found));
  assert.equal(found.diagnostics[0]?.code, 'set-accuracy');
  assert.match(found.diagnostics[0]?.message ?? '', /with an error of/);
});

const weighted = (set: string, file: string): string => `
data { A : matrix[4, 2] = normal(seed = 1)
       y : vector[4] = csv("y.csv")
       q : vector[4] ${set} = csv("${file}") }
upper { t : scalar in [-3, 3]
        minimize sumsq(x - 1) }
lower { x : vector[2]
        minimize sum(q .* (A * x - y) .^ 2) + exp(t) * sumsq(x) }
`;

test('data in a set: the promise decides convexity and is verified when the data is loaded', () => {
  writeFileSync(join(folder, 'good.csv'), '0.5\n0\n0.25\n0.25\n');
  writeFileSync(join(folder, 'bad.csv'), '0.5\n0\n-0.25\n1\n');
  writeFileSync(join(folder, 'large.csv'), '0.5\n0\n0.25\n1\n');
  const certain = finished(weighted('in nonneg', 'good.csv'));
  assert.match(certain.constants['mu']?.formula ?? '', /2·min\(q\).*2·exp\(t\)/);
  assert.equal(finished(weighted('in simplex', 'good.csv')).status, certain.status);
  assert.equal(finished(weighted('in [0, 4 * y .^ 2]', 'good.csv')).status, certain.status);

  const wrong = (set: string, file: string): string => {
    const text = weighted(set, file);
    const found = answer(text);
    assert.equal(found.kind, 'rejected', JSON.stringify(found));
    const [{ code, message, span } = { code: '', message: '', span: { start: 0, end: 0 } }] =
      found.diagnostics;
    assert.equal(text.slice(span.start, span.end), set.slice(3));
    return `${code}: ${message}`;
  };
  assert.equal(
    wrong('in nonneg', 'bad.csv'),
    'entry-outside-set: `q` has -0.25 at row 3, which lies outside this set',
  );
  assert.equal(
    wrong('in [0, y .^ 2]', 'large.csv'),
    'entry-outside-set: `q` has 1 at row 4, which lies outside this set',
  );
  assert.match(
    wrong('in ball(1) & nonneg', 'large.csv'),
    /^data-outside-set: `q` lies 0.146 outside this set/,
  );
  writeFileSync(join(folder, 'unsummed.csv'), '0.5\n0\n0.25\n0.2\n');
  assert.match(wrong('in simplex', 'unsummed.csv'), /^data-outside-set: `q` lies 0.02/);
});
