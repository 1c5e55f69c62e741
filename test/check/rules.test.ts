/**
 * The rules of the language that settle cases, each as a test with its name, as far as they concern
 * names, shapes, data, starts, methods and expectations.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constantDimension, evaluateDimension, formatShape } from '../../server/src/base/dimension.ts';
import type { Expression } from '../../server/src/atoms/expression.ts';
import type { ResultExpression } from '../../server/src/check/problem.ts';
import type { Environment } from '../../server/src/check/environment.ts';
import { testFiles } from './files.ts';
import { checkText, checked, errorsIn, errorsOf, problemText, sampleNames, sampleText } from './support.ts';

function shapeOfUpper(objective: string, data = ''): string {
  const { partial, diagnostics } = checkText(problemText({ data, upperObjective: `sumsq(${objective})` }));
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  assert.deepEqual(errors, [], objective);
  const { objective: whole } = partial.upper;
  const inner = whole?.kind === 'apply' ? whole.args[0] : undefined;
  return formatShape(inner?.shape ?? []);
}

function find(expression: Expression, name: string): Expression | undefined {
  if (expression.kind !== 'apply') return undefined;
  if (expression.atom.name === name) return expression;
  return expression.args.map((argument) => find(argument, name)).find((found) => found !== undefined);
}

test('the samples check without errors, with and without their files', () => {
  for (const name of sampleNames) {
    const { problem, diagnostics } = checkText(sampleText(name), { header: () => undefined });
    assert.ok(problem !== undefined, name);
    assert.deepEqual(
      diagnostics.filter(({ severity }) => severity === 'error' || severity === 'warning'),
      [],
    );
  }
});

test('the start depends on what is fixed before: data for the upper, upper unknowns too for the lower', () => {
  assert.deepEqual(errorsIn(problemText({ upper: "t : vector[d] = A' * b" })), []);
  assert.deepEqual(errorsIn(problemText({ lower: 'x : vector[d] = 2 * t' })), []);
  assert.deepEqual(errorsIn(problemText({ upper: 't : vector[d] = x' })), ['dependence: x']);
  assert.deepEqual(errorsIn(problemText({ lower: 'x : vector[d] = x + 1' })), ['dependence: x']);
});

test('a start that is not written is 0, a number or a smaller array fills its unknown', () => {
  const { lower, upper } = checked(problemText({ lower: 'x : vector[d]', upper: 't : vector[d] = 3' }));
  assert.deepEqual(
    lower.unknowns.map(({ start }) => start.kind === 'number' && start.value),
    [0],
  );
  assert.deepEqual(
    upper.unknowns.map(({ start }) => start.kind === 'number' && start.value),
    [3],
  );
});

test('a missing seed is 0', () => {
  const { data } = checked(
    problemText({ data: 'e : vector[n] = normal(0, 2)', upperObjective: 'sumsq(A * x - b - e)' }),
  );
  const value = data.find(({ symbol }) => symbol.name === 'e')?.value;
  assert.deepEqual(value?.kind === 'source' ? value.source.numbers : undefined, {
    mean: 0,
    deviation: 2,
    seed: 0,
  });
});

test('vectors are columns, their transposes rows, a 1 x 1 result a scalar', () => {
  assert.equal(shapeOfUpper("x'"), 'matrix[1, d]');
  assert.equal(shapeOfUpper("x''"), 'vector[d]');
  assert.equal(shapeOfUpper("x' * x"), 'scalar');
  assert.equal(shapeOfUpper("x * x'"), 'matrix[d, d]');
  assert.equal(shapeOfUpper("x' * A' * b"), 'scalar');
  assert.equal(shapeOfUpper("(b' * A)'"), 'vector[d]');
  assert.equal(shapeOfUpper("A' * A * x"), 'vector[d]');
  assert.equal(shapeOfUpper('2 * A * x'), 'vector[n]');
});

test('entries and ranges count from 1, both ends included', () => {
  assert.equal(shapeOfUpper('x[1]'), 'scalar');
  assert.equal(shapeOfUpper('A[2..4, :] * x'), 'vector[3]');
  assert.equal(shapeOfUpper('A[:, 1]'), 'vector[n]');
  assert.equal(shapeOfUpper('A[2..n, 1]'), 'vector[n - 1]');
  assert.deepEqual(errorsIn(problemText({ upperObjective: 'sumsq(x[0] * x)' })), ['shape-mismatch: x[0]']);
  assert.deepEqual(errorsIn(problemText({ upperObjective: 'sumsq(b[7] * x)' })), ['shape-mismatch: b[7]']);
});

test('parts by names, sums and whole quotients of sizes, also through parameters of functions', () => {
  const shapes = (lets: string, part: string): string => {
    const { partial, diagnostics } = checkText(
      problemText({ lets, upperObjective: `sumsq(${part}) + sumsq(x)` }),
    );
    assert.deepEqual(
      diagnostics.filter(({ severity }) => severity === 'error'),
      [],
      part,
    );
    const inner = find(partial.upper.objective as Expression, 'sumsq');
    const shape = inner?.kind === 'apply' ? (inner.args[0]?.shape ?? []) : [];
    return shape
      .map((size) =>
        String(
          evaluateDimension(
            size,
            new Map([
              ['n', 6],
              ['d', 3],
              ['k', 2],
            ]),
          ),
        ),
      )
      .join(' x ');
  };
  const k = 'let k = 2';
  assert.equal(shapes(k, 'A[1..k, :]'), '2 x 3');
  assert.equal(shapes(k, 'A[k + 1..n, k..d]'), '4 x 2');
  assert.equal(shapes(k, 'b[n - k..n]'), '3');
  assert.equal(shapes(k, 'b[1..n / k]'), '3');
  assert.equal(
    shapes('let first(v, k) = v[1..k + 1]\nlet twice(v, j) = first(v, 2 * j)', 'twice(b, 2)'),
    '5',
  );
  assert.equal(shapes('let part(v, k) = v[1..k]', 'part(b, n)'), '6');
  assert.equal(shapes('let folded(v, k) = reshape(v, k, n / k)', 'folded(b, 3)'), '3 x 2');
  assert.equal(shapes('let along(M, k) = sum(M, axis = k)', 'along(A, 2)'), '6');
  assert.equal(shapes('let soft(v, w) = smooth_abs(v, 2 * w)', 'soft(x, 0.1)'), '3');
  assert.equal(shapes('let summed(v, k) = sum(i in k, v[i .. i + 1])', 'summed(b, 4)'), '2');
  assert.deepEqual(
    errorsIn(problemText({ lets: 'let k = 4', upperObjective: 'sumsq(b[1..n / k]) + sumsq(x)' })),
    ['bad-subscript: n / k'],
  );
});

test('axes are aligned from the last, as NumPy does', () => {
  assert.equal(shapeOfUpper('A + x'), 'matrix[n, d]');
  assert.equal(shapeOfUpper("A .* x'"), 'matrix[n, d]');
  assert.deepEqual(errorsIn(problemText({ upperObjective: 'sumsq(A + b) * sumsq(x)' })), [
    'shape-mismatch: b',
  ]);
});

test('the power of an array needs a dot, and the fix is offered', () => {
  const [error] = errorsOf(problemText({ upperObjective: 'sum(x ^ 2)' }));
  assert.equal(error?.code, 'elementwise-power');
  assert.deepEqual(
    error?.fixes?.map(({ replacement }) => replacement),
    ['.^'],
  );
  assert.deepEqual(errorsIn(problemText({ upperObjective: 'sumsq(x) ^ 2' })), []);
});

test('a mismatch names both sides and where each dimension came from', () => {
  const [error] = errorsOf(problemText({ upperObjective: 'sumsq(b + x)' }));
  assert.equal(error?.message, 'vector[n] and vector[d] do not fit entry by entry: n against d');
  assert.equal(error?.reason, 'n is 6, the rows of `A`; d is 3, the columns of `A`');
  assert.equal(error?.related?.length, 2);
});

test('a dimension and its number are the same size, two dimensions are not', () => {
  assert.deepEqual(
    errorsIn(problemText({ data: 'e : vector[6] = ones()', upperObjective: 'sumsq(A * x - e)' })),
    [],
  );
  const { diagnostics } = checkText(
    problemText({ data: 'e : vector[k] = npy("b.npy")', upperObjective: 'sumsq(A * x - e)' }),
  );
  assert.deepEqual(
    diagnostics.map(({ code }) => code).filter((code) => code.startsWith('dimension')),
    ['dimension-coincidence'],
  );
});

test('data may be written in any order, is made in order, and binds dimensions', () => {
  const text = problemText({
    data: 'e : vector[m] = B * ones(d)\n  B : matrix[m, d] = 2 * npy("c.npy")',
    upperObjective: 'sumsq(A * x) + sumsq(e)',
  });
  const { data, dimensions } = checked(text);
  assert.deepEqual(
    data.map(({ symbol }) => symbol.name),
    ['A', 'b', 'B', 'e'],
  );
  assert.equal(dimensions.get('m')?.value, 4);
  assert.equal(dimensions.get('m')?.origin, 'rows of `B`');
});

test('generated data has the shape of its declaration, through entry-by-entry arithmetic', () => {
  const data =
    'e : vector[n] = 2 * normal(0, 0.1, seed = 3) + b\n  k : matrix[d, d] = eye()\n  l : vector[n] = linspace(0, 1)';
  assert.deepEqual(errorsIn(problemText({ data, upperObjective: 'sumsq(A * k * x - e - l)' })), []);
});

test('a file that is not read yet is no mistake, nor is an uncounted one', () => {
  const text = problemText({
    data: 'e : vector[k] = npy("unread.npy")\n  U : matrix[m, d] = csv("uncounted.csv")',
    upperObjective: 'sumsq(A * x) + sum(e) + sum(U * x)',
  });
  const { dimensions } = checked(text);
  assert.equal(dimensions.get('k')?.value, undefined);
  assert.equal(dimensions.get('m')?.value, undefined);
});

test('labels are 0 to k - 1, with as many classes as columns', () => {
  const data = 'y : labels[n, 4] = npy("labels.npy")';
  const lower = 'W : matrix[d, 4] = 0';
  const good = {
    data,
    lower,
    upperObjective: 'mean(cross_entropy(A * W, y))',
    lowerObjective: 'mean(cross_entropy(A * W, y)) + sum(exp(t)) * sumsq(W) + sum(b)',
  };
  const { data: definitions } = checked(problemText(good));
  const symbol = definitions.find((definition) => definition.symbol.name === 'y')?.symbol;
  assert.deepEqual(symbol?.range, { lower: 0, upper: 3 });
  assert.equal(symbol?.classes === undefined ? undefined : constantDimension(symbol.classes), 4);
  const wrong = problemText({ ...good, lower: 'W : matrix[d, 3] = 0' });
  assert.deepEqual([...new Set(errorsIn(wrong))], ['label-classes: y']);
});

test('sets give ranges: nonneg, boxes of numbers, data bounds', () => {
  const { upper } = checked(
    problemText({
      upper: "s : scalar in nonneg = 1\n  t : vector[d] in [-1, A' * b] = 0",
      lowerObjective: 'sumsq(A * x - b) + s * sumsq(x) + sum(exp(t) .* x .^ 2)',
    }),
  );
  assert.deepEqual(
    upper.unknowns.map(({ symbol }) => symbol.range),
    [
      { lower: 0, upper: Infinity },
      { lower: -1, upper: Infinity },
    ],
  );
  assert.deepEqual(
    upper.unknowns.map(({ set }) => (set?.kind === 'basic' ? set.basis.name : undefined)),
    ['nonneg', 'box'],
  );
});

test('ranges of data: generated, by the number type of the file, promised by a set, through arithmetic', () => {
  const environment: Environment = {
    header: ({ path, format }) =>
      format === 'idx'
        ? { shape: [6, 3], range: { lower: 0, upper: 255 } }
        : testFiles.header({ path: path ?? '', format }),
  };
  const data = [
    'U : vector[n] = uniform(-1, 3)',
    'O : vector[n] = ones()',
    'Z : vector[n] = 2 - zeros()',
    'E : matrix[d, d] = 3 * eye()',
    'L : vector[n] = linspace(1, -1)',
    'X : matrix[n, d] = idx("images") / 255',
    'N : vector[n] = normal()',
    'q : vector[n] in [0, 1] & nonneg = npy("b.npy")',
    'p : vector[n] in simplex(2) = npy("b.npy")',
    'r : matrix[n, d] in rows(ball(2 * max(O))) = npy("a.npy")',
    's : vector[n] in [min(q), 5] = uniform(-2, 2)',
  ].join('\n  ');
  const { partial } = checkText(problemText({ data }), environment);
  const ranges = Object.fromEntries(
    partial.data.map(({ symbol: { name, range } }) => [name, [range.lower, range.upper]]),
  );
  assert.deepEqual(ranges, {
    A: [-Infinity, Infinity],
    b: [-Infinity, Infinity],
    U: [-1, 3],
    O: [1, 1],
    Z: [2, 2],
    E: [0, 3],
    L: [-1, 1],
    X: [0, 1],
    N: [-Infinity, Infinity],
    q: [0, 1],
    p: [0, 2],
    r: [-2, 2],
    s: [0, 2],
  });
});

test('data of a known sign may weigh convex terms', () => {
  const weighted = (q: string): readonly string[] =>
    errorsIn(
      problemText({
        data: `q : vector[n] ${q}`,
        lowerObjective: 'sum(q .* log_cosh(A * x - b)) + sum(exp(t) .* x .^ 2)',
      }),
    );
  assert.deepEqual(weighted('in nonneg = npy("b.npy")'), []);
  assert.deepEqual(weighted('= uniform(0, 1)'), []);
  assert.deepEqual(weighted('= npy("b.npy")'), ['not-convex: q .* log_cosh(A * x - b)']);
});

test('maximize is a sense of the upper level', () => {
  const { upper } = checked(problemText().replace('minimize', 'maximize'));
  assert.equal(upper.sense, 'maximize');
});

test('maximize at the lower level asks for concave objectives, in words and in remedies', () => {
  const text = (objective: string): string =>
    problemText({ lowerObjective: objective }).replace(/minimize (?=[^\n]*\n\}\n[^}]*$)/u, 'maximize ');
  const good = text('-sumsq(A * x - b) - sum(exp(t) .* x .^ 2)');
  assert.match(good, /maximize -sumsq/);
  const { lower, constants } = checked(good);
  assert.equal(lower.sense, 'maximize');
  assert.match(
    constants.mu.because,
    /^minus the Hessian is at least .* by `exp\(t\) \.\* x\.\^2`|^minus the Hessian/,
  );
  const [convex] = errorsOf(text('sumsq(A * x - b) - sum(exp(t) .* x .^ 2)'));
  assert.equal(convex?.code, 'not-convex');
  assert.match(convex?.message ?? '', /not known to be concave because of `sumsq/);
  assert.match(convex?.reason ?? '', /a square is convex, where a concave one is needed/);
  assert.match(convex?.remedy ?? '', /concave functions .* or subtract enough/);
  const flat = text('-sumsq(A[1, :] * x - b[1]) + sum(t .* x)');
  const [weak] = errorsOf(flat.replace('A[1, :] * x', 'x[1]'));
  assert.equal(weak?.code, 'not-strongly-convex');
  assert.match(weak?.message ?? '', /strongly concave in/);
  assert.match(weak?.fixes?.[0]?.replacement ?? '', /^ - 0\.001 \* sumsq/);
});

test('solve: methods, options, the linear solver inside', () => {
  const rest =
    'solve {\n  lower = heavy_ball(tolerance = 0.1, L = 2)\n  hypergradient = implicit(heavy_ball(relative = 1e-3))\n  upper = projected_gradient(step = 1 / 4)\n  budget = 2 * 500\n  warm_start = false\n}';
  assert.deepEqual(checked(problemText({ rest })).options, {
    lower: { method: 'heavy_ball', tolerance: 0.1, L: 2 },
    hypergradient: { method: 'implicit', linear: { method: 'heavy_ball', relative: 1e-3 } },
    upper: { method: 'projected_gradient', step: 0.25 },
    budget: 1000,
    warmStart: false,
    seed: 0,
  });
});

test('a method without options needs no brackets', () => {
  const { options } = checked(
    problemText({ rest: 'solve {\n  lower = fista\n  hypergradient = implicit(cg)\n}' }),
  );
  assert.equal(options.lower.method, 'fista');
  assert.deepEqual(options.hypergradient, { method: 'implicit', linear: { method: 'cg' } });
});

function expectationWords(expression: ResultExpression): string {
  if (expression.kind === 'number') return String(expression.value);
  if (expression.kind === 'result')
    return expression.acceptsEstimate ? `estimated ${expression.quantity}` : expression.quantity;
  return `${expression.operation}(${expression.args.map(expectationWords).join(', ')})`;
}

/** The relations of an `expect` block, as they are understood. */
function compared(relation: string, lets = ''): readonly string[] {
  const text = problemText({ lets, rest: `report { test = sumsq(x) }\nexpect {\n  ${relation}\n}` });
  return checked(text).expectations.map(
    ({ left, operator, right }) => `${expectationWords(left)} ${operator} ${expectationWords(right)}`,
  );
}

test('expect compares certified numbers, estimated(…) accepts estimates, either side', () => {
  assert.deepEqual(compared('upper_objective <= 0.5\n  1e-3 >= estimated(hypergradient_error)'), [
    'upper_objective <= 0.5',
    'estimated hypergradient_error <= 0.001',
  ]);
});

test("expect compares two results; a name of both is the file's where the relation has another result", () => {
  assert.deepEqual(compared('hypergradient_error <= estimated(lower_error)'), [
    'hypergradient_error <= estimated lower_error',
  ]);
  assert.deepEqual(compared('mu >= 0.1'), ['mu >= 0.1']);
  assert.deepEqual(compared('mu <= L'), ['mu <= L']);
  assert.deepEqual(compared('mu <= L', 'let mu = 0.5'), ['L >= 0.5']);
  assert.deepEqual(compared('n >= upper_steps'), ['upper_steps <= 6']);
  assert.deepEqual(errorsIn(problemText({ rest: 'expect {\n  upper_objective <= lower_eror\n}' })), [
    'unknown-quantity: lower_eror',
  ]);
});

test('expect has arithmetic over results, numbers of the file and reported values', () => {
  assert.deepEqual(compared('upper_objective <= 0.45 + 1e-3'), ['upper_objective <= add(0.45, 0.001)']);
  assert.deepEqual(compared('hypergradient_error <= 0.1 * hypergradient_norm'), [
    'hypergradient_error <= multiply(0.1, hypergradient_norm)',
  ]);
  assert.deepEqual(compared('2 * n >= -upper_steps'), ['negate(upper_steps) <= multiply(2, 6)']);
  assert.deepEqual(compared('abs(test - upper_objective) / n < slack ^ 2', 'let slack = 0.1'), [
    'divide(abs(subtract(test, upper_objective)), 6) < power(0.1, 2)',
  ]);
  assert.deepEqual(compared('sqrt(estimated(upper_objective + test)) <= 2 * mu', 'let mu = 3'), [
    'sqrt(add(estimated upper_objective, estimated test)) <= multiply(2, 3)',
  ]);
  const errors = (relation: string, lets = ''): readonly string[] =>
    errorsIn(problemText({ lets, rest: `expect {\n  ${relation}\n}` }));
  assert.deepEqual(errors('upper_objective + lower_eror <= 1'), ['unknown-quantity: lower_eror']);
  assert.deepEqual(errors('upper_objective <= 1 + misspelt(3)'), ['unknown-function: misspelt']);
  assert.deepEqual(errors('upper_objective ^ mu <= 1'), ['bad-expectation: upper_objective ^ mu <= 1']);
  assert.deepEqual(errors('upper_objective <= x[1]'), ['bad-expectation: upper_objective <= x[1]']);
  assert.deepEqual(errors('1 + 1 <= n'), ['bad-expectation: 1 + 1 <= n']);
});

test('a poisoned expression makes no further errors', () => {
  const lets = 'let r = A * missing\nlet s = sumsq(r) + r[1] + exp(r)';
  assert.deepEqual(errorsIn(problemText({ lets, upperObjective: 's * s + norm2(r)' })), [
    'unknown-name: missing',
  ]);
});

test('a line of expect that compares is a relation of its own, also where it begins with a sign', () => {
  const relations = (rest: string): readonly string[] => {
    const text = problemText({ rest });
    const { problem, diagnostics } = checkText(text, testFiles);
    assert.deepEqual(
      diagnostics.filter(({ severity }) => severity === 'error'),
      [],
      rest,
    );
    return (problem?.expectations ?? []).map(({ span }) =>
      text.slice(span.start, span.end).replaceAll(/\s+/g, ' '),
    );
  };
  assert.deepEqual(
    relations('expect {\n  upper_objective <= 1\n  -upper_objective <= 2\n  + lower_error < 1\n}'),
    ['upper_objective <= 1', '-upper_objective <= 2', '+ lower_error < 1'],
  );
  // Without a comparison of its own it goes on.
  assert.deepEqual(relations('expect {\n  upper_objective <= 1\n  - 2 * lower_error\n}'), [
    'upper_objective <= 1 - 2 * lower_error',
  ]);
  assert.deepEqual(relations('expect {\n  upper_objective\n  - lower_error <= 2\n}'), [
    'upper_objective - lower_error <= 2',
  ]);
});

test('expectations know the range of what is compared, by what is written', () => {
  const ranges = (text: string): unknown =>
    checked(problemText({ rest: text }), testFiles).expectations.map(
      ({ left }) => left.kind === 'result' && left.range,
    );
  assert.deepEqual(
    ranges(
      'report { size = norm2(x)  shift = sum(x)  curve = sin(sum(x)) }\nexpect { upper_objective >= 0  size >= 0  shift >= 0  curve <= 1  hypergradient_norm >= 0  mu >= 0 }',
    ),
    [
      { lower: 0, upper: Infinity },
      { lower: 0, upper: Infinity },
      { lower: -Infinity, upper: Infinity },
      { lower: -1, upper: 1 },
      { lower: 0, upper: Infinity },
      undefined,
    ],
  );
});
