/** Curvature by composition, degree in the lower unknowns, and the smallest offending subexpression. */
import assert from 'node:assert';
import { test } from 'node:test';
import type { Expression } from '../../server/src/atoms/expression.ts';
import { formatExpression } from '../../server/src/atoms/formula-text.ts';
import {
  asQuadraticForm,
  curvatureOf,
  isQuadraticInLower,
  whyNotConvex,
} from '../../server/src/check/curvature.ts';
import { add, apply, call, divide, entrywise, power, subtract, symbol, times } from './constants/written.ts';

const X = symbol('X', 'data', ['n', 'd']);
const y = symbol('y', 'data', ['n']);
const x = symbol('x', 'lower', ['d']);
const b = symbol('b', 'lower', []);
const W = symbol('W', 'lower', ['d', 'k']);
const labels = symbol('labels', 'data', ['n'], undefined, 'k');
const alpha = symbol('alpha', 'upper', []);
const positive = symbol('positive', 'upper', [], { lower: 0, upper: 1 });
const theta = symbol('theta', 'upper', ['d']);

const P = symbol('P', 'data', ['d', 'd']);

const residual = subtract(times(X, x), y);
const sumsq = (e: Expression): Expression => call('sumsq', e);
const sum = (e: Expression): Expression => call('sum', e);

const rows: readonly (readonly [Expression, string, boolean])[] = [
  [sumsq(theta), 'constant', true],
  [sum(times(X, x)), 'affine', true],
  [sumsq(residual), 'convex', true],
  [call('negate', sumsq(x)), 'concave', true],
  [subtract(sumsq(x), sumsq(theta)), 'convex', true],
  [sum(entrywise(x, x)), 'convex', true],
  [call('dot', x, x), 'convex', true],
  [times(call('transpose', x), x), 'convex', true],
  [times(positive, sumsq(x)), 'convex', true],
  [times(alpha, sumsq(x)), 'none', true],
  [sum(entrywise(call('exp', theta), power(x, 2))), 'convex', true],
  [sum(entrywise(theta, x)), 'affine', true],
  [call('exp', sumsq(x)), 'convex', false],
  [power(add(sumsq(x), 1), 2), 'convex', false],
  [power(subtract(sumsq(x), 1), 2), 'none', false],
  [call('mean', call('cross_entropy', times(X, W), labels)), 'convex', false],
  [sum(call('logistic_loss', residual)), 'convex', false],
  [sum(call('tanh', x)), 'none', false],
  [times(b, sum(x)), 'none', true],
  [call('logsumexp', times(X, x)), 'convex', false],
  [call('log', sum(call('exp', times(X, x)))), 'convex', false],
  [call('log', sum(times(2, call('exp', x)))), 'none', false],
  [sum(call('log', call('exp', residual))), 'affine', true],
  [sum(call('kl_div', call('exp', y), call('exp', residual))), 'convex', false],
  [call('norm2', residual), 'convex', false],
  [call('norm1', residual), 'convex', false],
  [call('maximum', x, sum(x), 0), 'convex', false],
  [call('minimum', x, 1), 'concave', false],
  [power(residual, 4), 'convex', false],
  [call('negate', call('log', add(1, call('entr', x)))), 'convex', false],
  [sum(call('kl_div', call('exp', theta), x)), 'convex', false],
  [sum(call('rel_entr', x, call('exp', theta))), 'convex', false],
  [call('negate', sum(call('entr', x))), 'convex', false],
  [call('quad_over_lin', residual, add(1, b)), 'convex', false],
  [call('var', residual), 'convex', true],
  [call('std', residual), 'convex', false],
  [sum(call('log_softmax', times(X, W))), 'concave', false],
  [sum(call('inv_pos', x)), 'convex', false],
  [sum(call('squared_hinge', residual)), 'convex', false],
  [sum(apply('smooth_abs', [residual], { width: 0.1 })), 'convex', false],
  [divide(sumsq(x), add(1, positive)), 'convex', true],
  [divide(1, add(1, sumsq(x))), 'none', false],
  [power(b, 3), 'none', false],
  [times(b, power(b, 1)), 'none', true],
  [call('sqrt', add(0.1, sumsq(residual))), 'convex', false],
  [call('sqrt', add(sumsq(x), 0.1, times(positive, power(b, 2)))), 'convex', false],
  [sum(call('sqrt', add(call('exp', alpha), power(residual, 2)))), 'convex', false],
  [call('sqrt', add(0.1, call('sumsq_rows', times(X, W)))), 'convex', false],
  [call('sqrt', add(0.1, sumsq(call('exp', x)))), 'convex', false],
  // sqrt(-1 + t²) is concave; a square of what is not affine may be anything; nor may a multiple be negative.
  [call('sqrt', add(-1, power(b, 2))), 'none', false],
  [call('sqrt', add(0.1, sumsq(call('tanh', x)))), 'none', false],
  [call('sqrt', add(0.1, times(alpha, sumsq(x)))), 'none', false],
  [call('sqrt', add(0.1, sumsq(x), power(b, 4))), 'none', false],
  [call('sqrt', subtract(0.1, sumsq(x))), 'concave', false],
];

test('curvature and degree', () => {
  for (const [e, curvature, quadratic] of rows) {
    assert.strictEqual(curvatureOf(e), curvature, formatExpression(e));
    assert.strictEqual(isQuadraticInLower(e), quadratic, `degree of ${formatExpression(e)}`);
  }
});

const offences: readonly (readonly [Expression, string, RegExp])[] = [
  [add(sumsq(x), sum(call('tanh', x))), 'tanh(x)', /`tanh` is neither convex nor concave/u],
  [subtract(sumsq(residual), sumsq(x)), 'sumsq(x)', /square is convex, where a concave one is needed/u],
  [add(sumsq(x), times(b, sum(x))), 'b * sum(x)', /`b` and `sum\(x\)` both depend on lower unknowns/u],
  [add(sumsq(x), power(subtract(sumsq(x), 1), 2)), '(sumsq(x) - 1).^2', /`sumsq\(x\) - 1` is convex/u],
  [add(sumsq(x), call('sqrt', sumsq(x))), 'sqrt(sumsq(x))', /`sqrt\(0\.0001 \+ …\)`, it is smooth/u],
  [add(sumsq(x), call('sqrt', add(1, sum(x)))), 'sqrt(1 + sum(x))', /`sqrt` is concave/u],
  [add(sumsq(x), call('exp', call('quad_form', x, P))), 'quad_form(x, P)', /`quad_form` is neither/u],
  [add(call('quad_form', x, P), times(b, sum(x))), 'b * sum(x)', /`b` and `sum\(x\)` both depend/u],
  [
    times(alpha, call('quad_form', x, P)),
    'alpha * quad_form(x, P)',
    /quadratic form, but the sign of its factor `alpha`/u,
  ],
  [add(sumsq(x), times(alpha, sumsq(x))), 'alpha * sumsq(x)', /the sign of its factor `alpha` is not known/u],
  [sum(call('exp', call('negate', power(x, 2)))), 'x.^2', /where a concave one is needed/u],
];

test('the smallest offending subexpression, with its rule', () => {
  for (const [e, offender, rule] of offences) {
    const offence = whyNotConvex(e);
    assert.ok(offence !== undefined, formatExpression(e));
    assert.strictEqual(formatExpression(offence.expression), offender);
    assert.match(offence.rule, rule);
  }
});

test('quadratic forms of data are found however they are written, and asked of the data', () => {
  const row = call('transpose', x);
  const forms: readonly (readonly [Expression, string])[] = [
    [call('quad_form', x, P), 'P'],
    [times(times(row, P), x), 'P'],
    [times(row, times(P, x)), 'P'],
    [call('dot', x, times(P, x)), 'P'],
    [call('dot', times(P, x), x), 'P'],
    [times(times(times(row, call('transpose', X)), X), x), "X', X"],
    [call('quad_form', residual, times(X, call('transpose', X))), "X * X'"],
  ];
  for (const [e, matrices] of forms) {
    assert.strictEqual(asQuadraticForm(e)?.matrices.map(formatExpression).join(', '), matrices);
    assert.strictEqual(curvatureOf(e), 'none', 'not to be built upon');
    assert.strictEqual(whyNotConvex(add(sumsq(x), times(positive, e))), undefined);
    assert.ok(isQuadraticInLower(e));
  }
  for (const e of [
    call('quad_form', theta, P),
    times(times(row, P), call('tanh', x)),
    times(row, x),
    times(times(row, entrywise(b, P)), x),
    call('dot', theta, times(P, x)),
  ])
    assert.strictEqual(asQuadraticForm(e), undefined, formatExpression(e));
});

test('convex expressions have no offence', () => {
  for (const [e, curvature] of rows) {
    if (curvature === 'none' || curvature === 'concave') assert.ok(whyNotConvex(e) !== undefined);
    else assert.strictEqual(whyNotConvex(e), undefined);
  }
});
