/**
 * Functions of other languages, written as here: the checker accepts each, and its value is that of the function,
 * computed with numbers by its definition. Every pattern that is offered has a case.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neverCancelled } from '../../../server/src/base/cancellation.ts';
import { foreignFunctions } from '../../../server/src/check/diagnostics/foreign-functions.ts';
import { answerRequest } from '../../../server/src/runner/pipeline.ts';
import { ridge } from '../support.ts';
import { actionsAt, afterAction } from './support.ts';

/** `a`, `b` and the scalar `s` of the problem below; B is a matrix of `a` in its first and `b` in its second row. */
const a = [0.2, 0.4, 0.6];
const b = [0.9, 0.6, 0.3];
const s = 0.7;

const problem = (expression: string): string => `data {
  a : vector[3] = linspace(0.2, 0.6)
  b : vector[3] = linspace(0.9, 0.3)
}
let s = 0.7
let B = stack(a, b)

upper {
  t : vector[3] in [-1, 1] = 0
  minimize ${expression} + sumsq(x)
}

lower {
  x : vector[3] = 0
  minimize sumsq(x - t)
}
`;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
const variance = (values: readonly number[]): number => mean(values.map((v) => (v - mean(values)) ** 2));
const each = (of: (x: number, y: number) => number): number => sum(a.map((v, k) => of(v, b[k] ?? 0)));

/** Of the products of a and b with each other. */
const determinant = each((x) => x * x) * each((_, y) => y * y) - each((x, y) => x * y) ** 2;

/** A call, and its value; of an array, in `sum(…)`, the sum. */
const cases: readonly (readonly [call: string, value: number])[] = [
  ['ln(s)', Math.log(s)],
  ['log2(s)', Math.log2(s)],
  ['sum(log10(a))', each(Math.log10)],
  ['exp2(s)', 2 ** s],
  ['norm(a - b)', Math.hypot(...a.map((v, k) => v - (b[k] ?? 0)))],
  ['pnorm(a, 3)', sum(a.map((v) => v ** 3)) ** (1 / 3)],
  ['l1_norm(a - b)', each((x, y) => Math.abs(x - y))],
  ['linf(b)', 0.9],
  ['norm_Inf(a - b)', 0.7],
  ['norm_fro(B)', Math.hypot(...a, ...b)],
  ['normFro(B)', Math.hypot(...a, ...b)],
  ['frobenius(B)', Math.hypot(...a, ...b)],
  ['sum_squares(a - b)', each((x, y) => (x - y) ** 2)],
  ['sumsqr(a)', each((x) => x ** 2)],
  ['sum_entries(a)', sum(a)],
  ['2 * pow(s, 3)', 2 * s ** 3],
  ['sum(power(a - b, 2))', each((x, y) => (x - y) ** 2)],
  ['cube(s)', s ** 3],
  ['sum(cube(a))', each((x) => x ** 3)],
  ['rsqrt(s)', s ** -0.5],
  ['sum(rsqrt(a))', each((x) => x ** -0.5)],
  ['2 / reciprocal(s)', 2 * s],
  ['sum(reciprocal(a))', each((x) => 1 / x)],
  ['fabs(s - 1)', 0.3],
  ['sum(absolute(a - b))', each((x, y) => Math.abs(x - y))],
  ['sum(pos(a - b))', each((x, y) => Math.max(x - y, 0))],
  ['sum(neg(a - b))', each((x, y) => Math.max(y - x, 0))],
  ['sum(relu6(20 * (a - b)))', each((x, y) => Math.min(Math.max(20 * (x - y), 0), 6))],
  ['sum(leaky_relu(a - b))', each((x, y) => (x > y ? x - y : 0.01 * (x - y)))],
  ['sum(LeakyReLU(a - b))', each((x, y) => (x > y ? x - y : 0.01 * (x - y)))],
  ['sum(elu(a - b))', each((x, y) => (x > y ? x - y : Math.expm1(x - y)))],
  ['softsign(s - 1)', -0.3 / 1.3],
  ['sum(softsign(a - b))', each((x, y) => (x - y) / (1 + Math.abs(x - y)))],
  ['sum(swish(a))', each((x) => x / (1 + Math.exp(-x)))],
  ['SiLU(s)', s / (1 + Math.exp(-s))],
  ['mish(s)', s * Math.tanh(Math.log1p(Math.exp(s)))],
  ['sum(mish(a - b))', each((x, y) => (x - y) * Math.tanh(Math.log1p(Math.exp(x - y))))],
  ['expit(s)', 1 / (1 + Math.exp(-s))],
  ['1 - log_sigmoid(s - 2)', 1 + Math.log1p(Math.exp(1.3))],
  ['sum(logsigmoid(a))', each((x) => -Math.log1p(Math.exp(-x)))],
  ['log_sum_exp(a)', Math.log(sum(a.map(Math.exp)))],
  ['sum(a - logaddexp(a, b))', each((x, y) => x - Math.log(Math.exp(x) + Math.exp(y)))],
  ['xlogy(s, s + 1)', s * Math.log(s + 1)],
  ['sum(xlogy(a, b))', each((x, y) => x * Math.log(y))],
  ['entropy(a)', each((x) => -x * Math.log(x))],
  ['kl(a, b)', each((x, y) => x * Math.log(x / y) - x + y)],
  ['kullback_leibler(a, b)', each((x, y) => x * Math.log(x / y) - x + y)],
  ['kl_divergence(a, b)', each((x, y) => x * Math.log(x / y) - x + y)],
  ['square_loss(a, b)', each((x, y) => (x - y) ** 2) / 3],
  ['mse(a - 1, 2 * b)', each((x, y) => (x - 1 - 2 * y) ** 2) / 3],
  ['mse_loss(a, b)', each((x, y) => (x - y) ** 2) / 3],
  ['mean_squared_error(a, b)', each((x, y) => (x - y) ** 2) / 3],
  ['mae(a, b)', each((x, y) => Math.abs(x - y)) / 3],
  ['l1_loss(a, b)', each((x, y) => Math.abs(x - y)) / 3],
  ['sum(hinge_loss(3 * a))', each((x) => Math.max(0, 1 - 3 * x))],
  ['bce_with_logits(a, b)', each((x, y) => Math.log1p(Math.exp(x)) - y * x) / 3],
  ['binary_cross_entropy_with_logits(a, b)', each((x, y) => Math.log1p(Math.exp(x)) - y * x) / 3],
  ['geo_mean(a)', Math.cbrt(a.reduce((product, v) => product * v, 1))],
  ['harmonic_mean(a)', 3 / each((x) => 1 / x)],
  ['average(a)', mean(a)],
  ['variance(a)', variance(a)],
  ['stdev(b)', Math.sqrt(variance(b))],
  ['sd(b)', Math.sqrt(variance(b))],
  ['arctan(s)', Math.atan(s)],
  ['tan(s) ^ 2', Math.tan(s) ** 2],
  ['sum(tan(a))', each((x) => Math.tan(x))],
  ['arctanh(s)', Math.atanh(s)],
  ['sum(atanh(a))', each((x) => Math.atanh(x))],
  ['arcsinh(s)', Math.asinh(s)],
  ['sum(asinh(a))', each((x) => Math.asinh(x))],
  ['sum(clamp(a, 0.3, 0.5))', 0.3 + 0.4 + 0.5],
  ['sum(fmax(a, b))', each((x, y) => Math.max(x, y))],
  ['sum(fmin(a, b))', each((x, y) => Math.min(x, y))],
  ['amax(a)', 0.6],
  ['amin(b)', 0.3],
  [
    'sum(transpose(B) * (B * a))',
    sum([0, 1, 2].map((j) => (a[j] ?? 0) * each((x) => x * x) + (b[j] ?? 0) * each((x, y) => x * y))),
  ],
  ['sum(bmm(reshape(B, 2, 1, 3), reshape(B, 2, 3, 1)))', each((x, y) => x * x + y * y)],
  ['sum(matmul(B, a))', each((x) => x * x) + each((x, y) => x * y)],
  ['sum(mm(B, transpose(B)))', sum([each((x) => x * x), 2 * each((x, y) => x * y), each((_, y) => y * y)])],
  ['sum(mv(B, a - b) - 1)', each((x, y) => (x + y) * (x - y)) - 2],
  ['sum(multiply_matrices(B, b))', each((x, y) => x * y) + each((_, y) => y * y)],
  ['sum(np.dot(B, a))', each((x) => x * x) + each((x, y) => x * y)],
  ['sum(dot(B, a) .^ 2)', each((x) => x * x) ** 2 + each((x, y) => x * y) ** 2],
  ['np.linalg.norm(a)', Math.hypot(...a)],
  ["logdet(B * B')", Math.log(determinant)],
  ["np.linalg.slogdet(B * B')", Math.log(determinant)],
  ["det(B * B')", determinant],
  ["sum(inverse(B * B'))", each((x, y) => (x - y) ** 2) / determinant],
  ['torch.mse_loss(a, b)', each((x, y) => (x - y) ** 2) / 3],
];

for (const [call, value] of cases) {
  test(`${call} is written as here`, () => {
    const text = translated(problem(call));
    const source = { text, path: '/problems/translated.bilevel' };
    const answer = answerRequest(
      { id: 1, kind: 'gradient', source, adjustments: {}, verify: false },
      () => undefined,
      neverCancelled,
    );
    assert.ok(answer.kind === 'finished', `${text}${JSON.stringify(answer)}`);
    const found = Number(answer.result.upper.objective);
    assert.ok(Math.abs(found - value) <= 1e-9 * (1 + Math.abs(value)), `${text}${found}, not ${value}`);
  });
}

/** Takes the preferred quick fix for as long as there is one at an error. */
function translated(text: string): string {
  let now = text;
  for (let step = 0; step < 4; step++) {
    // An inner product that does not fit is underlined at its second argument.
    const at = /\b(?:np|torch)\.|(?<=\bdot\(B, )a/u.exec(now)?.index ?? foreignAt(now);
    if (at === undefined) return now;
    now = afterAction(`${now.slice(0, at)}<|>${now.slice(at)}`, /^Write (?!`)/u);
  }
  return now;
}

function foreignAt(text: string): number | undefined {
  for (const call of text.matchAll(/\b(\w+)\(/gu)) if (foreignFunctions.has(call[1] ?? '')) return call.index;
  return undefined;
}

test('every function that is translated has a case', () => {
  const called = new Set(
    cases.flatMap(([call]) => [...call.matchAll(/\b(\w+)\(/gu)].map(([, name]) => name)),
  );
  const translatable = [...foreignFunctions].filter(([, { patterns }]) => patterns.length > 0);
  // In data only, where it has no derivative.
  const elsewhere = ['sgn', 'signum'];
  assert.deepEqual(
    translatable.map(([name]) => name).filter((name) => !called.has(name)),
    elsewhere,
  );
});

test('a sign is written as here in the data', () => {
  const text = ridge.replace('npy("y.npy")', 'si<|>gnum(npy("y.npy"))');
  assert.equal(afterAction(text, /^Write sign/u), ridge.replace('npy("y.npy")', 'sign(npy("y.npy"))'));
});

test('named arguments, another number of them and shapes that do not fit are left to the author', () => {
  for (const call of ['ln(w, axis = 1)', 'ln(w, 2)', 'matmul(w, X)']) {
    const marked = ridge.replace('sumsq(X * w - y) / n\n', `<|>${call}\n`);
    const { actions } = actionsAt(marked);
    assert.ok(!actions.some(({ title }) => title.startsWith('Write')), call);
  }
});

test('a title stays in one line and short', () => {
  const long = `X * w\n    ${'- 2 * y '.repeat(20)}`;
  const marked = ridge.replace('sumsq(X * w - y) / n\n', `<|>sum_squares(${long})\n`);
  const title = actionsAt(marked).actions.find((action) => action.title.startsWith('Write'))?.title ?? '';
  assert.match(title, /^Write sumsq\(X \* w - 2 \* y [^\n]*…$/u);
  assert.ok(title.length < 100);
});
