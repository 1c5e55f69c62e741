/**
 * Evaluates a graph in double-double arithmetic: the exact values, for the purposes of tests of rounding.
 * Independent of the kernels: index notation and plain sums, every primitive written out again.
 */
import type { Graph } from '../../server/src/graph/graph.ts';
import type { GraphNode, NodeId, SystemForm, UnaryFunction } from '../../server/src/graph/primitive.ts';
import { sizeOf, stridesOf } from '../../server/src/graph/shapes.ts';
import { neededNodes } from '../../server/src/graph/text.ts';
import * as dd from './double-double.ts';
import type { DoubleDouble } from './double-double.ts';

interface Value {
  readonly shape: readonly number[];
  readonly entries: readonly DoubleDouble[];
}

export function interpretExactly(
  graph: Graph,
  outputs: readonly NodeId[],
  inputs: ReadonlyMap<string, Float64Array>,
): (readonly DoubleDouble[])[] {
  const known = new Map<NodeId, Value>();
  for (const id of neededNodes(graph, outputs)) {
    const node = graph.node(id);
    const args = node.inputs.map((input) => known.get(input) as Value);
    known.set(id, { shape: node.shape, entries: entriesOf(node, args, inputs) });
  }
  return outputs.map((output) => (known.get(output) as Value).entries);
}

/** By the exponential that does not overflow. */
function sigmoid(t: DoubleDouble): DoubleDouble {
  const e = dd.exp(dd.negate(dd.absolute(t)));
  return dd.divide(dd.compare(t, dd.zero) < 0 ? e : dd.one, dd.add(dd.one, e));
}

const unary: Readonly<Record<UnaryFunction, (t: DoubleDouble) => DoubleDouble>> = {
  negate: dd.negate,
  exp: dd.exp,
  expm1: dd.expm1,
  log: dd.log,
  log1p: dd.log1p,
  sqrt: dd.sqrt,
  reciprocal: (t) => dd.divide(dd.one, t),
  absolute: dd.absolute,
  sign: (t) => dd.dd(dd.compare(t, dd.zero)),
  step: (t) => dd.dd(dd.compare(t, dd.zero) > 0 ? 1 : 0),
  sin: dd.sin,
  cos: dd.cos,
  atan: dd.atan,
  tanh: dd.tanh,
  sigmoid,
  softplus: (t) =>
    dd.add(dd.compare(t, dd.zero) > 0 ? t : dd.zero, dd.log1p(dd.exp(dd.negate(dd.absolute(t))))),
  erf: dd.erf,
  xlogx: (t) => (dd.compare(t, dd.zero) === 0 ? dd.zero : dd.multiply(t, dd.log(t))),
};

function constantPower(t: DoubleDouble, exponent: number): DoubleDouble {
  if (!Number.isInteger(2 * exponent)) return dd.power(t, dd.dd(exponent));
  let product = dd.one;
  for (let k = Math.floor(Math.abs(exponent)); k > 0; k--) product = dd.multiply(product, t);
  if (!Number.isInteger(exponent)) product = dd.multiply(product, dd.sqrt(t));
  return exponent < 0 ? dd.divide(dd.one, product) : product;
}

function sumOf(terms: readonly DoubleDouble[]): DoubleDouble {
  return terms.reduce(dd.add, dd.zero);
}

function largestOf(terms: readonly DoubleDouble[]): DoubleDouble {
  return terms.reduce((a, b) => (dd.compare(a, b) >= 0 ? a : b));
}

function entriesOf(
  node: GraphNode,
  args: readonly Value[],
  inputs: ReadonlyMap<string, Float64Array>,
): readonly DoubleDouble[] {
  const { primitive, shape } = node;
  const [a, b] = args as readonly [Value, Value];
  switch (primitive.op) {
    case 'constant':
      return [dd.dd(primitive.value)];
    case 'input':
      return [...(inputs.get(primitive.name) as Float64Array)].map(dd.dd);
    case 'unary':
      return a.entries.map(unary[primitive.fn]);
    case 'power':
      return a.entries.map((t) => constantPower(t, primitive.exponent));
    case 'binary': {
      const functions = {
        add: dd.add,
        subtract: dd.subtract,
        multiply: dd.multiply,
        divide: dd.divide,
        power: dd.power,
        maximum: (s: DoubleDouble, t: DoubleDouble) => largestOf([s, t]),
        minimum: (s: DoubleDouble, t: DoubleDouble) => dd.negate(largestOf([dd.negate(s), dd.negate(t)])),
      };
      return a.entries.map((s, k) => functions[primitive.fn](s, b.entries[k] as DoubleDouble));
    }
    case 'broadcast':
      return everyIndex(shape).map((index) => {
        const own = index.slice(shape.length - a.shape.length);
        return at(
          a,
          own.map((position, axis) => (a.shape[axis] === 1 ? 0 : position)),
        );
      });
    case 'sum':
    case 'largest': {
      const combine = primitive.op === 'sum' ? sumOf : largestOf;
      const groups = everyIndex(shape).map((): DoubleDouble[] => []);
      const strides = stridesOf(shape);
      everyIndex(a.shape).forEach((index, k) => {
        const kept = index.filter((_, axis) => !primitive.axes.includes(axis));
        const target = kept.reduce((sum, position, axis) => sum + position * (strides[axis] as number), 0);
        groups[target]?.push(a.entries[k] as DoubleDouble);
      });
      return groups.map(combine);
    }
    case 'reshape':
      return a.entries;
    case 'transpose':
      return everyIndex(shape).map((index) => {
        const source = index.map(() => 0);
        primitive.permutation.forEach((axis, position) => {
          source[axis] = index[position] as number;
        });
        return at(a, source);
      });
    case 'matmul': {
      const inner = a.shape.at(primitive.transposeA ? -2 : -1) as number;
      return everyIndex(shape).map((index) => {
        const batch = index.slice(0, -2);
        const [i = 0, k = 0] = index.slice(-2);
        return sumOf(
          Array.from({ length: inner }, (_, j) =>
            dd.multiply(
              at(a, [...batch, ...(primitive.transposeA ? [j, i] : [i, j])]),
              at(b, [...batch, ...(primitive.transposeB ? [k, j] : [j, k])]),
            ),
          ),
        );
      });
    }
    case 'slice':
      return everyIndex(shape).map((index) =>
        at(
          a,
          index.map((position, axis) => position + (primitive.start[axis] as number)),
        ),
      );
    case 'pad':
      return everyIndex(shape).map((index) => {
        const inside = index.map((position, axis) => position - (primitive.before[axis] as number));
        return inside.every((position, axis) => position >= 0 && position < (a.shape[axis] as number))
          ? at(a, inside)
          : dd.zero;
      });
    case 'concatenate':
      return everyIndex(shape).map((index) => {
        let position = index[primitive.axis] as number;
        const holder = args.find((part) => {
          const length = part.shape[primitive.axis] as number;
          if (position < length) return true;
          position -= length;
          return false;
        }) as Value;
        return at(holder, index.with(primitive.axis, position));
      });
    case 'windows': {
      const lead = shape.length - 2 * primitive.lengths.length;
      return everyIndex(shape).map((index) => at(a, inWindow(index, lead)));
    }
    case 'overlap_add': {
      const lead = shape.length - primitive.lengths.length;
      const terms = new Map<string, DoubleDouble[]>();
      for (const index of everyIndex(a.shape)) {
        const key = inWindow(index, lead).join();
        terms.set(key, [...(terms.get(key) ?? []), at(a, index)]);
      }
      return everyIndex(shape).map((index) => sumOf(terms.get(index.join()) ?? []));
    }
    case 'pick':
      return everyIndex(shape).map(([i = 0]) => at(a, [i, dd.toNumber(at(b, [i]))]));
    case 'place':
      return everyIndex(shape).map(([i = 0, k = 0]) =>
        dd.toNumber(at(b, [i])) === k ? at(a, [i]) : dd.zero,
      );
    case 'logsumexp':
    case 'softmax': {
      const width = a.shape.at(-1) as number;
      const rows = sizeOf(a.shape) / width;
      return Array.from({ length: rows }, (_, i) => {
        const row = a.entries.slice(i * width, (i + 1) * width);
        const top = largestOf(row);
        const exponentials = row.map((t) => dd.exp(dd.subtract(t, top)));
        const total = sumOf(exponentials);
        return primitive.op === 'logsumexp'
          ? [dd.add(top, dd.log(total))]
          : exponentials.map((e) => dd.divide(e, total));
      }).flat();
    }
    case 'cholesky':
    case 'lu':
      // Only what is solved with it counts, and that is computed from the matrix itself.
      return new Array<DoubleDouble>(sizeOf(shape)).fill(dd.zero);
    case 'solve': {
      const [size = 0, columns = 0] = shape.slice(-2);
      return matricesOf(a, size * size).flatMap(
        (matrix, k) =>
          eliminate(matrix, size, matricesOf(b, size * columns)[k] ?? [], columns, primitive.form).solution,
      );
    }
    case 'log_det': {
      const size = a.shape.at(-1) as number;
      return matricesOf(a, size * size).map((matrix) =>
        sumOf(
          eliminate(matrix, size, [], 0, primitive.form).pivots.map((pivot) => dd.log(dd.absolute(pivot))),
        ),
      );
    }
    case 'spectral_norm':
    case 'convolution_norm':
    case 'smallest_eigenvalue':
      throw new Error(`${primitive.op} is tested against matrices of known eigenvalues`);
  }
}

function at(value: Value, index: readonly number[]): DoubleDouble {
  const strides = stridesOf(value.shape);
  return value.entries[
    index.reduce((sum, position, axis) => sum + position * (strides[axis] as number), 0)
  ] as DoubleDouble;
}

/** [lead, place in the window, place of the window] to the entry of the array that it stands for. */
function inWindow(index: readonly number[], lead: number): number[] {
  const axes = (index.length - lead) / 2;
  const place = index.slice(lead, lead + axes);
  return [...index.slice(0, lead), ...index.slice(lead + axes).map((from, k) => from + (place[k] as number))];
}

function everyIndex(shape: readonly number[]): number[][] {
  let all: number[][] = [[]];
  for (const length of shape) {
    all = all.flatMap((index) => Array.from({ length }, (_, position) => [...index, position]));
  }
  return all;
}

function matricesOf({ entries }: Value, size: number): readonly (readonly DoubleDouble[])[] {
  return Array.from({ length: entries.length / size }, (_, k) => entries.slice(k * size, (k + 1) * size));
}

/** Gauss' elimination of S X = B with the pivots that are largest beside their rows, S as the form says (primitive.ts). */
function eliminate(
  matrix: readonly DoubleDouble[],
  size: number,
  sides: readonly DoubleDouble[],
  columns: number,
  form: SystemForm,
): { readonly pivots: readonly DoubleDouble[]; readonly solution: readonly DoubleDouble[] } {
  const stored = (i: number, j: number): DoubleDouble => matrix[i * size + j] as DoubleDouble;
  const chosen = {
    definite: (i: number, j: number) => dd.multiply(dd.dd(0.5), dd.add(stored(i, j), stored(j, i))),
    general: stored,
    transposed: (i: number, j: number) => stored(j, i),
  }[form];
  const rows = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (__, j) => chosen(i, j)),
    ...sides.slice(i * columns, (i + 1) * columns),
  ]);
  const entry = (i: number, j: number): DoubleDouble => rows[i]?.[j] as DoubleDouble;
  const subtractRow = (from: number, row: number, column: number): void => {
    const factor = dd.divide(entry(from, column), entry(column, column));
    rows[from] = (rows[from] as DoubleDouble[]).map((value, j) =>
      dd.subtract(value, dd.multiply(factor, entry(row, j))),
    );
  };
  for (let k = 0; k < size; k++) {
    const shares = rows.map((row, i) => {
      const most = Math.max(...row.slice(k, size).map((each) => Math.abs(dd.toNumber(each))));
      return i < k || most === 0 ? -1 : Math.abs(dd.toNumber(entry(i, k))) / most;
    });
    const pivot = shares.indexOf(Math.max(...shares));
    if (pivot > k) [rows[k], rows[pivot]] = [rows[pivot] as DoubleDouble[], rows[k] as DoubleDouble[]];
    for (let i = k + 1; i < size; i++) subtractRow(i, k, k);
  }
  const pivots = rows.map((_, i) => entry(i, i));
  for (let k = size - 1; k >= 0; k--) for (let i = 0; i < k; i++) subtractRow(i, k, k);
  const solution = rows.flatMap((row, i) => row.slice(size).map((value) => dd.divide(value, entry(i, i))));
  return { pivots, solution };
}
