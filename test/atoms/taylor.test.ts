/**
 * Atoms of arrays in double-double arithmetic, where nothing hides in rounding: an atom that is defined
 * by others has their values and derivatives, and for every smooth atom the remainders of Taylor's
 * formula fall with the second and third power of the step, so that its gradient and its Hessian are right.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atoms } from '../../server/src/atoms/index.ts';
import type { Atom, Parameters } from '../../server/src/atoms/atom.ts';
import { definitionOf } from '../../server/src/atoms/definition.ts';
import type { ApplyTerm, Expression } from '../../server/src/atoms/expression.ts';
import { wholeLine } from '../../server/src/atoms/expression.ts';
import { isShapeProblem } from '../../server/src/atoms/shape-rules.ts';
import { pushForward } from '../../server/src/autodiff/forward.ts';
import { gradient } from '../../server/src/autodiff/reverse.ts';
import { constantDimension, fixedDimension } from '../../server/src/base/dimension.ts';
import { Graph } from '../../server/src/graph/graph.ts';
import { Dependence } from '../../server/src/graph/primitive.ts';
import { sizeOf } from '../../server/src/graph/shapes.ts';
import { lower } from '../check/constants/numeric.ts';
import * as dd from '../support/double-double.ts';
import { interpretExactly } from '../support/double-double-interpreter.ts';
import { caseCount } from '../support/long.ts';
import { seeded } from '../support/seeded.ts';
import type { AtomRow } from './row.ts';
import { fits } from './row.ts';
import { rows } from './table.ts';

const span = { start: 0, end: 0 };

/** The atom of unknowns x0, x1, … of these shapes. */
function termOf(atom: Atom, shapes: readonly (readonly number[])[], parameters: Parameters): ApplyTerm {
  const args = shapes.map((lengths, at): Expression => {
    const shape = lengths.map(fixedDimension);
    const symbol = { name: `x${at}`, role: 'lower' as const, shape, range: wholeLine, declared: span };
    return { kind: 'symbol', symbol, shape, dependence: Dependence.lower, span };
  });
  const shape = atom.shape(
    args.map((each) => each.shape),
    parameters,
  );
  assert.ok(!isShapeProblem(shape), atom.name);
  return { kind: 'apply', atom, args, parameters, shape, dependence: Dependence.lower, span };
}

function draw(
  row: AtomRow,
  shapes: readonly (readonly number[])[],
  random: () => number,
): Map<string, Float64Array> {
  const drawn = shapes.map((shape, at) => {
    const isLabels = row.classes?.argument === at;
    const [least, most] = row.within?.[at] ?? row.within?.[0] ?? [-3, 3];
    const values = Array.from({ length: sizeOf(shape) }, () =>
      isLabels
        ? Math.floor(random() * (row.classes?.count ?? 1))
        : least + (most - least) * (0.1 + 0.8 * random()),
    );
    return { shape, values };
  });
  const args = row.admissible?.(drawn) ?? drawn;
  return new Map(args.map(({ values }, at) => [`x${at}`, Float64Array.from(values)]));
}

function eachSample(
  row: AtomRow,
  count: number,
  visit: (shapes: readonly (readonly number[])[], parameters: Parameters, random: () => number) => void,
): void {
  for (const parameters of row.parameters ?? [{}]) {
    for (const shapes of row.samples) {
      if (!fits(shapes, parameters)) continue;
      const random = seeded(shapes.length + 17);
      for (let repeat = 0; repeat < count; repeat++) visit(shapes, parameters, random);
    }
  }
}

for (const atom of atoms) {
  const row = rows[atom.name];
  if (row === undefined) continue;

  if (atom.definition !== undefined) {
    test(`${atom.name}: is what its definition says, with two derivatives, to 22 digits`, () => {
      let compared = 0;
      eachSample(row, caseCount(3, 200), (shapes, parameters, random) => {
        const term = termOf(atom, shapes, parameters);
        const definition = definitionOf(term);
        if (definition === undefined) return;
        const values = draw(row, shapes, random);
        const [own, other] = [term, definition].map((e) => {
          const graph = new Graph();
          const output = lower(graph, e, new Map());
          const inputs = term.args.map((argument) => lower(graph, argument, new Map()));
          // Different weights for the entries, so that none can stand in for another.
          const weights = graph.input('weights', graph.shape(output), Dependence.data);
          const total = graph.sum(graph.multiply(output, weights));
          const first = atom.smoothness >= 1 ? gradient(graph, total, inputs) : [];
          const along = new Map(
            inputs.map((input, at) => [input, graph.input(`v${at}`, graph.shape(input), 1)]),
          );
          const second = pushForward(graph, first, along);
          const given = new Map(values);
          given.set(
            'weights',
            Float64Array.from({ length: sizeOf(graph.shape(output)) }, (_, k) => 1 + k / 7),
          );
          for (const [name, array] of values)
            given.set(
              name.replace('x', 'v'),
              array.map((_, k) => 1 - k / 5),
            );
          return interpretExactly(graph, [output, ...first, ...second], given).flat();
        }) as [dd.DoubleDouble[], dd.DoubleDouble[]];
        assert.equal(own.length, other.length);
        for (const [at, value] of own.entries()) {
          const wanted = other[at] as dd.DoubleDouble;
          const error = Math.abs(dd.toNumber(dd.subtract(value, wanted)));
          assert.ok(
            error <= 1e-22 * Math.max(1, Math.abs(wanted.hi)),
            `${atom.name}, entry ${at}: off by ${error}`,
          );
          compared++;
        }
      });
      // `log` has one only of a sum of exponentials, which the constants' and the curvature's tests have.
      assert.ok(compared > 0 || atom.name === 'log');
    });
  }

  if (atom.smoothness < 2 || atom.dataOnly === true) continue;
  test(`${atom.name}: the remainders of Taylor's formula fall as they must`, () => {
    eachSample(row, caseCount(2, 100), (shapes, parameters, random) => {
      const graph = new Graph();
      const inputs = shapes.map((shape, at) => graph.input(`x${at}`, shape, Dependence.lower));
      const output = atom.lower(graph, inputs, parameters, (each) => constantDimension(each) ?? NaN);
      const weights = graph.input('weights', graph.shape(output), Dependence.data);
      const total = graph.sum(graph.multiply(output, weights));
      const free = inputs.filter((_, at) => row.classes?.argument !== at);
      const slopes = gradient(graph, total, free);
      const tangents = free.map((id) =>
        graph.input(`v${inputs.indexOf(id)}`, graph.shape(id), Dependence.tangent),
      );
      const curved = pushForward(graph, slopes, new Map(free.map((id, k) => [id, tangents[k] as number])));
      const dot = (parts: readonly number[]): number =>
        parts
          .map((part, k) => graph.sum(graph.multiply(part, tangents[k] as number)))
          .reduce((sum, part) => graph.add(sum, part));
      const [first, second] = [dot(slopes), dot(curved)];
      const at = draw(row, shapes, random);
      const directions = new Map(
        [...at].map(([name, array]) => [name.replace('x', 'v'), array.map(() => (random() - 0.5) / 4)]),
      );
      const weight = Float64Array.from({ length: sizeOf(graph.shape(output)) }, () => 0.5 + random());
      const valueAt = (step: number): readonly dd.DoubleDouble[] => {
        const given = new Map([...directions, ['weights', weight] as const]);
        for (const [name, array] of at) {
          const direction = directions.get(name.replace('x', 'v')) as Float64Array;
          const isLabels = name === `x${row.classes?.argument ?? -1}`;
          given.set(
            name,
            array.map((value, k) => (isLabels ? value : value + step * (direction[k] as number))),
          );
        }
        return interpretExactly(graph, [total, first, second], given).flat();
      };
      const [value, slope, curvature] = valueAt(0) as [dd.DoubleDouble, dd.DoubleDouble, dd.DoubleDouble];
      // The arrays are doubles: steps are powers of two, the sums x + h v are rounded, which is far below h³.
      const remainders = [2 ** -10, 2 ** -11].map((step) => {
        const change = dd.subtract(valueAt(step)[0] as dd.DoubleDouble, value);
        const afterOne = dd.subtract(change, dd.multiply(dd.dd(step), slope));
        const afterTwo = dd.subtract(afterOne, dd.multiply(dd.dd((step * step) / 2), curvature));
        return [dd.toNumber(afterOne), dd.toNumber(afterTwo)] as const;
      });
      const size = Math.max(1, Math.abs(value.hi));
      for (const [order, ratio] of [
        [0, 4],
        [1, 8],
      ] as const) {
        const [coarse, fine] = remainders.map((each) => Math.abs(each[order])) as [number, number];
        // Below this the rounding of x + h v is what is left.
        if (coarse < 1e-12 * size) continue;
        assert.ok(
          coarse / fine > ratio * 0.8 && coarse / fine < ratio * 1.25,
          `${atom.name} ${JSON.stringify(parameters)} on ${JSON.stringify(shapes)}: remainder ${order + 1} falls from ${coarse} to ${fine}`,
        );
      }
    });
  });
}
