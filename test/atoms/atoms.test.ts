/**
 * Runs every atom through its row of the table: documentation, shapes, lowering against the closed
 * form through the reference interpreter, and every claim (range, monotonicity, curvature, derivative
 * bounds) by trying to break it with random samples.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atomNamed, atoms } from '../../server/src/atoms/index.ts';
import type { ArgumentFacts, Atom, Parameters } from '../../server/src/atoms/atom.ts';
import type { Interval } from '../../server/src/atoms/expression.ts';
import { isShapeProblem } from '../../server/src/atoms/shape-rules.ts';
import type { Dimension } from '../../server/src/base/dimension.ts';
import { constantDimension, fixedDimension, formatDimension } from '../../server/src/base/dimension.ts';
import { Graph } from '../../server/src/graph/graph.ts';
import { interpret } from '../../server/src/kernels/reference.ts';
import type { AtomRow, NumberArray } from './row.ts';
import { fits, shapeOf } from './row.ts';
import { rows } from './table.ts';

/** Linear congruential numbers in [0, 1), the same in every run. */
function createDraw(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function evaluate(atom: Atom, args: readonly NumberArray[], parameters: Parameters): readonly number[] {
  const graph = new Graph();
  const inputs = new Map<string, Float64Array>();
  const nodes = args.map((argument, position) => {
    inputs.set(`a${position}`, Float64Array.from(argument.values));
    return graph.input(`a${position}`, argument.shape, 1);
  });
  const dimension = (each: Dimension): number => constantDimension(each) ?? NaN;
  const output = atom.lower(graph, nodes, parameters, dimension);
  const shapes = args.map((argument) => argument.shape.map(fixedDimension));
  const stated = atom.shape(shapes, parameters);
  assert.ok(!isShapeProblem(stated), `${atom.name} refuses its own sample`);
  assert.deepEqual(
    [...graph.shape(output)],
    stated.map((each) => constantDimension(each)),
    `${atom.name}: lowered shape`,
  );
  return [...(interpret(graph, [output], inputs)[0] as Float64Array)];
}

interface Call {
  readonly args: readonly NumberArray[];
  readonly intervals: readonly Interval[];
}

/** Random arguments; each argument's entries lie in a random part of where the row draws from. */
function drawCall(row: AtomRow, shapes: readonly (readonly number[])[], draw: () => number): Call {
  const intervals: Interval[] = [];
  const args = shapes.map((shape, position) => {
    if (row.classes?.argument === position) {
      intervals.push({ lower: 0, upper: row.classes.count - 1 });
      return {
        shape,
        values: Array.from({ length: size(shape) }, () => Math.floor(draw() * (row.classes?.count ?? 1))),
      };
    }
    const [least, most] = row.within?.[position] ?? row.within?.[0] ?? [-3, 3];
    const a = least + (most - least) * draw();
    const b = least + (most - least) * draw();
    const interval =
      draw() < 0.2 ? { lower: least, upper: most } : { lower: Math.min(a, b), upper: Math.max(a, b) };
    intervals.push(interval);
    return { shape, values: drawEntries(shape, interval, draw) };
  });
  const admissible = row.admissible?.(args);
  if (admissible === undefined) return { args, intervals };
  return { args: admissible, intervals: admissible.map(({ values }) => rangeOf(values)) };
}

function rangeOf(values: readonly number[]): Interval {
  return { lower: Math.min(...values), upper: Math.max(...values) };
}

/** Ends are drawn often: claims break there. */
function drawEntries(shape: readonly number[], { lower, upper }: Interval, draw: () => number): number[] {
  return Array.from({ length: size(shape) }, () => {
    const kind = draw();
    return kind < 0.1 ? lower : kind < 0.2 ? upper : lower + (upper - lower) * draw();
  });
}

function factsOf(call: Call, fixed: readonly boolean[]): readonly ArgumentFacts[] {
  return call.args.map((argument, position) => ({
    shape: argument.shape.map(fixedDimension),
    range: call.intervals[position] as Interval,
    fixed: fixed[position] ?? true,
  }));
}

function close(a: number, b: number, scale = Math.max(1, Math.abs(a), Math.abs(b))): boolean {
  return Math.abs(a - b) <= 1e-11 * scale;
}

/** The row once for each part of the line from which its entries are drawn. */
function partsOf(row: AtomRow, parameters: Parameters): readonly AtomRow[] {
  return row.parts?.(parameters).map((part) => ({ ...row, within: [part] })) ?? [row];
}

/** Every combination of row parameters and sample shapes. */
function eachCall(
  name: string,
  count: number,
  visit: (row: AtomRow, call: Call, parameters: Parameters, draw: () => number) => void,
): void {
  const row = rows[name] as AtomRow;
  const draw = createDraw(name.length * 7919 + count);
  for (const parameters of row.parameters ?? [{}]) {
    for (const part of partsOf(row, parameters)) {
      for (const shapes of row.samples) {
        if (!fits(shapes, parameters)) continue;
        for (let repeat = 0; repeat < count; repeat++)
          visit(row, drawCall(part, shapes, draw), parameters, draw);
      }
    }
  }
}

test('every registered atom has a row, every row an atom, every name is used once', () => {
  const names = atoms.map(({ name }) => name);
  assert.deepEqual([...new Set(names)], names);
  assert.deepEqual(names.toSorted(), Object.keys(rows).toSorted());
});

for (const atom of atoms) {
  const row = rows[atom.name];
  if (row === undefined) continue;

  test(`${atom.name}: documented`, () => {
    const { signature, summary, formula } = atom.documentation;
    assert.ok(signature.includes(atom.notation === undefined ? `${atom.name}(` : atom.notation.slice(0, 1)));
    assert.ok(summary.length > 5 && !summary.includes('\n') && !summary.endsWith('.'));
    assert.ok(formula.length > 0);
  });

  test(`${atom.name}: takes and refuses shapes`, () => {
    for (const { args, parameters = {}, gives } of row.shapes) {
      const result = atom.shape(args.map(shapeOf), parameters);
      const text = isShapeProblem(result) ? result.problem : result.map(formatDimension).join(', ');
      if (typeof gives === 'string') {
        assert.ok(!isShapeProblem(result), `${args.join(' | ')}: ${text}`);
        assert.equal(text, gives);
      } else {
        assert.ok(isShapeProblem(result), `${args.join(' | ')} must be refused`);
        assert.match(text, gives);
      }
    }
  });

  test(`${atom.name}: lowering equals the closed form`, () => {
    eachCall(atom.name, 10, (_row, call, parameters) => {
      const found = evaluate(atom, call.args, parameters);
      const wanted = row.meaning(call.args, parameters);
      assert.equal(found.length, wanted.length);
      for (const [at, value] of wanted.entries()) {
        assert.ok(close(found[at] as number, value), `${atom.name}: ${String(found[at])} against ${value}`);
      }
    });
  });

  test(`${atom.name}: the range holds every value`, () => {
    eachCall(atom.name, 60, (_row, call, parameters) => {
      const { lower, upper } = atom.range(factsOf(call, []), parameters);
      assert.ok(lower <= upper, `${atom.name}: [${lower}, ${upper}]`);
      for (const value of row.meaning(call.args, parameters)) {
        const slack = 1e-11 * Math.max(1, Math.abs(value));
        assert.ok(
          lower - slack <= value && value <= upper + slack,
          `${atom.name}: ${value} outside [${lower}, ${upper}]`,
        );
      }
    });
  });

  test(`${atom.name}: monotone where it says so`, () => {
    eachCall(atom.name, 60, (_row, call, parameters, draw) => {
      const claims = atom.monotonicity(factsOf(call, []), parameters);
      for (const [position, claim] of claims.entries()) {
        if (claim === 'none' || row.classes?.argument === position) continue;
        const { upper } = call.intervals[position] as Interval;
        const raised = call.args.map((argument, at) =>
          at === position
            ? { ...argument, values: argument.values.map((value) => value + (upper - value) * draw()) }
            : argument,
        );
        const before = row.meaning(call.args, parameters);
        for (const [at, after] of row.meaning(raised, parameters).entries()) {
          const change = (after - (before[at] as number)) * (claim === 'increasing' ? 1 : -1);
          assert.ok(
            change >= -1e-11 * Math.max(1, Math.abs(after)),
            `${atom.name} is not ${claim} in ${position}`,
          );
        }
      }
    });
  });

  test(`${atom.name}: curved as it says`, () => {
    const arity = row.samples[0]?.length ?? 1;
    const choices =
      arity === 1
        ? [[false]]
        : [arity, -1, ...Array(arity).keys()].map((free) =>
            Array.from({ length: arity }, (_, at) => free !== arity && (free === -1 ? false : at !== free)),
          );
    eachCall(atom.name, 40, (_row, call, parameters, draw) => {
      for (const fixed of choices) {
        if (row.classes !== undefined && fixed[row.classes.argument] !== true) continue;
        const claim = atom.curvature(factsOf(call, fixed), parameters);
        if (claim === 'none') continue;
        const drawn = call.args.map((argument, at) => ({
          ...argument,
          values: drawEntries(argument.shape, call.intervals[at] as Interval, draw),
        }));
        const moved = row.admissible?.(drawn) ?? drawn;
        const other = call.args.map((argument, at) =>
          fixed[at] === true ? argument : (moved[at] as NumberArray),
        );
        const middle = call.args.map((argument, at) => ({
          ...argument,
          values: argument.values.map((value, entry) => (value + (other[at]?.values[entry] as number)) / 2),
        }));
        const first = row.meaning(call.args, parameters);
        const second = row.meaning(other, parameters);
        for (const [at, value] of row.meaning(middle, parameters).entries()) {
          const gap = ((first[at] as number) + (second[at] as number)) / 2 - value;
          const slack = 1e-10 * Math.max(1, Math.abs(first[at] as number), Math.abs(second[at] as number));
          const holds =
            claim === 'affine' ? Math.abs(gap) <= slack : claim === 'convex' ? gap >= -slack : gap <= slack;
          assert.ok(holds, `${atom.name} is not ${claim}, fixed ${fixed.join()}, gap ${gap}`);
        }
      }
    });
  });
}

test('row functions of softmax: norms of the first three derivatives hold and are nearly attained', () => {
  const [gradient, hessian, third] = atomNamed('logsumexp')?.rowwise?.bounds ?? [NaN, NaN, NaN];
  const entropy = atomNamed('cross_entropy')?.rowwise?.bounds ?? [NaN, NaN, NaN];
  assert.deepEqual([entropy[1], entropy[2]], [hessian, third]);
  const draw = createDraw(99);
  const largest = { gradient: 0, entropy: 0, hessian: 0, third: 0 };
  for (let repeat = 0; repeat < 20000; repeat++) {
    const count = 2 + Math.floor(draw() * 4);
    const weights = Array.from({ length: count }, () => Math.exp(8 * (draw() - 0.5)));
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    const p = weights.map((weight) => weight / whole);
    const raw = p.map(() => draw() - 0.5);
    const length = Math.hypot(...raw);
    const u = raw.map((value) => value / length);
    const mean = u.reduce((sum, value, at) => sum + value * (p[at] as number), 0);
    const moment = (power: number): number =>
      u.reduce((sum, value, at) => sum + (p[at] as number) * (value - mean) ** power, 0);
    largest.gradient = Math.max(largest.gradient, Math.hypot(...p));
    largest.entropy = Math.max(
      largest.entropy,
      Math.hypot(...p.map((value, at) => value - (at === 0 ? 1 : 0))),
    );
    // Along a unit direction u the second and third derivatives are central moments of u under p.
    largest.hessian = Math.max(largest.hessian, moment(2));
    largest.third = Math.max(largest.third, Math.abs(moment(3)));
  }
  const checks = [
    [largest.gradient, gradient, 0.9],
    [largest.entropy, entropy[0], 0.9],
    [largest.hessian, hessian, 0.95],
    [largest.third, third, 0.9],
  ] as const;
  for (const [found, bound, share] of checks) {
    assert.ok(found <= bound && found >= share * bound, `${found} against ${bound}`);
  }
});

test('standardize leaves a constant column at 0, and smooth lowerings do not overflow', () => {
  const standardize = atomNamed('standardize') as Atom;
  const like = { shape: [3, 2], values: [0.1, 1, 0.1, 2, 0.1, 3] };
  const result = evaluate(standardize, [like, like], {});
  assert.deepEqual([result[0], result[2], result[4]], [0, 0, 0]);
  for (const [name, t, wanted] of [
    ['softplus', 800, 800],
    ['logistic_loss', -800, 800],
    ['log_cosh', 800, 800 - Math.LN2],
    ['sigmoid', -800, 0],
  ] as const) {
    const [value] = evaluate(atomNamed(name) as Atom, [{ shape: [], values: [t] }], {});
    assert.ok(close(value as number, wanted), `${name}(${t}) = ${String(value)}`);
  }
});

test('a dimension that happens to be 1 keeps its axis when the names decide', () => {
  const matmul = atomNamed('matmul') as Atom;
  const graph = new Graph();
  const a = graph.input('a', [1, 3], 1);
  const x = graph.input('x', [3], 1);
  const named = matmul.attributes?.([shapeOf('n, d'), shapeOf('d')], []) ?? {};
  const literal = matmul.attributes?.([shapeOf('1, d'), shapeOf('d')], []) ?? {};
  const dimension = (): number => NaN;
  assert.deepEqual([...graph.shape(matmul.lower(graph, [a, x], named, dimension))], [1]);
  assert.deepEqual([...graph.shape(matmul.lower(graph, [a, x], literal, dimension))], []);
});
