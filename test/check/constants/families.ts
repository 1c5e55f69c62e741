/** Objectives of many kinds, with unknowns and data, on which the derived constants are put to the test. */
import type { Expression } from '../../../server/src/atoms/expression.ts';
import {
  add,
  apply,
  call,
  divide,
  entrywise,
  power,
  size,
  slice,
  subtract,
  symbol,
  times,
} from './written.ts';

export interface Family {
  readonly name: string;
  readonly objective: Expression;
  /** The same function, where the objective itself under- or overflows. */
  readonly evaluated?: Expression;
  readonly lower: readonly (Expression & { kind: 'symbol' })[];
  readonly upper: readonly (Expression & { kind: 'symbol' })[];
  /** False where mu is not claimed to be positive. */
  readonly stronglyConvex: boolean;
}

export const data = {
  X: symbol('X', 'data', ['n', 'd']),
  Z: symbol('Z', 'data', ['n', 'd']),
  A: symbol('A', 'data', ['d', 'd']),
  C: symbol('C', 'data', ['n', 'p']),
  E: symbol('E', 'data', ['d', 'p']),
  B: symbol('B', 'data', ['k', 'k']),
  Y: symbol('Y', 'data', ['n', 'k']),
  G: symbol('G', 'data', ['s', 'n', 'd']),
  y: symbol('y', 'data', ['n']),
  t: symbol('t', 'data', ['n']),
  c: symbol('c', 'data', ['d']),
  P: symbol('P', 'data', ['d', 'd']),
  Q: symbol('Q', 'data', ['n', 'n']),
  M: symbol('M', 'data', [2, 2]),
  floor: symbol('floor', 'data', [], { lower: 0, upper: Infinity }),
  positive: symbol('positive', 'data', ['n'], { lower: 0, upper: Infinity }),
  signal: symbol('signal', 'data', [7]),
  picture: symbol('picture', 'data', [3, 4]),
  filter: symbol('filter', 'data', [3]),
  filters: symbol('filters', 'data', [2, 2, 3]),
  labels: symbol('labels', 'data', ['n'], undefined, 'k'),
};

const { X, Z, A, C, E, B, Y, P, Q, M, floor, y, t, c, positive, labels } = data;
const w = symbol('w', 'lower', ['d']);
const v = symbol('v', 'lower', ['d']);
const b = symbol('b', 'lower', []);
const W = symbol('W', 'lower', ['d', 'k']);
const bk = symbol('bk', 'lower', ['k']);
const theta = symbol('theta', 'upper', ['p']);
const lambda = symbol('lambda', 'upper', ['d']);
const weight = symbol('weight', 'upper', ['n']);
const alpha = symbol('alpha', 'upper', [], { lower: 0, upper: 2 });
const gate = symbol('gate', 'upper', ['d']);

const sumsq = (e: Expression): Expression => call('sumsq', e);
const sum = (e: Expression): Expression => call('sum', e);
const mean = (e: Expression): Expression => call('mean', e);
const penalty = (e: Expression, amount = 0.1): Expression => times(amount, sumsq(e));
const exp = (e: Expression): Expression => call('exp', e);
const transposed = (e: Expression): Expression => call('transpose', e);
const scores = add(times(X, W), bk);

const q = symbol('q', 'lower', [5]);
const V = symbol('V', 'lower', [3, 'k']);
const rate = symbol('rate', 'upper', [3]);
const group = (e: Expression, which: number): Expression => times(exp(slice(rate, which)), sumsq(e));
const root = (e: Expression): Expression => call('sqrt', e);

export const families: readonly Family[] = [
  {
    name: 'a quadratic form of data of any sign',
    objective: add(
      call('quad_form', w, P),
      times(times(times(transposed(w), P), transposed(P)), w),
      call('negate', times(0.3, call('quad_form', subtract(w, times(E, theta)), A))),
      penalty(w, 2),
    ),
    lower: [w],
    upper: [theta],
    stronglyConvex: true,
  },
  {
    name: 'definite forms of residuals, weighted by theta',
    objective: add(
      call('quad_form', subtract(times(X, w), times(C, theta)), times(transposed(Q), Q)),
      divide(call('dot', v, times(transposed(P), times(P, v))), add(1, exp(call('mean', theta)))),
      times(0.1, call('quad_form', subtract(w, v), P)),
      times(alpha, call('quad_form', v, entrywise(exp(call('mean', theta)), A))),
    ),
    lower: [w, v],
    upper: [theta, alpha],
    stronglyConvex: true,
  },
  {
    name: 'group penalties by slices',
    objective: add(
      group(slice(q, [1, 2]), 1),
      group(slice(q, [2, 4]), 2),
      group(slice(q, 5), 3),
      call('log_cosh', call('sum', q)),
      sumsq(subtract(times(M, slice(q, [3, 4])), slice(rate, [1, 2]))),
      call('quad_form', slice(q, [1, 2]), M),
    ),
    lower: [q],
    upper: [rate],
    stronglyConvex: true,
  },
  {
    name: 'penalties by rows and columns',
    objective: add(
      group(slice(V, 1, ':'), 1),
      group(slice(V, [2, 3], ':'), 2),
      group(slice(V, ':', 1), 3),
      sum(call('softplus', times(V, slice(V, 1, ':')))),
      penalty(w),
      call('quad_form', w, P),
      group(slice(w, 1), 1),
      group(slice(w, [2, 'd']), 2),
    ),
    lower: [w, V],
    upper: [rate],
    stronglyConvex: false,
  },
  {
    name: 'smooth norms of groups',
    objective: add(
      times(exp(slice(rate, 1)), root(add(0.01, sumsq(slice(q, [1, 3]))))),
      times(
        exp(slice(rate, 2)),
        root(add(sumsq(subtract(times(M, slice(q, [3, 4])), slice(rate, [1, 2]))), 0.3)),
      ),
      times(2, root(add(times(0.5, power(slice(q, 5), 2)), divide(sumsq(q), 4), 0.2, 0.1))),
      penalty(q),
    ),
    lower: [q],
    upper: [rate],
    stronglyConvex: true,
  },
  {
    name: 'smooth norms by entries and by rows',
    objective: add(
      sum(root(add(0.05, power(times(X, w), 2), call('square', subtract(times(Z, w), y))))),
      sum(entrywise(exp(weight), root(add(call('sumsq_rows', add(times(X, W), bk)), 0.2)))),
      mean(power(add(power(subtract(times(X, W), Y), 2), floor), 0.5)),
      penalty(w),
      penalty(W),
      penalty(bk),
    ),
    lower: [w, W, bk],
    upper: [weight],
    stronglyConvex: true,
  },
  {
    name: 'smooth norms with a floor and multiples that move with theta',
    objective: add(
      root(add(exp(call('mean', theta)), sumsq(subtract(times(X, w), times(C, theta))))),
      root(add(0.4, times(alpha, sumsq(times(A, w))))),
      root(add(floor, 0.1, power(call('sum', w), 2), sumsq(call('tanh', w)))),
      penalty(w, 5),
    ),
    lower: [w],
    upper: [theta, alpha],
    stronglyConvex: false,
  },
  {
    name: 'least squares of both levels',
    objective: sumsq(subtract(add(times(C, theta), times(X, w)), y)),
    lower: [w],
    upper: [theta],
    stronglyConvex: true,
  },
  {
    name: 'ridge, a penalty a feature',
    objective: add(
      divide(sumsq(subtract(add(times(X, w), b), y)), size('n')),
      sum(entrywise(exp(lambda), power(w, 2))),
      times(0.0001, power(b, 2)),
    ),
    lower: [w, b],
    upper: [lambda],
    stronglyConvex: true,
  },
  {
    name: 'logistic, a penalty a feature',
    objective: add(
      mean(call('logistic_loss', entrywise(t, times(X, w)))),
      sum(entrywise(exp(lambda), power(w, 2))),
    ),
    lower: [w],
    upper: [lambda],
    stronglyConvex: true,
  },
  {
    name: 'hyper-cleaning',
    objective: add(
      mean(entrywise(call('sigmoid', weight), call('cross_entropy', scores, labels))),
      times(0.01, add(sumsq(W), sumsq(bk))),
    ),
    lower: [W, bk],
    upper: [weight],
    stronglyConvex: true,
  },
  {
    name: 'weights of any sign',
    objective: add(sum(entrywise(weight, call('log_cosh', subtract(times(X, w), y)))), penalty(w, 3)),
    lower: [w],
    upper: [weight],
    stronglyConvex: false,
  },
  {
    name: 'smooth absolute values',
    objective: add(
      sum(apply('smooth_abs', [subtract(times(X, w), y)], { width: 0.3 })),
      times(alpha, sumsq(w)),
      penalty(w),
    ),
    lower: [w],
    upper: [alpha],
    stronglyConvex: true,
  },
  {
    name: 'product of upper and lower unknowns inside tanh',
    objective: add(sumsq(subtract(call('tanh', times(X, entrywise(gate, w))), y)), penalty(w, 2)),
    lower: [w],
    upper: [gate],
    stronglyConvex: false,
  },
  {
    name: 'softplus of a shifted score',
    objective: add(sum(call('softplus', add(times(X, w), times(C, theta)))), penalty(w)),
    lower: [w],
    upper: [theta],
    stronglyConvex: true,
  },
  {
    name: 'two blocks coupled by an upper matrix of weights',
    objective: add(
      divide(sumsq(subtract(add(times(X, w), times(Z, v), times(2, b)), y)), size('n')),
      times(alpha, add(sumsq(w), times(3, sumsq(v)))),
      penalty(w, 0.2),
      penalty(v, 0.3),
      power(b, 2),
    ),
    lower: [w, v, b],
    upper: [alpha],
    stronglyConvex: true,
  },
  {
    name: 'exponential loss',
    objective: add(mean(exp(entrywise(t, times(X, w)))), times(alpha, sumsq(w)), penalty(w)),
    lower: [w],
    upper: [alpha],
    stronglyConvex: true,
  },
  {
    name: 'biased regularisation with a map of theta',
    objective: add(mean(call('logistic_loss', times(X, w))), times(0.5, sumsq(subtract(w, times(E, theta))))),
    lower: [w],
    upper: [theta],
    stronglyConvex: true,
  },
  {
    name: 'weighted squares of residuals',
    objective: add(sum(entrywise(call('softplus', weight), power(subtract(times(X, w), y), 2))), penalty(w)),
    lower: [w],
    upper: [weight],
    stronglyConvex: true,
  },
  {
    name: 'data weights and scaled columns',
    objective: add(
      sum(entrywise(positive, call('log_cosh', times(X, entrywise(c, w))))),
      sumsq(entrywise(gate, w)),
      penalty(w),
    ),
    lower: [w],
    upper: [gate],
    stronglyConvex: true,
  },
  {
    name: 'matrix factor on the right',
    objective: add(
      mean(apply('smooth_abs', [subtract(times(X, times(W, B)), Y)], { width: 0.5 })),
      times(alpha, sumsq(times(W, B))),
      penalty(W),
    ),
    lower: [W],
    upper: [alpha],
    stronglyConvex: true,
  },
  {
    name: 'logsumexp of rows and of a vector',
    objective: add(
      sum(entrywise(call('sigmoid', weight), call('logsumexp', scores))),
      call('logsumexp', add(bk, times(alpha, bk))),
      penalty(W),
      penalty(bk, 0.2),
    ),
    lower: [W, bk],
    upper: [weight, alpha],
    stronglyConvex: true,
  },
  {
    name: 'inner products and a quadratic form',
    objective: add(
      call('dot', times(E, theta), w),
      times(transposed(y), times(X, w)),
      call('quad_form', w, A),
      penalty(w, 20),
    ),
    lower: [w],
    upper: [theta],
    stronglyConvex: false,
  },
  {
    name: 'quartic and a quotient by theta',
    objective: add(
      sum(power(subtract(times(X, w), y), 4)),
      divide(sumsq(w), add(1, exp(call('mean', theta)))),
      penalty(w),
    ),
    lower: [w],
    upper: [theta],
    stronglyConvex: true,
  },
  {
    name: 'softmax probabilities squared',
    objective: add(
      sumsq(subtract(call('softmax', scores), Y)),
      times(5, add(sumsq(W), sumsq(bk))),
      times(alpha, sumsq(bk)),
    ),
    lower: [W, bk],
    upper: [alpha],
    stronglyConvex: false,
  },
  {
    name: 'sums of squares of rows, weighted',
    objective: add(sum(entrywise(exp(weight), call('sumsq_rows', subtract(times(X, W), Y)))), penalty(W)),
    lower: [W],
    upper: [weight],
    stronglyConvex: true,
  },
  {
    name: 'a product of two lower functions',
    objective: add(
      times(call('tanh', b), call('mean', call('sigmoid', times(X, w)))),
      penalty(w, 2),
      times(2, power(b, 2)),
      times(alpha, power(b, 2)),
    ),
    lower: [w, b],
    upper: [alpha],
    stronglyConvex: false,
  },
  {
    name: 'root of a sum of squares',
    objective: add(call('sqrt', add(sumsq(subtract(times(X, w), times(C, theta))), 0.5)), penalty(w)),
    lower: [w],
    upper: [theta],
    stronglyConvex: false,
  },
  {
    name: 'quotient of lower functions',
    objective: add(
      divide(sumsq(subtract(w, entrywise(gate, c))), add(1, sumsq(w))),
      mean(divide(times(X, w), add(2, call('tanh', times(Z, w))))),
      penalty(w, 4),
    ),
    lower: [w],
    upper: [gate],
    stronglyConvex: false,
  },
  {
    name: 'concatenation, slices, traces and transposes',
    objective: add(
      sum(call('softplus', call('concat', times(X, w), entrywise(gate, w)))),
      call('trace', times(transposed(W), W)),
      sum(call('log_cosh', times(transposed(w), W))),
      penalty(w),
    ),
    lower: [w, W],
    upper: [gate],
    stronglyConvex: false,
  },
];
