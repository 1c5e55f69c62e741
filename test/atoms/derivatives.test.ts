/**
 * Atoms that act entry by entry, held against Taylor polynomials in double-double arithmetic: the lowered
 * graph and its first three derivatives equal the closed form to 22 digits, what the kernels compute in
 * doubles lies within the bound of its rounding, and no bound of a derivative, no least curvature is ever
 * on the wrong side on random intervals. How sharp the bounds are is printed.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atoms } from '../../server/src/atoms/index.ts';
import type { Atom, Parameters } from '../../server/src/atoms/atom.ts';
import { number } from '../../server/src/atoms/formula.ts';
import { gradient } from '../../server/src/autodiff/reverse.ts';
import { Graph } from '../../server/src/graph/graph.ts';
import { Dependence } from '../../server/src/graph/primitive.ts';
import type { NodeId } from '../../server/src/graph/primitive.ts';
import { Evaluator } from '../../server/src/kernels/evaluator.ts';
import { RoundingAnalysis } from '../../server/src/kernels/rounding.ts';
import * as dd from '../support/double-double.ts';
import { interpretExactly } from '../support/double-double-interpreter.ts';
import * as jet from '../support/jets.ts';
import type { Jet } from '../support/jets.ts';
import { caseCount } from '../support/long.ts';
import { seeded } from '../support/seeded.ts';
import { valueOf } from './formula-value.ts';
import type { AtomRow, ScalarFunction } from './row.ts';
import { rows } from './table.ts';

const orders = [1, 2, 3] as const;

interface Case {
  readonly parameters: Parameters;
  readonly interval: readonly [number, number];
  readonly kinks: readonly number[];
}

function casesOf(row: AtomRow, phi: ScalarFunction): readonly Case[] {
  return (row.parameters ?? [{}]).flatMap((parameters) => {
    const kinks = phi.kinks?.(parameters) ?? [];
    const parts = row.parts?.(parameters) ?? [phi.within ?? row.within?.[0] ?? ([-8, 8] as const)];
    return parts.map((interval) => ({ parameters, interval, kinks }));
  });
}

/** Two random ends; often an interval that is small, or reaches an end of where the row draws. */
function drawInterval([least, most]: readonly [number, number], random: () => number): [number, number] {
  const draw = (): number => least + (most - least) * random();
  const kind = random();
  const first = kind < 0.1 ? least : kind < 0.2 ? most : draw();
  const second = random() < 0.3 ? first + (most - least) * (random() - 0.5) * 0.1 : draw();
  const ends = [first, Math.min(most, Math.max(least, second))].sort((a, b) => a - b);
  return ends as [number, number];
}

/** The node of phi(t) for a scalar t, and its first three derivatives. */
function lowered(atom: Atom, parameters: Parameters) {
  const graph = new Graph();
  const t = graph.input('t', [], Dependence.lower);
  const nodes: NodeId[] = [atom.lower(graph, [t], parameters, () => NaN)];
  for (let order = 1; order <= 3; order++) nodes.push(...gradient(graph, nodes[order - 1] as NodeId, [t]));
  return { graph, t, nodes };
}

/** Sizes of the three derivatives over an interval: on a grid, and more closely around the largest of each. */
function sizesOver(
  lower: number,
  upper: number,
  taylorAt: (t: number) => Jet,
): readonly (readonly { readonly t: number; readonly size: number }[])[] {
  const steps = 48;
  const width = (upper - lower) / steps;
  const at = (t: number): number => Math.min(upper, Math.max(lower, t));
  const grid = Array.from({ length: steps + 1 }, (_, step) => {
    const t = at(lower + width * step);
    return { t, taylor: taylorAt(t) };
  });
  return orders.map((order) => {
    const found = grid.map(({ t, taylor }) => ({ t, size: Math.abs(jet.derivative(taylor, order)) }));
    let zoom = width;
    for (let round = 0; round < 2; round++) {
      const centre = found.reduce((best, each) => (each.size > best.size ? each : best)).t;
      for (let step = -4; step <= 4; step++) {
        const t = at(centre + (zoom * step) / 4);
        found.push({ t, size: Math.abs(jet.derivative(taylorAt(t), order)) });
      }
      zoom /= 4;
    }
    return found;
  });
}

const isAway = (t: number, kinks: readonly number[]): boolean =>
  kinks.every((kink) => Math.abs(t - kink) > 1e-9);

for (const atom of atoms) {
  const { phi, ...row } = rows[atom.name] ?? {};
  test(`${atom.name}: entrywise atoms have their closed form in the table, and the reverse`, () => {
    assert.equal(phi === undefined, atom.derivativeBound === undefined);
  });
  if (phi === undefined) continue;
  const cases = casesOf(row as AtomRow, phi);

  test(`${atom.name}: the graph and its derivatives are those of the closed form, to 22 digits`, () => {
    for (const { parameters, interval, kinks } of cases) {
      const { graph, nodes } = lowered(atom, parameters);
      const random = seeded(7);
      for (let repeat = 0; repeat < caseCount(8, 400); repeat++) {
        const [t] = drawInterval(interval, random);
        if (!isAway(t, kinks)) continue;
        const expected = phi.jet(jet.variable(t), parameters);
        const found = interpretExactly(graph, nodes, new Map([['t', Float64Array.of(t)]]));
        const scale = Math.max(...expected.map((each) => Math.abs(each.hi)), 1e-6);
        for (const order of [0, ...orders] as const) {
          // Derivatives at a kink's side that do not exist elsewhere are not compared.
          const value = found[order]?.[0] as dd.DoubleDouble;
          const error = Math.abs(
            dd.toNumber(
              dd.subtract(value, dd.multiply(dd.dd([1, 1, 2, 6][order] as number), expected[order])),
            ),
          );
          assert.ok(
            error <= 1e-22 * scale * (1 + t * t),
            `${atom.name}, order ${order} at ${t}: off by ${error}`,
          );
        }
      }
    }
  });

  test(`${atom.name}: what is computed lies within the bound of its rounding`, (context) => {
    const relative: number[] = [];
    for (const { parameters, interval, kinks } of cases) {
      const { graph, t: input, nodes } = lowered(atom, parameters);
      const evaluator = new Evaluator(graph);
      const analysis = new RoundingAnalysis(graph, evaluator);
      const random = seeded(11);
      for (let repeat = 0; repeat < caseCount(12, 3000); repeat++) {
        const [drawn] = drawInterval(interval, random);
        const t = repeat % 3 === 0 && interval[0] < 0 ? drawn * 10 ** (-9 * random()) : drawn;
        if (!isAway(t, kinks)) continue;
        evaluator.setInput(input, Float64Array.of(t));
        const { values, errors } = analysis.evaluate(nodes);
        const exact = interpretExactly(graph, nodes, new Map([['t', Float64Array.of(t)]]));
        for (const [order, value] of values.entries()) {
          const truth = exact[order]?.[0] as dd.DoubleDouble;
          const error = Math.abs(dd.toNumber(dd.subtract(dd.dd(value[0] as number), truth)));
          const bound = errors[order]?.[0] as number;
          assert.ok(
            error <= bound + 1e-28 * Math.abs(truth.hi),
            `${atom.name}, order ${order} at ${t}: off by ${error}, bound ${bound}`,
          );
          if (truth.hi !== 0) relative.push(bound / Math.abs(truth.hi));
        }
      }
    }
    const middle = relative.sort((a, b) => a - b)[relative.length >> 1] ?? 0;
    context.diagnostic(`bound of the rounding, median: ${middle.toExponential(1)} of the value`);
  });

  test(`${atom.name}: derivative bounds hold and are sharp`, (context) => {
    const shares: number[][] = [[], [], []];
    for (const { parameters, interval, kinks } of cases) {
      const random = seeded(4242);
      for (let repeat = 0; repeat < caseCount(24, 2000); repeat++) {
        const [lower, upper] = repeat === 0 ? interval : drawInterval(interval, random);
        const sizes = sizesOver(lower, upper, (t) => phi.jet(jet.variable(t), parameters));
        for (const order of orders) {
          const formula = atom.derivativeBound?.(order, number(lower), number(upper), parameters);
          const limit = valueOf(formula);
          assert.ok(limit >= 0, `${atom.name}, order ${order} on [${lower}, ${upper}]: ${limit}`);
          const broken = order > atom.smoothness && kinks.some((kink) => lower < kink && kink < upper);
          if (broken && order > atom.smoothness + 1) {
            assert.equal(limit, Infinity, `${atom.name} has no derivative of order ${order}`);
          }
          // A number is a certified bound as it stands; an operation is rounded outwards by its evaluator.
          const slack = formula?.kind === 'number' ? 1 : 1 + 1e-13;
          let largest = 0;
          for (const { t, size } of sizes[order - 1] ?? []) {
            if (!isAway(t, kinks)) continue;
            largest = Math.max(largest, size);
            assert.ok(
              size <= limit * slack,
              `${atom.name}, order ${order} at ${t} of [${lower}, ${upper}]: ${size} > ${limit}`,
            );
          }
          if (!Number.isFinite(limit) || largest < 1e-9) continue;
          shares[order - 1]?.push(largest / limit);
          const least = phi.sharp?.[order - 1] ?? 0.9;
          assert.ok(
            largest >= least * limit,
            `${atom.name}, order ${order} on [${lower}, ${upper}]: only ${largest / limit} of the bound`,
          );
        }
      }
    }
    const words = shares.map((found, at) =>
      found.length === 0
        ? `order ${at + 1} zero or infinite`
        : `order ${at + 1} ${Math.min(...found).toFixed(3)}`,
    );
    context.diagnostic(`least share of the bound attained: ${words.join(', ')}`);
  });

  test(`${atom.name}: the least curvature is never above |phi''|`, (context) => {
    const shares: number[] = [];
    for (const { parameters, interval, kinks } of cases) {
      const random = seeded(17);
      for (let repeat = 0; repeat < caseCount(40, 4000); repeat++) {
        const [lower, upper] = drawInterval(interval, random);
        const claim = atom.leastCurvature?.(number(lower), number(upper), parameters);
        if (claim === undefined) continue;
        const curvature = atom.curvature([{ shape: [], range: { lower, upper }, fixed: false }], parameters);
        if (curvature === 'none') continue;
        let smallest = Infinity;
        for (let sample = 0; sample <= 10; sample++) {
          const t = lower + ((upper - lower) * sample) / 10;
          if (!isAway(t, kinks)) continue;
          const size = Math.abs(jet.derivative(phi.jet(jet.variable(t), parameters), 2));
          smallest = Math.min(smallest, size);
          assert.ok(
            valueOf(claim) <= size * (1 + 1e-12),
            `${atom.name} at ${t}: ${valueOf(claim)} > ${size}`,
          );
        }
        if (smallest > 1e-9) shares.push(valueOf(claim) / smallest);
      }
    }
    if (shares.length > 0)
      context.diagnostic(`least share of the curvature claimed: ${Math.min(...shares).toFixed(3)}`);
  });

  test(`${atom.name}: it bends up and down by no more than it says, and nearly by as much`, (context) => {
    const { bend } = atom;
    if (bend === undefined) return;
    const shares: number[] = [];
    for (const { parameters, interval } of cases) {
      const random = seeded(29);
      for (let repeat = 0; repeat < caseCount(40, 4000); repeat++) {
        const [lower, upper] = repeat === 0 ? interval : drawInterval(interval, random);
        const most = { up: 0, down: 0 };
        for (let sample = 0; sample <= 200; sample++) {
          const t = lower + ((upper - lower) * sample) / 200;
          const second = jet.derivative(phi.jet(jet.variable(t), parameters), 2);
          most.up = Math.max(most.up, second);
          most.down = Math.max(most.down, -second);
        }
        for (const way of ['up', 'down'] as const) {
          const formula = bend(way, number(lower), number(upper), parameters);
          const limit = valueOf(formula);
          const slack = formula.kind === 'number' ? 1 : 1 + 1e-13;
          const name = `${atom.name}, ${way} on [${lower}, ${upper}]`;
          assert.ok(most[way] <= limit * slack, `${name}: ${most[way]} > ${limit}`);
          if (!Number.isFinite(limit) || limit < 1e-6) continue;
          shares.push(most[way] / limit);
          assert.ok(most[way] >= 0.9 * limit, `${name}: only ${most[way]} of ${limit}`);
        }
      }
    }
    context.diagnostic(`least share of the bend attained: ${Math.min(...shares).toFixed(3)}`);
  });
}
