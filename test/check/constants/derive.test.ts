/**
 * The derived constants of the samples as they are printed, their numbers on the published quadratic,
 * and what is said of objectives that are not convex, not strongly convex or not smooth.
 */
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { formatFormula } from '../../../server/src/atoms/formula-text.ts';
import { check } from '../../../server/src/check/check.ts';
import { withoutFiles } from '../../../server/src/check/environment.ts';
import type { ConstantName } from '../../../server/src/check/problem.ts';
import { checked, problemText } from '../support.ts';
import { readNpy } from './npy-matrix.ts';
import { eigenvalues, gram, product, spectralNorm } from './numeric.ts';
import { parse } from '../../../server/src/syntax/parse.ts';

function derived(text: string) {
  const { partial, diagnostics } = check(parse(text).tree, withoutFiles);
  const formulas = Object.fromEntries(
    Object.entries(partial.constants ?? {}).map(([name, { formula }]) => [name, formatFormula(formula)]),
  ) as Partial<Record<ConstantName, string>>;
  return { formulas, diagnostics, partial };
}

function sample(name: string): string {
  return readFileSync(new URL(`../../../samples/${name}.bilevel`, import.meta.url), 'utf8');
}

test('the quadratic sample', () => {
  const { formulas, partial } = derived(sample('quadratic'));
  assert.deepStrictEqual(formulas, {
    mu: '2·λ_min(DᵀD)',
    L: '2·‖D‖²',
    L_H: '0',
    L_J: '0',
    jacobianNorm: "2·‖D' * C‖",
    L_fx: '2·‖A‖²',
    L_ftheta: '0',
  });
  assert.strictEqual(partial.lowerIsQuadratic, true);
  // The figures of the published draw (numpy's singular values).
  const [A, C, D] = ['A', 'C', 'D'].map((name) => readNpy(`../../../samples/data/quadratic/${name}.npy`)) as [
    ReturnType<typeof readNpy>,
    ReturnType<typeof readNpy>,
    ReturnType<typeof readNpy>,
  ];
  const near = (value: number, figure: number): void =>
    assert.ok(Math.abs(value / figure - 1) < 1e-4, `${value}`);
  near(2 * (eigenvalues(gram(D))[0] as number), 145.6027);
  near(2 * spectralNorm(D) ** 2, 5108.1278);
  near(2 * spectralNorm(product(D, C)), 4964.9);
  near(2 * spectralNorm(A) ** 2, 5100.1);
});

test('the ridge sample', () => {
  const { formulas, partial } = derived(sample('ridge'));
  assert.deepStrictEqual(formulas, {
    mu: '2·λ_min([X, 1]ᵀ[X, 1])/n + min(2·min(exp(lambda)), 0.0002)',
    L: '2·‖[X, 1]‖²/n + max(2·max(exp(lambda)), 0.0002)',
    L_H: '0',
    L_J: '2·exp(max(lambda))',
    jacobianNorm: 'exp(max(lambda))·(2·max|w| + 2·ε)',
    L_fx: '2·‖[Xv, 1]‖²/m',
    L_ftheta: '0',
  });
  assert.strictEqual(partial.lowerIsQuadratic, true);
});

test('the logistic sample', () => {
  const { formulas, partial } = derived(sample('logistic'));
  assert.deepStrictEqual(formulas, {
    mu: '2·min(exp(lambda))',
    L: '0.25·‖diag(y) * X‖²/n + 2·max(exp(lambda))',
    L_H: '0.09623·‖diag(y) * X‖²·maxᵢ‖(diag(y) * X)ᵢ‖/n',
    L_J: '2·exp(max(lambda))',
    jacobianNorm: 'exp(max(lambda))·(2·max|w| + 2·ε)',
    L_fx: '0.25·‖diag(yv) * Xv‖²/m',
    L_ftheta: '0',
  });
  assert.strictEqual(partial.lowerIsQuadratic, false);
});

test('the hyper-cleaning sample', () => {
  assert.deepStrictEqual(derived(sample('hyper-cleaning')).formulas, {
    mu: '0.002',
    L: '0.5·max(sigmoid(weight))·‖[X, 1]‖²/n + 0.002',
    L_H: '0.2722·max(sigmoid(weight))·‖[X, 1]‖²·maxᵢ‖[X, 1]ᵢ‖/n',
    L_J: '0.125·‖[X, 1]‖·maxᵢ‖[X, 1]ᵢ‖/n',
    jacobianNorm: '0.3536·‖[X, 1]‖/n',
    L_fx: '0.5·‖[Xv, 1]‖²/m',
    L_ftheta: '0',
  });
});

function problem(lower: string, upper = 'sumsq(x)', unknowns = 'x : vector[d] = 0'): string {
  return `data {
  X : matrix[n, d] = normal()
  y : vector[n] = normal()
  Z : matrix[n, k] = npy("Z.npy")
}
let n = 20
let d = 3
upper {
  theta : vector[d] = 0
  alpha : scalar = 1
  minimize ${upper} + sumsq(theta) + alpha ^ 2
}
lower {
  ${unknowns}
  minimize ${lower}
}
`;
}

/** Codes of this stage, with the text they point at. */
function complaints(text: string): string[] {
  const codes =
    /^(?:not-convex|not-strongly-convex|convexity-depends-on-data|not-smooth|once-differentiable|upper-not-smooth)$/u;
  return derived(text)
    .diagnostics.filter(({ code }) => codes.test(code))
    .map(({ code, span }) => `${code}: ${text.slice(span.start, span.end)}`);
}

test('every complaint points at its place', () => {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    [problem('sumsq(X * x - y) + sum(exp(theta) .* x .^ 2)'), []],
    [problem('mean(log_cosh(X * x - y))'), ['not-strongly-convex: mean(log_cosh(X * x - y))']],
    [problem("x' * X' * X * x - sum(theta .* x)"), ["convexity-depends-on-data: x' * X' * X * x"]],
    [problem("x' * X' * X * x + sum(tanh(x))"), ['not-convex: tanh(x)']],
    [problem('sumsq(x - theta) + sqrt(0.01 + sumsq(x)) + sum(sqrt(0.1 + (X * x) .^ 2))'), []],
    [problem('sumsq(x - theta) + sqrt(sumsq(x))'), ['not-convex: sqrt(sumsq(x))']],
    [problem('exp(alpha) * sumsq(x[1..2]) + sumsq(x[3..d])'), []],
    [problem('exp(alpha) * sumsq(x[1..2]) + sumsq(x[2..d])'), []],
    [
      problem('exp(alpha) * sumsq(x[1..2]) - sum(x)'),
      ['not-strongly-convex: exp(alpha) * sumsq(x[1..2]) - sum(x)'],
    ],
    [problem('sumsq(X * x - y)'), ['convexity-depends-on-data: sumsq(X * x - y)']],
    [problem('sumsq(x - theta) + sum(tanh(X * x))'), ['not-convex: tanh(X * x)']],
    // Not convex by the rules, yet strongly convex: |tanh''| <= 0.77 against 2 · 5.
    [problem('5 * sumsq(x - theta) + sum(tanh(x))'), []],
    [problem('alpha * sumsq(x - theta)'), ['not-convex: alpha * sumsq(x - theta)']],
    [problem('sumsq(x - theta) + sum(abs(x - theta))'), ['not-smooth: abs(x - theta)']],
    // Solved by its proximal map.
    [problem('sumsq(x - theta) + sum(abs(x))'), []],
    [problem('sumsq(x - theta) + sum(huber(x, 1))'), ['once-differentiable: huber(x, 1)']],
    [problem('sumsq(x - theta)', 'sum(abs(x))'), ['upper-not-smooth: abs(x)']],
    [
      problem('sumsq(x - theta) + b * sum(x)', 'sumsq(x)', 'x : vector[d] = 0\n  b : scalar = 0'),
      ['not-convex: b * sum(x)'],
    ],
    [
      problem('sumsq(x - theta) + log_cosh(b)', 'sumsq(x)', 'x : vector[d] = 0\n  b : scalar = 0'),
      ['not-strongly-convex: sumsq(x - theta) + log_cosh(b)'],
    ],
  ];
  for (const [text, expected] of rows) assert.deepStrictEqual(complaints(text), expected, text);
});

test('strong convexity that no term has alone', () => {
  const of = (objective: string, unknowns = 'x : vector[d] = 0\n  v : vector[d] = 0'): string[] =>
    complaints(problem(objective, 'sumsq(x)', unknowns)).map((each) => each.slice(0, each.indexOf(':')));
  const withIntercept = 'x : vector[d] = 0\n  b : scalar = 0';
  // Shown by elimination, whatever the data.
  for (const objective of [
    'sumsq(x - v) + sumsq(x)',
    'mean((2 * x - v / 3) .^ 2) / 7 + exp(alpha) * sumsq(v - theta)',
    'sumsq(x - v) + sum(cosh(x))',
  ])
    assert.deepStrictEqual(of(objective), [], objective);
  assert.deepStrictEqual(of('sumsq(X * x + b - y) / n + sum(exp(theta) .* x .^ 2)', withIntercept), []);
  // The data or the sizes decide.
  for (const objective of [
    'sumsq(X * x - y) + sumsq(X * x - X * v - y)',
    'sumsq(x - v) + sumsq(X * x - y)',
    'sumsq(diff(x)) + x[1] ^ 2 + sumsq(x + v)',
  ])
    assert.deepStrictEqual(of(objective), ['convexity-depends-on-data'], objective);
  // Singular whatever the data.
  for (const objective of [
    'sumsq(x - v)',
    'sumsq(diff(x)) + sumsq(x - v)',
    'sumsq(x - v) + (v[1] - 2) ^ 2',
    'sumsq(x - v) + log_cosh(sum(x))',
  ])
    assert.deepStrictEqual(of(objective), ['not-strongly-convex'], objective);
  // What is not convex stays so.
  assert.deepStrictEqual(of("sumsq(x - v) + sumsq(x) - 9 * x' * v"), ['not-convex']);
});

test('what is not convex counts by how far it bends down, and L by the larger side', () => {
  const of = (objective: string): (string | undefined)[] => {
    const { mu, L } = derived(problem(objective)).formulas;
    return [mu, L];
  };
  // φ″ of gelu lies between −2φ(2) = −0.108 and 2φ(0) = 0.7979.
  assert.deepStrictEqual(of('sumsq(x) + sum(gelu(x))'), ['2 − 0.108', '2 + 0.7979']);
  assert.deepStrictEqual(of('sumsq(x) - sum(gelu(x))'), ['2 − 0.7979', 'max(2 + 0.108, 0.7979)']);
  assert.deepStrictEqual(of('sumsq(x) - 0.5 * sum(log_cosh(x))'), ['1.5', '2']);
  // As much either way.
  assert.deepStrictEqual(of('sumsq(x) + sum(tanh(x))'), ['1.23', '2.77']);
});

test('what an atom and a constant are made of fits where a number of entries and its name meet', () => {
  const data =
    'S : matrix[d, d] = eye(d)\n  E : matrix[2, 3] = ones()\n  p : vector[3] in nonneg = [1, 2, 3]';
  for (const upperObjective of [
    'matrix_frac(p, S)',
    'sum(kl_div(p, exp(x)))',
    'sum(rel_entr(exp(x), p))',
    'sum(sqdist(A, E * diag(x)))',
    'sum(rbf_kernel(E, A * diag(x), length = 2))',
  ]) {
    const { constants } = checked(problemText({ data, upperObjective }));
    assert.notEqual(formatFormula(constants.L_fx.formula), '', upperObjective);
  }
  const lower = 'x : vector[d] = 0\n  y : vector[3] = 0';
  const lowerObjective = 'sum(p .* (x - y) .^ 2) + sum(p .* stack(i in d, i * x[i]) .^ 2)';
  const { constants } = checked(problemText({ data, lower, lowerObjective }));
  assert.match(formatFormula(constants.mu.formula), /^λ_min/);
});

test('joint strong convexity is printed with its quadratic, and not asked for where terms suffice', () => {
  const mu = (objective: string): string | undefined =>
    derived(problem(objective, 'sumsq(x)', 'x : vector[d] = 0\n  v : vector[d] = 0')).formulas.mu;
  assert.strictEqual(
    mu('exp(alpha) * sumsq(x - v) + sumsq(x) + sum(log_cosh(v))'),
    'λ_min(∇²(exp(alpha) * sumsq(x - v) + sumsq(x)))',
  );
  assert.strictEqual(mu('sumsq(x - v) + sumsq(x) + exp(alpha) * sumsq(v)'), 'min(2·exp(alpha), 2)');
});

test('constants of quadratic forms, roots of squares and groups', () => {
  const of = (objective: string): Partial<Record<ConstantName, string>> =>
    derived(problem(objective).replace('X : ', 'P : matrix[d, d] = normal()\n  X : ')).formulas;
  const form = of("0.5 * (x' * P * x) - sum(theta .* x)");
  assert.deepStrictEqual(
    [form.mu, form.L, form.L_H, form.jacobianNorm],
    ["0.5·λ_min(P + P')", "0.5·‖P + P'‖", '0', '1'],
  );
  assert.deepStrictEqual(of('quad_form(x - theta, P)'), {
    mu: "λ_min(P + P')",
    L: "‖P + P'‖",
    L_H: '0',
    L_J: '0',
    jacobianNorm: "‖P + P'‖",
    L_fx: '2',
    L_ftheta: '0',
  });
  assert.strictEqual(
    of("quad_form(X * x, X * P * X')").mu,
    "max(λ_min(X * P * X' + (X * P * X')'), 0)·λ_min(XᵀX) + min(λ_min(X * P * X' + (X * P * X')'), 0)·‖X‖²",
  );
  const root = of('sqrt(0.25 + sumsq(X * x)) + sumsq(x)');
  assert.deepStrictEqual([root.mu, root.L], ['2', '2·‖X‖² + 2']);
  assert.strictEqual(root.L_H, 'min(1.155/max(sqrt(0.25 + sumsq(X * x)) − ε·‖X‖, 0.5)², 3.435)·‖X‖³');
  const groups = of('exp(alpha) * sumsq(x[1..2]) + exp(theta[1]) * sumsq(x[3..d])');
  assert.deepStrictEqual(
    [groups.mu, groups.L],
    ['min(2·exp(alpha), 2·exp(theta[1]))', 'max(2·exp(alpha), 2·exp(theta[1]))'],
  );
  assert.strictEqual(
    of('exp(alpha) * sumsq(x[1..2]) + sumsq(x[2..d]) + sumsq(x - theta)').mu,
    'min(2·exp(alpha), 2·exp(alpha) + 2, 2) + 2',
  );
});

test('what the slices leave out is named, and the edit adds just that where its size is known', () => {
  const rows = [
    [
      'w : vector[5]',
      'sumsq(w[1..2]) + exp(alpha) * sumsq(w[4])',
      '`w[3]` and `w[5]`',
      'sumsq(w[3]) + sumsq(w[5])',
    ],
    ['w : matrix[3, 2]', 'sumsq(w[1..2, :]) + sumsq(w[3, 1])', '`w[3, 2]`', 'sumsq(w[3, 2])'],
    ['w : vector[d]', 'sumsq(w[1..2])', '`w[3..d]`', 'sumsq(w)'],
    ['w : vector[k]', 'sumsq(w[1..2]) + sumsq(w[3])', '`w[4..k]`', 'sumsq(w)'],
  ] as const;
  for (const [unknown, objective, names, squares] of rows) {
    const text = problem(objective, 'sumsq(w)', unknown);
    const found = derived(text).diagnostics.find(({ code }) => code === 'not-strongly-convex');
    assert.ok(found !== undefined, objective);
    assert.ok(found.message.endsWith(`strongly convex in ${names}`), found.message);
    const fix = found.fixes?.[0];
    assert.ok(fix !== undefined);
    assert.ok(fix.replacement.includes(squares), fix.replacement);
    const mended = text.slice(0, fix.span.start) + fix.replacement + text.slice(fix.span.end);
    assert.deepStrictEqual(complaints(mended), []);
  }
});

test('the edit that adds a strongly convex term mends the file', () => {
  const text = problem(
    'mean(log_cosh(X * x - y)) + log_cosh(b)',
    'sumsq(x)',
    'x : vector[d] = 0\n  b : scalar = 0',
  );
  const found = derived(text).diagnostics.find(({ code }) => code === 'not-strongly-convex');
  assert.match(found?.message ?? '', /in `x` and `b`/u);
  const fix = found?.fixes?.[0];
  assert.ok(fix !== undefined);
  const mended = text.slice(0, fix.span.start) + fix.replacement + text.slice(fix.span.end);
  assert.match(mended, /\+ 0\.001 \* \(sumsq\(x\) \+ sumsq\(b\)\)\n/u);
  assert.deepStrictEqual(complaints(mended), []);
  assert.strictEqual(derived(mended).formulas.mu, '0.002');
});
