/** Objectives composed at random from atoms, to reach rules and combinations that nobody thought of. */
import type { Expression } from '../../../server/src/atoms/expression.ts';
import type { Family } from './families.ts';
import { data } from './families.ts';
import { add, apply, call, divide, entrywise, power, slice, subtract, symbol, times } from './written.ts';

const { X, Z, A, C, P, Q, M, Y, y, t, positive, labels, B, floor } = data;
const w = symbol('w', 'lower', ['d']);
const b = symbol('b', 'lower', []);
const q = symbol('q', 'lower', [5]);
const W = symbol('W', 'lower', ['d', 'k']);
const bk = symbol('bk', 'lower', ['k']);
const theta = symbol('theta', 'upper', ['p']);
const weight = symbol('weight', 'upper', ['n']);
const gate = symbol('gate', 'upper', ['d']);
const alpha = symbol('alpha', 'upper', [], { lower: 0, upper: 2 });

export function randomFamily(seed: number, random: () => number): Family {
  const pick = <T>(...choices: readonly (() => T)[]): T =>
    (choices[Math.floor(random() * choices.length)] as () => T)();
  const smooth = (e: Expression): Expression =>
    pick(
      () => call('tanh', e),
      () => call('sigmoid', e),
      () => call('softplus', e),
      () => call('log_cosh', e),
      () => call('logistic_loss', e),
      () => apply('smooth_abs', [e], { width: 0.4 }),
      () => power(e, 2),
      () => power(e, 3),
      () => call('square', e),
      () => call('sqrt', add(power(e, 2), 0.3)),
      () => power(add(0.05, times(alpha, call('square', e)), floor, power(call('tanh', e), 2)), 0.5),
      () => call('log', add(power(e, 2), 1.2)),
      () => call('exp', call('tanh', e)),
      () => call(pick(...['sin', 'cos', 'atan', 'erf', 'silu', 'gelu'].map((name) => () => name)), e),
      () => call('sinh', call('tanh', e)),
      () => call('cosh', call('atan', e)),
      () => call('inv_pos', add(1.4, call('sin', e))),
      () => call('entr', add(0.1, call('sigmoid', e))),
      () => call('kl_div', call('sigmoid', e), add(0.2, call('sigmoid', e))),
      () => call('logit', add(0.1, times(0.8, call('sigmoid', e)))),
    );
  const vector = (depth: number): Expression =>
    depth === 0
      ? pick<Expression>(
          () => times(X, w),
          () => add(times(X, w), b),
          () => times(Z, entrywise(gate, w)),
          () => times(C, theta),
          () => weight,
          () => subtract(times(X, w), y),
          () => entrywise(t, times(X, w)),
        )
      : pick(
          () => smooth(vector(depth - 1)),
          () => add(vector(depth - 1), vector(depth - 1)),
          () => subtract(vector(depth - 1), y),
          () => call('flip', vector(depth - 1)),
          () => call('cumsum', vector(depth - 1)),
          () => apply('roll', [vector(depth - 1)], { shift: 1 }),
          () => entrywise(vector(depth - 1), vector(depth - 1)),
          () => entrywise(scalar(0), vector(depth - 1)),
          () => divide(vector(depth - 1), add(2.5, call('tanh', vector(0)))),
          () => entrywise(positive, vector(depth - 1)),
          () => call('cross_entropy', matrix(depth - 1), labels),
          () => call('logsumexp', matrix(depth - 1)),
          () => call('sumsq_rows', matrix(depth - 1)),
          () =>
            apply(
              pick(
                () => 'sum',
                () => 'mean',
                () => 'var',
              ),
              [matrix(depth - 1)],
              { axis: 2 },
            ),
          () => times(matrix(depth - 1), bk),
          () => call('sqrt', add(0.1, call('sumsq_rows', matrix(depth - 1)))),
        );
  const group = (): Expression =>
    pick<Expression>(
      () => slice(q, [1, 2]),
      () => slice(q, [2, 4]),
      () => slice(q, 3),
      () => slice(q, [3, 5]),
      () => slice(w, 1),
      () => slice(w, [2, 'd']),
      () => slice(W, 1, ':'),
      () => slice(W, ':', 2),
      () => slice(W, [1, 2], [2, 2]),
      () => times(M, slice(q, [4, 5])),
      () => subtract(slice(q, [1, 2]), slice(theta, [1, 2])),
      () => add(times(M, slice(q, [1, 2])), slice(w, [1, 2])),
      () => subtract(slice(q, [1, 2]), slice(q, [4, 5])),
    );
  const positiveScalar = (): Expression =>
    pick<Expression>(
      () => call('exp', slice(theta, 1)),
      () => alpha,
      () => floor,
    );
  const grouped = (): Expression =>
    pick(
      () => times(positiveScalar(), call('sumsq', group())),
      () => times(slice(theta, 2), call('sumsq', group())),
      () => times(positiveScalar(), call('sqrt', add(0.02, call('sumsq', group())))),
      () => times(positiveScalar(), call('sqrt', add(positiveScalar(), 0.1, call('sumsq', group())))),
      () => times(positiveScalar(), call('quad_form', w, P)),
      () => times(0.5, call('quad_form', subtract(times(X, w), y), Q)),
      () => call('negate', call('quad_form', add(w, call('square', gate)), A)),
      () => times(positiveScalar(), call('quad_form', slice(q, [2, 3]), M)),
      () => times(times(call('transpose', w), times(call('transpose', X), X)), w),
    );
  const matrix = (depth: number): Expression =>
    depth === 0
      ? pick<Expression>(
          () => times(X, W),
          () => add(times(X, W), bk),
          () => subtract(times(times(X, W), B), Y),
          () => entrywise(alpha, times(Z, W)),
          () => add(times(X, W), b),
        )
      : pick(
          () => smooth(matrix(depth - 1)),
          () => call('softmax', matrix(depth - 1)),
          () => add(matrix(depth - 1), bk),
          () => entrywise(matrix(depth - 1), matrix(0)),
          () => entrywise(bk, matrix(depth - 1)),
          () => times(matrix(depth - 1), B),
          () => call('transpose', call('transpose', matrix(depth - 1))),
        );
  const scalar = (depth: number): Expression =>
    depth === 0
      ? pick<Expression>(
          () => b,
          () => alpha,
          () => call('sum', w),
          () => call('mean', times(X, w)),
          () => call('sumsq', gate),
        )
      : pick(
          () => call('sum', vector(depth - 1)),
          () => call('mean', vector(depth - 1)),
          () => call('mean', matrix(depth - 1)),
          () => call('sumsq', vector(depth - 1)),
          () => call('sumsq', matrix(depth - 1)),
          () => call('dot', vector(depth - 1), vector(depth - 1)),
          () => call('logsumexp', vector(depth - 1)),
          () => call('log', call('sum', call('exp', call('tanh', vector(depth - 1))))),
          () => call('var', vector(depth - 1)),
          () => call('quad_over_lin', vector(depth - 1), add(1, call('sumsq', w))),
          () => call('mean', call('log_softmax', matrix(depth - 1))),
          () => call('sumsq', apply('mean', [matrix(depth - 1)], { axis: 1 })),
          () => call('sum', apply('logsumexp', [matrix(depth - 1)], { axis: 1 })),
          () => smooth(scalar(depth - 1)),
          () => times(scalar(depth - 1), scalar(depth - 1)),
          () => divide(scalar(depth - 1), add(1, call('sumsq', w))),
          () => times(call('transpose', vector(depth - 1)), vector(depth - 1)),
          () => call('mean', call('concat', vector(depth - 1), vector(0))),
          () => call('sum', times(call('transpose', matrix(depth - 1)), vector(0))),
          () => call('sum', entrywise(call('sigmoid', weight), vector(depth - 1))),
        );
  const penalty = add(
    entrywise(2, call('sumsq', w)),
    power(b, 2),
    times(alpha, call('sumsq', W)),
    call('sumsq', bk),
  );
  // Often without what would make the whole of it strongly convex.
  const others = (): readonly Expression[] =>
    pick<readonly Expression[]>(
      () => [penalty, call('sumsq', q)],
      () => [call('log_cosh', add(b, call('sum', q)))],
      () => [scalar(1), penalty],
    );
  return {
    name: `random composition ${seed}`,
    objective:
      seed % 2 === 0
        ? add(scalar(1 + Math.floor(random() * 3)), scalar(2), penalty, times(0.1, call('sumsq', q)))
        : add(...Array.from({ length: 1 + Math.floor(random() * 8) }, grouped), ...others()),
    lower: [w, b, W, bk, q],
    upper: [theta, weight, gate, alpha],
    stronglyConvex: false,
  };
}
