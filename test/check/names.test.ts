/** The rules of names: sizes, definitions and their parameters, functions of the file and of the language. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatExpression } from '../../server/src/atoms/formula-text.ts';
import type { Expression } from '../../server/src/atoms/expression.ts';
import { testFiles } from './files.ts';
import { checkText, checked, errorsIn, problemText } from './support.ts';

function find(expression: Expression, name: string): Expression | undefined {
  if (expression.kind !== 'apply') return undefined;
  if (expression.atom.name === name) return expression;
  return expression.args.map((argument) => find(argument, name)).find((found) => found !== undefined);
}

test('dimension names are scalar constants in expressions', () => {
  const problem = checked(problemText({ upperObjective: 'sumsq(A * x - b) / n' }));
  const divided = find(problem.upper.objective, 'divide');
  assert.deepEqual(divided?.kind === 'apply' ? divided.args[1]?.kind : undefined, 'dimension');
});

test('a dimension that clashes with another name is one error', () => {
  const text =
    'data {\n  n : vector[n] = npy("b.npy")\n}\nupper {\n  t : scalar\n  minimize sumsq(n * x) + t\n}\nlower {\n  x : scalar\n  minimize (x - t) ^ 2\n}\n';
  assert.deepEqual(errorsIn(text), ['duplicate-name: n']);
});

test('a let may serve as a dimension and be set from outside', () => {
  const text = problemText({
    lets: 'let h = 2',
    lower: 'x : vector[d] = 0\n  z : vector[h] = 0',
    lowerObjective: 'sumsq(A * x - b) + sum(exp(t) .* x .^ 2) + sumsq(z - 1) / h',
  });
  assert.equal(checked(text).dimensions.get('h')?.value, 2);
  const set = checked(text, { header: () => undefined, settings: new Map([['h', 7]]) });
  assert.equal(set.dimensions.get('h')?.value, 7);
});

test('free names in a let resolve where it is used, in any order', () => {
  const lets = 'let residual = A * x - b\nlet loss(r) = sumsq(r) / n';
  assert.deepEqual(errorsIn(problemText({ lets, upperObjective: 'loss(residual)' })), []);
});

test('a mistake in a let shows once, in the let, however often it is used', () => {
  const lets = 'let r = A * b';
  const text = problemText({
    lets,
    upperObjective: 'sumsq(r) + sumsq(r)',
    lowerObjective: 'sumsq(r) + sumsq(x)',
  });
  assert.deepEqual(errorsIn(text), ['shape-mismatch: A * b']);
});

test('no recursion, direct, mutual or through data', () => {
  assert.deepEqual(errorsIn(problemText({ lets: 'let p = p + 1', upperObjective: 'p * sumsq(x)' })), [
    'recursion: p',
  ]);
  const mutual = problemText({ lets: 'let p = q\nlet q = p', upperObjective: 'p * sumsq(x)' });
  assert.deepEqual(errorsIn(mutual), ['recursion: p']);
});

test('nothing is declared twice', () => {
  assert.deepEqual(errorsIn(problemText({ lets: 'let b = 1' })), ['duplicate-name: b']);
  const lets = 'let f(z, z) = sumsq(z)';
  assert.deepEqual(errorsIn(problemText({ lets, upperObjective: 'f(A * x, b)' })), ['duplicate-name: z']);
});

test('a number that is a size is that size in expressions too, so that means over it are seen as such', () => {
  const text = `let n = 6
data { A : matrix[n, d] = npy("a.npy")
       b : vector[n] = npy("b.npy") }
upper { t : scalar = 0
        minimize sumsq(A * x - b) / n }
lower { x : vector[d] = 0
        minimize sumsq(A * x - b) / n + exp(t) * sumsq(x) ^ (n / 6) }
solve { sample n = 3 }`;
  const { problem, diagnostics } = checkText(text, testFiles);
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity === 'error'),
    [],
  );
  assert.deepEqual(
    problem?.samples.map(({ dimension, size }) => [dimension, size]),
    [['n', 3]],
  );
});

test('names of functions and sources are free: before a bracket stands the function, elsewhere the array', () => {
  for (const name of ['tv', 'mean', 'exp', 'sum', 'zeros', 'csv', 'labels', 'vector', 'let_', 'max']) {
    const text = problemText({
      upper: `${name} : vector[d] = 0`,
      lowerObjective: `sumsq(A * x - b) + sum(exp(${name}) .* x .^ 2)`,
    });
    assert.deepEqual(errorsIn(text), [], name);
    const { partial } = checkText(text);
    assert.equal(find(partial.lower.objective as Expression, 'exp')?.kind, 'apply', name);
  }
  const data = 'mean : vector[n] = normal(0, 1)\n  zeros : matrix[n, d] = zeros() + mean[1]';
  const both = problemText({ data, lowerObjective: 'sumsq(zeros * x - mean) + mean(exp(t) .* x .^ 2)' });
  assert.deepEqual(errorsIn(both), []);
  const index = 'sum(sum in d, exp(t[sum]) * x[sum] ^ 2) + sumsq(A * x - b)';
  assert.deepEqual(errorsIn(problemText({ lowerObjective: index })), []);
  assert.deepEqual(errorsIn(problemText({ upper: 'v : vector[d] = 0', lowerObjective: 'v(x) + sumsq(x)' })), [
    'not-a-function: v',
  ]);
});

test("a function of the file stands in the place of the language's, and a let of no arguments beside it", () => {
  const objective = 'sumsq(A * x - b) + sum(exp(t) .* square(x))';
  const own = checked(problemText({ lets: 'let square(a) = 3 * a .^ 2', lowerObjective: objective }));
  assert.ok(
    find(own.lower.kind === 'fixed_point' ? own.upper.objective : own.lower.objective, 'power') !== undefined,
  );
  const beside = problemText({ lets: 'let square = 3', lowerObjective: `square * (${objective})` });
  assert.deepEqual(errorsIn(beside), []);
  assert.deepEqual(errorsIn(problemText({ lets: 'let square(a) = square(a)', lowerObjective: objective })), [
    'recursion: square',
  ]);
  const alone = problemText({ lets: 'let square(a) = 3 * a', lowerObjective: 'square + sumsq(x)' });
  assert.deepEqual(errorsIn(alone), ['argument-count: square']);
});

test('a parameter goes before a name of the file in its own body, and nowhere else', () => {
  const objective = (lets: string, text: string): string => {
    const { partial, diagnostics } = checkText(
      `${lets}\n${problemText({ lowerObjective: text })}`,
      testFiles,
    );
    assert.deepEqual(
      diagnostics.filter(({ severity }) => severity === 'error'),
      [],
      text,
    );
    return formatExpression(partial.lower.objective as Expression);
  };
  const ridge = 'sumsq(A * x - b) + sumsq(x)';
  // Of an unknown, of data and of a size.
  assert.equal(objective('let r(x) = sumsq(x)', 'sumsq(A * x - b) + r(x)'), objective('', ridge));
  assert.equal(objective('let r(b) = sumsq(b)', 'r(A * x - b) + r(x)'), objective('', ridge));
  assert.equal(
    objective('let r(n, d) = n / d', 'r(sumsq(A * x - b), n) + sumsq(x)'),
    objective('', 'sumsq(A * x - b) / n + sumsq(x)'),
  );
  // A definition in the body means what it means elsewhere, and so does what a function in it names.
  assert.equal(
    objective('let res = A * x - b\nlet r(b) = sumsq(res) + sumsq(b)', 'r(x)'),
    objective('', 'sumsq(A * x - b) + sumsq(x)'),
  );
  assert.equal(
    objective('let g(z) = sumsq(z - b)\nlet r(b) = g(A * b) + sumsq(b)', 'r(x)'),
    objective('', 'sumsq(A * x - b) + sumsq(x)'),
  );
  // The argument is what the name means where the call stands.
  assert.equal(
    objective('let twice(x) = 2 * x\nlet r(b) = sumsq(twice(b) - twice(A * x)) / 4', 'r(b) + sumsq(x)'),
    objective('', 'sumsq(2 * b - 2 * (A * x)) / 4 + sumsq(x)'),
  );
});
