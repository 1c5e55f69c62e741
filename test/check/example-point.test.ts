/**
 * The examples in messages are true: second derivatives at bent and flat points against central differences of
 * another evaluation, values outside domains against the domain; and what is convex has no example against it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ArraySymbol, Expression } from '../../server/src/atoms/expression.ts';
import { dimensionNames, evaluateDimension } from '../../server/src/base/dimension.ts';
import type { Bend, BentPoint } from '../../server/src/check/example-point.ts';
import {
  bendInWords,
  bentPoint,
  expandedPair,
  expansionInWords,
  flatInWords,
  flatPoint,
  outsideInWords,
  outsidePoint,
} from '../../server/src/check/example-point.ts';
import { whyNotConvex } from '../../server/src/check/curvature.ts';
import type { Instance, Point } from '../../server/src/check/instance.ts';
import { ExpressionLowering } from '../../server/src/compile/lower-expression.ts';
import { Graph } from '../../server/src/graph/graph.ts';
import { Dependence } from '../../server/src/graph/primitive.ts';
import { Evaluator } from '../../server/src/kernels/evaluator.ts';
import { readCorpus } from './corpus.ts';
import { checkText, problemText } from './support.ts';

/** The lower objective of a problem with the unknowns x and y, both vectors, and the upper unknown t. */
function objective(text: string, upper = 't : vector[d] = 1'): Expression {
  const lower = 'x : vector[d] = 0\n  y : vector[d] = 0';
  const found = checkText(problemText({ upper, lower, lowerObjective: text, upperObjective: 'sumsq(x)' }))
    .partial.lower.objective;
  assert.ok(found !== undefined, text);
  return found;
}

/** The entries of an expression at a point of an instance, by the compiler's lowering and the fast kernels. */
function evaluate(
  expression: Expression,
  { symbols, size }: Instance,
  valueOf: (name: string) => (entry: number) => number,
): Float64Array {
  const graph = new Graph();
  const names = symbols.flatMap(({ shape }) => shape.flatMap((each) => [...dimensionNames(each)]));
  const dimensions = new Map([...names, 'n', 'd', 'i'].map((name) => [name, size]));
  const inputs = symbols.map(({ name, shape }) => {
    const sizes = shape.map((each) => evaluateDimension(each, dimensions) ?? NaN);
    const values = Float64Array.from({ length: sizes.reduce((a, b) => a * b, 1) }, (_, entry) =>
      valueOf(name)(entry),
    );
    return { name, node: graph.input(name, sizes, Dependence.lower), values };
  });
  const lowering = new ExpressionLowering(graph, {
    dimensions,
    symbols: new Map(inputs.map(({ name, node }) => [name, node])),
    source: () => assert.fail('no source here'),
  });
  const node = lowering.lower(expression);
  const evaluator = new Evaluator(graph);
  for (const { node: input, values } of inputs) evaluator.setInput(input, values);
  return (evaluator.evaluate(evaluator.plan([node])) as [Float64Array])[0];
}

/** Second differences of the entries along a direction. */
function secondDifferences(
  expression: Expression,
  instance: Instance,
  point: Point,
  along: (name: string) => number,
  firstEntryOnly: boolean,
): number[] {
  const step = 1e-3;
  const at = (factor: number): Float64Array =>
    evaluate(expression, instance, (name) => (entry) => {
      const moves = !firstEntryOnly || entry === 0;
      return (point.get(name) ?? 0) + (moves ? factor * step * along(name) : 0);
    });
  const [before, middle, after] = [at(-1), at(0), at(1)];
  return Array.from(middle, (value, entry) => {
    return ((before[entry] ?? NaN) - 2 * value + (after[entry] ?? NaN)) / step ** 2;
  });
}

function checkBend(expression: Expression, wanted: Bend, bent: BentPoint): void {
  const { instance, point, moving, hessian, firstEntryOnly, eigenvalue } = bent;
  const words = bendInWords(bent);
  const along = (direction: readonly number[]): number[] => {
    const steps = new Map(moving.map(({ name }, k) => [name, direction[k] ?? 0]));
    return secondDifferences(expression, instance, point, (name) => steps.get(name) ?? 0, firstEntryOnly);
  };
  const [a = 0, b = 0] = hessian[0] ?? [];
  const d = hessian[1]?.[1] ?? 0;
  const wantedDifferences = [
    { direction: [1, 0], value: a },
    { direction: [0, 1], value: d },
    { direction: [1, 1], value: a + 2 * b + d },
  ].slice(0, moving.length === 1 ? 1 : 3);
  // Some entry has all of these second derivatives.
  const entries = wantedDifferences.map(({ direction }) => along(direction));
  const fits = (entries[0] ?? []).some((_, entry) =>
    wantedDifferences.every(({ value }, k) => {
      const difference = entries[k]?.[entry] ?? NaN;
      return Math.abs(difference - value) <= 1e-4 * Math.max(1, Math.abs(value));
    }),
  );
  assert.ok(fits, `${words}: ${JSON.stringify(entries)}`);
  if (moving.length === 2) {
    // Trace and determinant of the matrix less its eigenvalue.
    const determinant = (a - eigenvalue) * (d - eigenvalue) - b * b;
    assert.ok(Math.abs(determinant) <= 1e-9 * Math.max(1, a * a, d * d, b * b), words);
  } else assert.equal(eigenvalue, a);
  assert.ok(wanted === 'concave' ? eigenvalue > 0 : wanted === 'convex' ? eigenvalue < 0 : eigenvalue !== 0);
}

const bending: readonly string[] = [
  'sum(x .^ 3)',
  'sum(x .* y)',
  'dot(x, y)',
  'sumsq(A * (x .* y) - b)',
  '-sumsq(x)',
  'sum(t .* x .^ 2)',
  'sum(log(1 + x .^ 2))',
  'sumsq(tanh(A * x) - b)',
  'sum(sigmoid(x))',
  'sum(softmax(x) .^ 2)',
  '-sum(exp(-(A * x - b) .^ 2))',
  'sumsq(x .^ 2 - t)',
  'sumsq(x) / (1 + sumsq(x))',
  'sumsq(x) / (1 - sum(t))',
  'sum(b .* (A * x) .^ 2)',
  'sum(sqrt(1 + x .^ 2) .* x)',
  '-logsumexp(x)',
  'sum(i in n, dot(A[i, :], x) ^ 3)',
];

test('a bent point bends as it is told, by differences of another evaluation', () => {
  for (const text of bending) {
    const offence = whyNotConvex(objective(text));
    assert.ok(offence !== undefined, text);
    const bent = bentPoint(offence.expression, offence.wanted);
    assert.ok(bent !== undefined, `${text} has no example`);
    checkBend(offence.expression, offence.wanted, bent);
  }
});

test('the examples of the corpus are true', () => {
  let examples = 0;
  for (const { name, text } of readCorpus()) {
    const lower = name.startsWith('convexity/') ? checkText(text).partial.lower.objective : undefined;
    const offence = lower === undefined ? undefined : whyNotConvex(lower);
    const bent = offence === undefined ? undefined : bentPoint(offence.expression, offence.wanted);
    if (offence === undefined || bent === undefined) continue;
    checkBend(offence.expression, offence.wanted, bent);
    examples++;
  }
  assert.ok(examples >= 15, `${examples}`);
});

test('what is convex has no example against it, what is affine none at all', () => {
  const convex = [
    'sum(x .^ 4)',
    'logsumexp(x)',
    'log(sum(exp(x)))',
    'sum(softplus(x) + logistic_loss(y))',
    'sqrt(1 + sumsq(x) + sumsq(y))',
    'sum(exp(x + y))',
    'sum(exp(x) .* exp(-y))',
    'sumsq(A * x - b) + sum(log_cosh(x - y))',
    'sum(huber(x)) + sum(smooth_abs(y, 0.1))',
    'sumsq(x) + sumsq(y) + dot(x, y)',
  ];
  for (const text of convex) assert.equal(bentPoint(objective(text), 'convex'), undefined, text);
  assert.equal(bentPoint(objective('sum(A * x) - sum(y)'), 'affine'), undefined);
  assert.ok(bentPoint(objective('sum(exp(x))'), 'affine') !== undefined);
});

test('a flat point is flat, by differences', () => {
  const cases = [
    ['mean(logistic_loss(b .* (A * x)))', 'x'],
    ['sum(exp(x)) + sum(y)', 'y'],
    ['sum(exp(x)) + sum(y)', 'x'],
    ['sum(softplus(A * x)) + sumsq(y)', 'x'],
  ] as const;
  for (const [text, name] of cases) {
    const expression = objective(text);
    const unknown = checkText(problemText({})).partial.lower.unknowns[0]?.symbol;
    assert.ok(unknown !== undefined);
    const found = flatPoint(expression, { ...unknown, name });
    assert.ok(found !== undefined, text);
    const along = (each: string): number => (each === name ? 1 : 0);
    const [second = NaN] = secondDifferences(expression, found.instance, found.point, along, false);
    assert.ok(Math.abs(second) < 1e-6, `${flatInWords(found)}: ${second}`);
  }
  const strong = objective('sumsq(x) + sumsq(y)');
  const unknown = checkText(problemText({})).partial.lower.unknowns[0]?.symbol;
  assert.ok(unknown !== undefined && flatPoint(strong, unknown) === undefined);
});

test('a point outside a domain has its value outside', () => {
  const cases: readonly { readonly argument: string; readonly upper?: string; readonly words: RegExp }[] = [
    { argument: 'sum(1 + t)', words: /^with d = 1 and t = −2 it is −1$/u },
    { argument: 'sum(x)', words: /^with d = 1, at x = −1 it is −1$/u },
    { argument: 'sum(t - 1)', upper: 't : vector[d] in [0.25, 4] = 1', words: /t = 0\.5 it is −0\.5$/u },
    { argument: 'sum(A * x - b)', words: /it is −/u },
  ];
  const positive = { interval: { lower: 0, upper: Infinity }, words: 'positive' };
  for (const { argument, upper, words } of cases) {
    const expression = objective(argument, upper);
    const found = outsidePoint(expression, positive);
    assert.ok(found !== undefined, argument);
    const { instance, point, value } = found;
    const entries = evaluate(expression, instance, (name) => () => point.get(name) ?? 0);
    assert.ok(entries.includes(value) && value < 0, argument);
    for (const { name, range } of instance.symbols) {
      const at = point.get(name) ?? NaN;
      assert.ok(at >= range.lower && at <= range.upper, `${name} = ${at} lies in its set`);
    }
    assert.match(outsideInWords(found), words);
  }
  assert.equal(outsidePoint(objective('sum(exp(t))'), positive), undefined);
  assert.equal(outsidePoint(objective('1 + sumsq(x)'), positive), undefined);
});

test('a map that does not contract takes two points further apart, in its own numbers', () => {
  const map = (text: string, upper = 't : scalar = 1'): readonly [Expression, ArraySymbol] => {
    const source = `upper { ${upper}\n minimize sumsq(x) }\nlower { x : vector[3]\n fixed_point x = ${text} }`;
    const [first] = checkText(source).partial.lower.maps ?? [];
    assert.ok(first !== undefined, text);
    return [first.expression, first.symbol];
  };
  // A vector of three entries shows no pair of numbers.
  assert.equal(expandedPair(...map('1.5 * x + t')), undefined);
  const one = (text: string, upper?: string) => {
    const source = `upper { ${upper ?? 't : scalar = 1'}\n minimize x ^ 2 }\nlower { x : scalar\n fixed_point x = ${text} }`;
    const [first] = checkText(source).partial.lower.maps ?? [];
    assert.ok(first !== undefined, text);
    return expandedPair(first.expression, first.symbol);
  };
  const found = one('1.5 * x + t');
  assert.ok(found !== undefined);
  const [t = NaN] = [found.point.get('t')];
  assert.deepEqual(
    found.images,
    found.values.map((value) => 1.5 * value + t),
  );
  assert.equal(
    expansionInWords(found),
    'with t = 1 the map takes x = 0 to 1 and x = 1 to 2.5, which lie further apart',
  );
  for (const contraction of ['0.9 * x + t', 'tanh(0.9 * x) + t', '0.5 * cos(x)', 't .* x']) {
    const upper = contraction === 't .* x' ? 't : scalar in [-0.9, 0.9] = 0' : undefined;
    assert.equal(one(contraction, upper), undefined, contraction);
  }
});
