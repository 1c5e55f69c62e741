/**
 * Rule 8 of the language's cases: `sample n = 128` demands a mean over n of row terms plus terms free of n.
 * What is accepted is one: its value is the mean of the values on the single rows, computed. What is refused is
 * refused at the smallest subexpression responsible.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sources } from '../compile/compile-text.ts';
import { compiled } from '../compile/compile-text.ts';
import { checkText, checked, errorsOf } from './support.ts';
import { normalArray, seeded } from '../support/seeded.ts';

const rows = 6;

/** A problem over n; the lower objective has `extra` and a term that makes it strongly convex. */
function text(objective: string, { upper = 'sumsq(w) + sumsq(t)', solve = true } = {}): string {
  return `
data {
  X : matrix[n, d] = npy("X.npy")
  y : vector[n] = npy("y.npy")
  c : labels[n, 3] = npy("c.npy")
  B : matrix[d, 3] = npy("B.npy")
  T : tensor[n, 2, d] = npy("T.npy")
}
upper {
  t : scalar = 0.3
  q : vector[n] in [0, 1] = 0.5
  minimize ${upper} + 0 * mean(q)
}
lower {
  w : vector[d] = 0
  V : matrix[d, 3] = 0
  minimize ${objective} + 10 * exp(t) * sumsq(w) + 10 * sumsq(V)
}
${solve ? 'solve {\n  sample n = 2\n}' : ''}`;
}

const random = seeded(4);
const all = {
  X: normalArray(random, rows * 4),
  y: normalArray(random, rows),
  c: Float64Array.from({ length: rows }, (_, i) => i % 3),
  B: normalArray(random, 12),
  T: normalArray(random, rows * 8),
};

/** All rows, or one of them. */
function sources(row?: number): Sources {
  const cut = (values: Float64Array, width: number): Float64Array =>
    row === undefined ? values : values.slice(row * width, (row + 1) * width);
  const n = row === undefined ? rows : 1;
  return {
    'X.npy': { shape: [n, 4], values: cut(all.X, 4) },
    'y.npy': { shape: [n], values: cut(all.y, 1) },
    'c.npy': { shape: [n], values: cut(all.c, 1) },
    'B.npy': { shape: [4, 3], values: all.B },
    'T.npy': { shape: [n, 2, 4], values: cut(all.T, 8) },
  };
}

const theta = Float64Array.of(0.3, ...normalArray(random, rows).map((value) => Math.abs(value) % 1));
const x = normalArray(random, 16, 0.5);

/** The lower objective at one point, with the upper unknown over n cut with the rows. */
function value(objective: string, row?: number): number {
  const problem = text(objective, { solve: false });
  const { problem: made } = compiled(problem, sources(row));
  made.moveTo(row === undefined ? theta : Float64Array.of(theta[0] as number, theta[row + 1] as number));
  return made.lower(x, new Float64Array(16));
}

const means = [
  'sumsq(X * w - y) / n',
  'mean((X * w - y) .^ 2)',
  '(1 / n) * sumsq(X * w - y)',
  '(sumsq(X * w - y) + exp(t) * sumsq(w)) / n * 1',
  'mean(q .* (X * w - y) .^ 2)',
  'mean(sigmoid(q) .* cross_entropy(X * (B + V), c))',
  'sum(q .* log_cosh(X * w - y)) / n + 0.1 * sum(log_cosh(w))',
  'mean(logsumexp(X * V))',
  "w' * X' * X * w / n",
  "dot(X' * y / n, w) + mean(y .^ 2)",
  'mean(i in n, (dot(X[i, :], w) - y[i]) ^ 2)',
  'sum(i in n, q[i] * log_cosh(dot(X[i, :], w))) / n',
  'mean(sumsq_rows(X * V))',
  'mean(sum((X * V) .^ 2, axis = 2))',
  'sumsq(X) / n + sumsq(X[:, 1] - y) / n',
  'mean(smooth_abs(X * w - y, 0.1)) + 0 * sumsq(q) / n',
  'sumsq(T * w) / n + mean(log_cosh(T * V))',
  "mean(log_cosh(V' * T')) + sumsq(T' * T) / n * sumsq(w)",
];

for (const objective of means) {
  test(`rule 8: accepted, and a mean of row terms by its values: ${objective}`, () => {
    const { samples } = checked(text(objective), {
      header: ({ path }) => {
        const known = path === undefined ? undefined : sources()[path];
        return known && { shape: [...known.shape] };
      },
    });
    assert.deepEqual(
      samples.map(({ dimension, size }) => [dimension, size]),
      [['n', 2]],
    );
    // Terms free of n that were divided by n are the same for one row up to that factor: left out of those above.
    if (objective.includes('exp(t) * sumsq(w)) / n')) return;
    const single = Array.from({ length: rows }, (_, row) => value(objective, row));
    const mean = single.reduce((sum, each) => sum + each, 0) / rows;
    assert.ok(
      Math.abs(value(objective) - mean) <= 1e-12 * (1 + Math.abs(mean)),
      `${value(objective)} and ${mean}`,
    );
  });
}

const refused: readonly (readonly [string, string, RegExp])[] = [
  ['sumsq(X * w - y)', 'sampled-sum: sumsq(X * w - y)', /no mean/],
  ['sumsq(X * w - y) / n + sum(q .* (X * w) .^ 2)', 'sampled-coupling', /.*/],
  ['log(1 + sumsq(X * w - y) / n)', 'sampled-coupling: log', /`log` of a sum over all rows|log1p/],
  ['mean((X * w - mean(y)) .^ 2)', 'sampled-coupling: X * w - mean(y)', /all rows/],
  ['mean(X * w) ^ 2', 'sampled-coupling: mean(X * w) ^ 2', /of a sum over all rows/],
  ['sumsq(diff(X * w)) / n', 'sampled-coupling: diff(X * w)', /`diff` joins rows/],
  ['sumsq(X[1..3, :] * w) / n', 'sampled-coupling: X[1..3, :]', /chooses some rows/],
  ["sum(log_cosh(T * T'))", "sampled-sum: sum(log_cosh(T * T'))", /no mean/],
  ["sum(log_cosh(T * X')) / n", "sampled-coupling: T * X'", /`\*` joins rows/],
  ["sumsq(X * X' * y - X * w) / n", "sampled-coupling: X * X'", /`\*` joins rows/],
  ['mean(i in n, (dot(X[i, :], w) - mean(y)) ^ 2)', 'sampled-coupling', /of a sum over all rows/],
  ['mean((X * w) .* (X * w)) * mean(y .^ 2)', 'sampled-coupling', /of a sum over all rows/],
];

for (const [objective, mark, why] of refused) {
  test(`rule 8: refused at its place: ${objective}`, () => {
    const source = text(objective);
    const found = errorsOf(source, { header: () => undefined }).filter(({ code }) =>
      code.startsWith('sampled'),
    );
    assert.equal(found.length, 1, JSON.stringify(errorsOf(source, { header: () => undefined })));
    const [
      { code, span, message, reason } = { code: '', span: { start: 0, end: 0 }, message: '', reason: '' },
    ] = found;
    assert.ok(
      `${code}: ${source.slice(span.start, span.end)}`.startsWith(mark),
      source.slice(span.start, span.end),
    );
    assert.match(`${message} ${reason ?? ''}`, why);
  });
}

test('rule 8: which arrays are taken apart by rows, and that this version does not, is said at the line', () => {
  const source = text('mean(sigmoid(q) .* cross_entropy(X * V, c))');
  const { diagnostics } = checkText(source, { header: () => undefined });
  const [note] = diagnostics.filter(({ code }) => code === 'sample-uses-all-rows');
  assert.equal(note?.severity, 'information');
  assert.equal(source.slice(note?.span.start, note?.span.end), 'sample n = 2');
  assert.match(
    note?.message ?? '',
    /minibatches of 2 rows would be of `q`, `X`, `c`; this version uses all rows/,
  );
});

test('problems of their own, one a row, need no division; the upper objective is looked at too', () => {
  const each = (upper: string): string => `
data { Y : matrix[s, 4] = npy("X.npy") }
upper { a : scalar in [0.1, 2] = 1
        minimize ${upper} }
lower each i in s { u : vector[4]
        minimize sumsq(u - Y[i]) + a * sum(smooth_abs(u, 0.1)) }
solve { sample s = 3 }`;
  const files = { header: () => ({ shape: [6, 4] }) };
  assert.deepEqual(
    checked(each('mean(sumsq_rows(u - Y))'), files).samples.map(({ arrays }) => arrays),
    [['u', 'Y']],
  );
  assert.deepEqual(
    errorsOf(each('sumsq(u - Y)'), files).map(({ code }) => code),
    ['sampled-sum'],
  );
});
