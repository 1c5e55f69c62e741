/**
 * Bounds of compositions of one variable against their derivatives on dense grids, by differentiation of the
 * graph: never below them, near them where nothing cancels, and none where there is a kink or a pole.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApplyTerm, Expression } from '../../../server/src/atoms/expression.ts';
import { gradient } from '../../../server/src/autodiff/reverse.ts';
import { oneVariableOf } from '../../../server/src/check/constants/one-variable.ts';
import { Graph } from '../../../server/src/graph/graph.ts';
import type { NodeId } from '../../../server/src/graph/primitive.ts';
import { interpret } from '../../../server/src/kernels/reference.ts';
import { caseCount } from '../../support/long.ts';
import { seeded } from '../../support/seeded.ts';
import { lower } from './numeric.ts';
import { add, apply, call, divide, entrywise, power, subtract, symbol, times } from './written.ts';

const s = symbol('s', 'lower', []);

/** The largest sizes of the first three derivatives at points that are dense near 0 and reach far out. */
function sampled(e: Expression, [least, most] = [-40, 40]): number[] {
  const graph = new Graph();
  const t = lower(graph, s, new Map());
  const nodes: NodeId[] = [lower(graph, e, new Map())];
  for (let order = 0; order < 3; order++) nodes.push(...gradient(graph, nodes[order] as NodeId, [t]));
  const sizes = [0, 0, 0];
  for (let step = 0; step <= 160; step++) {
    const share = step / 80 - 1;
    const at = share < 0 ? -(share ** 4) * -Math.min(0, least) : share ** 4 * Math.max(0, most);
    if (at < least || at > most) continue;
    const found = interpret(graph, nodes.slice(1), new Map([['s', Float64Array.of(at)]]));
    found.forEach(([value = NaN], k) => {
      // Differences of what overflows are no derivatives.
      if (Number.isFinite(value)) sizes[k] = Math.max(sizes[k] as number, Math.abs(value));
    });
  }
  return sizes;
}

const bounds = (e: Expression): readonly number[] | undefined => oneVariableOf(e as ApplyTerm)?.bounds;

function holds(e: Expression, name: string, range?: [number, number]): number[] {
  const found = bounds(e);
  assert.ok(found !== undefined, name);
  return sampled(e, range).map((size, k) => {
    const bound = found[k] as number;
    // The derivatives of the graph are rounded too.
    assert.ok(size <= bound * (1 + 1e-9) + 1e-9, `${name}, order ${k + 1}: ${size} > ${bound}`);
    return bound / size;
  });
}

test('near the derivatives where the chain rule cancels little', () => {
  const rows: readonly (readonly [string, Expression, readonly number[]])[] = [
    // 1/cosh s has the derivatives −sech tanh, …; through two functions whose terms differ in sign.
    ['exp(-log_cosh(s))', call('exp', call('negate', call('log_cosh', s))), [1.02, 2, 3]],
    ['log(1.5 − tanh(s))', call('log', subtract(1.5, call('tanh', s))), [1.02, 2.6, 4]],
    ['tanh(tanh(s))', call('tanh', call('tanh', s)), [1.02, 1.02, 2]],
    ['(1 + tanh(s)²)^1.5', power(add(1, power(call('tanh', s), 2)), 1.5), [1.02, 1.3, 1.7]],
    ['tanh(s) · sigmoid(3 s)', entrywise(call('tanh', s), call('sigmoid', times(3, s))), [1.5, 2, 3]],
    ['tanh(s) / (2 + sin(s))', divide(call('tanh', s), add(2, call('sin', s))), [1.5, 3, 7]],
  ];
  for (const [name, e, most] of rows) {
    const ratios = holds(e, name);
    ratios.forEach((ratio, k) =>
      assert.ok(ratio <= (most[k] as number), `${name}, order ${k + 1}: ${ratio} times the derivative`),
    );
  }
});

test('on declared sets, whose ends count', () => {
  const inside = symbol('s', 'lower', [], { lower: 1, upper: 2 });
  const e = call('cosh', call('exp', inside));
  const ratios = holds(e, 'cosh(exp(s))', [1, 2]);
  assert.ok(Math.max(...ratios) < 1.02);
});

test('none for one function, several variables, kinks and poles', () => {
  const t = symbol('t', 'lower', []);
  for (const e of [
    call('tanh', times(2, s)),
    call('tanh', add(s, t)),
    call('exp', call('tanh', add(s, call('sin', t)))),
    call('relu', call('tanh', s)),
    call('sum', call('tanh', call('tanh', symbol('v', 'lower', [3])))),
  ])
    assert.ok(bounds(e) === undefined || oneVariableOf(e as ApplyTerm)?.inner.kind === 'apply');
  assert.equal(bounds(call('relu', call('tanh', s))), undefined);
  assert.equal(bounds(apply('huber', [call('tanh', s)], { width: 0.5 })), undefined);
  // A pole where the denominator vanishes, which no end of an interval may hide.
  for (const e of [
    divide(call('cosh', s), call('sin', s)),
    divide(call('exp', s), call('tanh', s)),
    call('exp', power(s, -1)),
    call('log', power(s, 2)),
  ])
    assert.deepEqual(bounds(e), [Infinity, Infinity, Infinity]);
});

test('random compositions, never below their derivatives', (context) => {
  const random = seeded(91);
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const number = (): number => Math.round((random() * 4 - 2) * 100) / 100;
  const compose = (depth: number): Expression => {
    if (depth === 0) return random() < 0.7 ? s : add(times(number() || 1, s), number());
    const inner = (): Expression => compose(depth - 1);
    switch (Math.floor(random() * 9)) {
      case 0:
        return add(inner(), inner());
      case 1:
        return entrywise(inner(), inner());
      case 2:
        return divide(inner(), add(1.1, power(inner(), 2)));
      case 3:
        return power(inner(), pick([2, 3, 4]));
      case 4:
        return call('log', add(1.2, power(inner(), 2)));
      case 5:
        return call('sqrt', add(0.3, call('square', inner())));
      default:
        return call(
          pick(['tanh', 'sigmoid', 'softplus', 'log_cosh', 'sin', 'cos', 'atan', 'erf', 'gelu', 'silu']),
          inner(),
        );
    }
  };
  const ratios: number[] = [];
  const trials = caseCount(80, 3000);
  for (let trial = 0; trial < trials; trial++) {
    const e = compose(1 + Math.floor(random() * 3));
    // A sum of different affine expressions is no composition of one variable.
    if (e.kind !== 'apply' || bounds(e) === undefined || oneVariableOf(e)?.inner !== s) continue;
    ratios.push(...holds(e, `trial ${trial}`).filter(Number.isFinite));
  }
  assert.ok(ratios.length > trials / 4, `${ratios.length} bounds`);
  const middle = ratios.sort((a, b) => a - b)[ratios.length >> 1] as number;
  context.diagnostic(`${ratios.length} bounds, median ${middle.toFixed(2)} times the derivative`);
});
