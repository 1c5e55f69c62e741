/** Objectives composed at random from atoms, to reach rules and combinations that nobody thought of. */
import type { Expression } from '../../../server/src/atoms/expression.ts';
import type { Family } from './families.ts';
import { data } from './families.ts';
import { add, apply, call, divide, entrywise, power, subtract, symbol, times } from './written.ts';

const { X, Z, C, Y, y, t, positive, labels, B } = data;
const w = symbol('w', 'lower', ['d']);
const b = symbol('b', 'lower', []);
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
      () => call('log', add(power(e, 2), 1.2)),
      () => call('exp', call('tanh', e)),
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
          () => entrywise(vector(depth - 1), vector(depth - 1)),
          () => entrywise(scalar(0), vector(depth - 1)),
          () => divide(vector(depth - 1), add(2.5, call('tanh', vector(0)))),
          () => entrywise(positive, vector(depth - 1)),
          () => call('cross_entropy', matrix(depth - 1), labels),
          () => call('logsumexp', matrix(depth - 1)),
          () => call('sumsq_rows', matrix(depth - 1)),
          () => times(matrix(depth - 1), bk),
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
  return {
    name: `random composition ${seed}`,
    objective: add(scalar(1 + Math.floor(random() * 3)), scalar(2), penalty),
    lower: [w, b, W, bk],
    upper: [theta, weight, gate, alpha],
    stronglyConvex: false,
  };
}
