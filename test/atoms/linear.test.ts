/**
 * Atoms that state themselves to be a fixed linear map: the map is written out as a matrix by applying
 * it to unit vectors, and every stated norm is held against that matrix, from below too: a norm that is
 * far above the true one is found.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Atom, LinearNorms, Parameters } from '../../server/src/atoms/atom.ts';
import { atoms } from '../../server/src/atoms/index.ts';
import { fixedDimension } from '../../server/src/base/dimension.ts';
import { constantDimension } from '../../server/src/base/dimension.ts';
import { Graph } from '../../server/src/graph/graph.ts';
import { interpret } from '../../server/src/kernels/reference.ts';
import type { Matrix } from '../check/constants/numeric.ts';
import { eigenvalues, gram, spectralNorm } from '../check/constants/numeric.ts';
import { valueOf } from './formula-value.ts';
import { fits } from './row.ts';
import { rows } from './table.ts';

function matrixOf(atom: Atom, shape: readonly number[], parameters: Parameters): Matrix & { width: number } {
  const count = shape.reduce((product, length) => product * length, 1);
  const graph = new Graph();
  const input = graph.input('x', shape, 1);
  const output = atom.lower(graph, [input], parameters, (each) => constantDimension(each) ?? NaN);
  const columns = Array.from({ length: count }, (_, k) => {
    const unit = Float64Array.from({ length: count }, (_each, entry) => Number(entry === k));
    return interpret(graph, [output], new Map([['x', unit]]))[0] as Float64Array;
  });
  const height = columns[0]?.length ?? 0;
  const at = new Float64Array(height * count);
  columns.forEach((column, k) => column.forEach((value, i) => (at[i * count + k] = value)));
  return { rows: height, columns: count, at, width: graph.shape(output).at(-1) ?? 1 };
}

/** The true norms, by dense linear algebra. */
function normsOf({
  rows: height,
  columns,
  at,
  width,
}: Matrix & { width: number }): Record<keyof LinearNorms, number> {
  const row = (i: number) => at.subarray(i * columns, (i + 1) * columns);
  const rowsOf = <T>(each: (i: number) => T) => Array.from({ length: height }, (_, i) => each(i));
  const absolute = (values: Iterable<number>) =>
    Array.from(values, Math.abs).reduce((sum, value) => sum + value, 0);
  const blocks = Array.from({ length: height / width }, (_, b) =>
    spectralNorm({ rows: width, columns, at: at.subarray(b * width * columns, (b + 1) * width * columns) }),
  );
  return {
    euclid: spectralNorm({ rows: height, columns, at }),
    largest: Math.max(...rowsOf((i) => Math.hypot(...row(i)))),
    rows: Math.max(...blocks),
    rowSum: Math.max(...rowsOf((i) => absolute(row(i)))),
    columnSum: Math.max(
      ...Array.from({ length: columns }, (_, k) => absolute(rowsOf((i) => at[i * columns + k] as number))),
    ),
    gram: eigenvalues(gram({ rows: height, columns, at }))[0] as number,
  };
}

for (const atom of atoms) {
  const { linear } = atom;
  if (linear === undefined) continue;
  test(`${atom.name}: the norms of the linear map hold and are near`, (context) => {
    const row = rows[atom.name];
    assert.ok(row !== undefined);
    const sharpest: Partial<Record<keyof LinearNorms, number>> = {};
    for (const parameters of row.parameters ?? [{}]) {
      for (const shapes of row.samples) {
        const [shape] = shapes;
        assert.ok(shape !== undefined);
        if (!fits(shapes, parameters)) continue;
        const exact = normsOf(matrixOf(atom, shape, parameters));
        const stated = linear(shape.map(fixedDimension), parameters);
        for (const name of Object.keys(exact) as (keyof LinearNorms)[]) {
          const [bound, truth] = [valueOf(stated[name]), exact[name]];
          const holds = name === 'gram' ? bound <= truth + 1e-12 : bound >= truth * (1 - 1e-13);
          const text = `${atom.name} ${JSON.stringify(parameters)} on [${shape.join()}]: ${name} ${bound} against ${truth}`;
          assert.ok(holds, text);
          if (truth === 0 || (name === 'gram' && bound === 0)) continue;
          const ratio = name === 'gram' ? truth / bound : bound / truth;
          sharpest[name] = Math.min(sharpest[name] ?? Infinity, ratio);
        }
      }
    }
    const text = Object.entries(sharpest).map(([name, ratio]) => `${name} ${ratio.toPrecision(4)}`);
    context.diagnostic(`stated over true, best: ${text.join(', ')}`);
    for (const [name, ratio] of Object.entries(sharpest))
      assert.ok(ratio < 1.5, `${atom.name}: ${name} ${ratio}`);
  });
}
