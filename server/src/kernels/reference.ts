/**
 * The reference interpreter: the meaning of every primitive, written entry by entry in index notation,
 * slow and obviously right. The fast kernels are tested against it. Sums run in ascending order of the
 * indices. Bounds (spectral_norm, convolution_norm, smallest_eigenvalue) are defined only up to their certificate.
 */
import type { Graph } from '../graph/graph.ts';
import type { GraphNode, NodeId } from '../graph/primitive.ts';
import { binaryFunctions, constantPower, unaryFunctions } from '../graph/scalar-functions.ts';
import { sizeOf, stridesOf } from '../graph/shapes.ts';
import { neededNodes } from '../graph/text.ts';
import { smallestEigenvalueBounds, spectralNormBounds } from './certified-eigenvalues.ts';
import { convolutionNormBounds } from './convolution-norm.ts';
import { symmetryTolerance } from './definite.ts';

interface Value {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/**
 * The values of `outputs`, row-major, from the values of the inputs by name. Throws when an input has
 * no value or one of the wrong length.
 */
export function interpret(
  graph: Graph,
  outputs: readonly NodeId[],
  inputs: ReadonlyMap<string, Float64Array>,
): Float64Array[] {
  const known = new Map<NodeId, Value>();
  for (const id of neededNodes(graph, outputs)) {
    const node = graph.node(id);
    const values = interpretNode(
      node,
      node.inputs.map((input) => known.get(input) as Value),
      inputs,
    );
    known.set(id, { shape: node.shape, values });
  }
  return outputs.map((output) => (known.get(output) as Value).values);
}

function interpretNode(
  node: GraphNode,
  args: readonly Value[],
  inputs: ReadonlyMap<string, Float64Array>,
): Float64Array {
  const { primitive, shape } = node;
  const [a, b] = args as readonly [Value, Value];
  switch (primitive.op) {
    case 'constant':
      return Float64Array.of(primitive.value);
    case 'input': {
      const values = inputs.get(primitive.name);
      if (values?.length !== sizeOf(shape)) {
        throw new Error(
          `input ${primitive.name} needs ${sizeOf(shape)} values and has ${values?.length ?? 'none'}`,
        );
      }
      return values;
    }
    case 'unary':
      return tabulate(shape, (index) => unaryFunctions[primitive.fn](at(a, index)));
    case 'binary':
      return tabulate(shape, (index) => binaryFunctions[primitive.fn](at(a, index), at(b, index)));
    case 'power':
      return tabulate(shape, (index) => constantPower(at(a, index), primitive.exponent));
    case 'broadcast':
      return tabulate(shape, (index) => {
        const own = index.slice(shape.length - a.shape.length);
        return at(
          a,
          own.map((position, axis) => (a.shape[axis] === 1 ? 0 : position)),
        );
      });
    case 'sum':
      return reduce(a, primitive.axes, shape, 0, (total, value) => total + value);
    case 'largest':
      return reduce(a, primitive.axes, shape, -Infinity, Math.max);
    case 'reshape':
      return a.values.slice();
    case 'transpose':
      return tabulate(shape, (index) => {
        const source = new Array<number>(index.length).fill(0);
        primitive.permutation.forEach((axis, position) => {
          source[axis] = index[position] as number;
        });
        return at(a, source);
      });
    case 'matmul': {
      const inner = a.shape.at(primitive.transposeA ? -2 : -1) as number;
      return tabulate(shape, (index) => {
        const batch = index.slice(0, -2);
        const [i, k] = index.slice(-2) as [number, number];
        let total = 0;
        for (let j = 0; j < inner; j++) {
          const left = at(a, [...batch, ...(primitive.transposeA ? [j, i] : [i, j])]);
          const right = at(b, [...batch, ...(primitive.transposeB ? [k, j] : [j, k])]);
          total += left * right;
        }
        return total;
      });
    }
    case 'slice':
      return tabulate(shape, (index) =>
        at(
          a,
          index.map((position, axis) => position + (primitive.start[axis] as number)),
        ),
      );
    case 'pad':
      return tabulate(shape, (index) => {
        const inside = index.map((position, axis) => position - (primitive.before[axis] as number));
        const holds = inside.every((position, axis) => position >= 0 && position < (a.shape[axis] as number));
        return holds ? at(a, inside) : 0;
      });
    case 'concatenate':
      return tabulate(shape, (index) => {
        let position = index[primitive.axis] as number;
        for (const part of args) {
          const length = part.shape[primitive.axis] as number;
          if (position < length) return at(part, index.with(primitive.axis, position));
          position -= length;
        }
        throw new Error('concatenate: an index outside every part');
      });
    case 'windows': {
      const axes = primitive.lengths.length;
      const lead = shape.length - 2 * axes;
      return tabulate(shape, (index) => {
        const place = index.slice(lead, lead + axes);
        const windowAt = index.slice(lead + axes);
        return at(a, [...index.slice(0, lead), ...windowAt.map((from, k) => from + (place[k] as number))]);
      });
    }
    case 'overlap_add': {
      const axes = primitive.lengths.length;
      const lead = shape.length - axes;
      const strides = stridesOf(shape);
      const result = new Float64Array(sizeOf(shape));
      let offset = 0;
      tabulate(a.shape, (index) => {
        const place = index.slice(lead, lead + axes);
        const windowAt = index.slice(lead + axes);
        const target = [...index.slice(0, lead), ...windowAt.map((from, k) => from + (place[k] as number))];
        const entry = target.reduce((sum, position, axis) => sum + position * (strides[axis] as number), 0);
        result[entry] = (result[entry] as number) + (a.values[offset++] as number);
        return 0;
      });
      return result;
    }
    case 'pick':
      return tabulate(shape, ([i]) => at(a, [i as number, at(b, [i as number])]));
    case 'place':
      return tabulate(shape, ([i, k]) => (at(b, [i as number]) === k ? at(a, [i as number]) : 0));
    case 'logsumexp':
      return tabulate(shape, (index) => {
        const row = lastAxis(a, index);
        const top = Math.max(...row);
        // A top of -Infinity or Infinity is the answer; subtracting it would give NaN.
        if (!Number.isFinite(top)) return top;
        return top + Math.log(row.reduce((total, value) => total + Math.exp(value - top), 0));
      });
    case 'softmax':
      return tabulate(shape, (index) => {
        const row = lastAxis(a, index.slice(0, -1));
        const top = Math.max(...row);
        const total = row.reduce((sum, value) => sum + Math.exp(value - top), 0);
        return Math.exp(at(a, index) - top) / total;
      });
    case 'cholesky':
      return eachMatrix(a, shape, (matrix) => choleskyOf(matrix, shape.at(-1) as number));
    case 'lu': {
      const size = shape.at(-2) as number;
      const factors = Array.from({ length: a.values.length / size / size }, (_, k) => [
        ...luOf(a.values.slice(k * size * size, (k + 1) * size * size), size),
      ]);
      return Float64Array.from(factors.flat());
    }
    case 'solve': {
      const [factors, size] = [args[2] as Value, shape.at(-2) as number];
      const length = size * (factors.shape.at(-1) as number);
      const { form } = primitive;
      let at = 0;
      return eachMatrix(b, shape, (sides) => {
        const factor = factors.values.slice(at, (at += length));
        const columns = shape.at(-1) as number;
        if (form === 'definite') return solutionOf(factor, size, sides, columns);
        return eliminatedOf(factor, size, sides, columns, form === 'transposed');
      });
    }
    case 'log_det': {
      const size = a.shape.at(-1) as number;
      return tabulate(shape, (index) => {
        let sum = 0;
        for (let i = 0; i < size; i++) sum += Math.log(Math.abs(at(b, [...index, i, i])));
        return primitive.form === 'definite' ? 2 * sum : sum;
      });
    }
    case 'spectral_norm':
      return Float64Array.of(spectralNormBounds(a.shape[0] as number, a.shape[1] as number, a.values).upper);
    case 'convolution_norm':
      return Float64Array.of(convolutionNormBounds(a.shape, a.values).upper);
    case 'smallest_eigenvalue':
      return Float64Array.of(smallestEigenvalueBounds(a.shape[0] as number, a.values).lower);
  }
}

function at(array: Value, index: readonly number[]): number {
  const strides = stridesOf(array.shape);
  const offset = index.reduce((sum, position, axis) => sum + position * (strides[axis] as number), 0);
  return array.values[offset] as number;
}

/** Calls `entry` with every index of `shape` in row-major order. */
function tabulate(shape: readonly number[], entry: (index: readonly number[]) => number): Float64Array {
  const result = new Float64Array(sizeOf(shape));
  const index = new Array<number>(shape.length).fill(0);
  for (let offset = 0; offset < result.length; offset++) {
    result[offset] = entry(index);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      index[axis] = 0;
    }
  }
  return result;
}

function reduce(
  array: Value,
  axes: readonly number[],
  shape: readonly number[],
  start: number,
  combine: (total: number, value: number) => number,
): Float64Array {
  const kept = array.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const strides = stridesOf(shape);
  const result = new Float64Array(sizeOf(shape)).fill(start);
  let offset = 0;
  tabulate(array.shape, (index) => {
    const target = kept.reduce((sum, axis, k) => sum + (index[axis] as number) * (strides[k] as number), 0);
    result[target] = combine(result[target] as number, array.values[offset++] as number);
    return 0;
  });
  return result;
}

function lastAxis(array: Value, index: readonly number[]): number[] {
  const length = array.shape.at(-1) as number;
  return Array.from({ length }, (_, position) => at(array, [...index, position]));
}

/** The result of `each` matrix (last two axes) of a batch, one behind the other. */
function eachMatrix(
  array: Value,
  shape: readonly number[],
  each: (matrix: Float64Array) => Float64Array,
): Float64Array {
  const result = new Float64Array(sizeOf(shape));
  const size = sizeOf(array.shape.slice(-2));
  for (let offset = 0; offset < result.length; offset += size) {
    result.set(each(array.values.slice(offset, offset + size)), offset);
  }
  return result;
}

/** l_ij = (s_ij − Σ_{k<j} l_ik l_jk) / l_jj and l_jj = √(s_jj − Σ_{k<j} l_jk²) for S = (A + A')/2. */
function choleskyOf(matrix: Float64Array, size: number): Float64Array {
  const a = (i: number, j: number): number => matrix[i * size + j] as number;
  const result = new Float64Array(size * size);
  const l = (i: number, j: number): number => result[i * size + j] as number;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const allowed = symmetryTolerance * Math.sqrt(a(i, i)) * Math.sqrt(a(j, j));
      const isSymmetric = Math.abs(a(i, j) - a(j, i)) <= allowed;
      let rest = isSymmetric ? (a(i, j) + a(j, i)) / 2 : Number.NaN;
      for (let k = 0; k < j; k++) rest -= l(i, k) * l(j, k);
      if (i === j && !(rest > 0 && rest < Infinity)) return result.fill(Number.NaN);
      result[i * size + j] = i === j ? Math.sqrt(rest) : rest / l(j, j);
    }
  }
  return result;
}

/** X with L L' X = B, column by column: y_i = (b_i − Σ_{j<i} l_ij y_j) / l_ii, then x_i = (y_i − Σ_{j>i} l_ji x_j) / l_ii. */
function solutionOf(factor: Float64Array, size: number, sides: Float64Array, columns: number): Float64Array {
  const x = sides.slice();
  const l = (i: number, j: number): number => factor[i * size + j] as number;
  for (let c = 0; c < columns; c++) {
    const entry = (i: number): number => x[i * columns + c] as number;
    for (let i = 0; i < size; i++) {
      let rest = entry(i);
      for (let j = 0; j < i; j++) rest -= l(i, j) * entry(j);
      x[i * columns + c] = rest / l(i, i);
    }
    for (let i = size - 1; i >= 0; i--) {
      let rest = entry(i);
      for (let j = i + 1; j < size; j++) rest -= l(j, i) * entry(j);
      x[i * columns + c] = rest / l(i, i);
    }
  }
  return x;
}

/** P A = L U, row by row as primitive.ts says: u_kj = a_kj − Σ_{i<k} l_ki u_ij, l_kj = (a_kj − Σ_{i<j} l_ki u_ij) / u_jj. */
function luOf(matrix: Float64Array, size: number): Float64Array {
  const rows = Array.from({ length: size }, (_, i) => [...matrix.slice(i * size, (i + 1) * size), i]);
  const scales = rows.map((row) => Math.max(...row.slice(0, size).map(Math.abs)));
  for (let k = 0; k < size; k++) {
    const shares = rows.map((row, i) =>
      i < k ? -1 : Math.abs(row[k] as number) / (scales[row[size] as number] as number),
    );
    const best = Math.max(...shares);
    if (!(best > 0 && best < Infinity)) return new Float64Array(size * (size + 1)).fill(Number.NaN);
    const pivot = shares.indexOf(best);
    [rows[k], rows[pivot]] = [rows[pivot] as number[], rows[k] as number[]];
    const top = rows[k] as number[];
    for (const row of rows.slice(k + 1)) {
      const factor = (row[k] as number) / (top[k] as number);
      row[k] = factor;
      for (let j = k + 1; j < size; j++) row[j] = (row[j] as number) - factor * (top[j] as number);
    }
  }
  return Float64Array.from(rows.flat());
}

/** X with A X = B, or A' X = B, from the factors of P A = L U, by A⁻¹ = U⁻¹ L⁻¹ P. */
function eliminatedOf(
  factor: Float64Array,
  size: number,
  sides: Float64Array,
  columns: number,
  isTransposed: boolean,
): Float64Array {
  const f = (i: number, j: number): number => factor[i * (size + 1) + j] as number;
  const order = Array.from({ length: size }, (_, i) => f(i, size));
  const x = new Float64Array(sides.length);
  for (let c = 0; c < columns; c++) {
    const side = (i: number): number => sides[i * columns + c] ?? Number.NaN;
    const y = new Float64Array(size);
    const z = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      let rest = side(isTransposed ? i : (order[i] as number));
      for (let j = 0; j < i; j++) rest -= (isTransposed ? f(j, i) : f(i, j)) * (y[j] as number);
      y[i] = isTransposed ? rest / f(i, i) : rest;
    }
    for (let i = size - 1; i >= 0; i--) {
      let rest = y[i] as number;
      for (let j = i + 1; j < size; j++) rest -= (isTransposed ? f(j, i) : f(i, j)) * (z[j] as number);
      z[i] = isTransposed ? rest : rest / f(i, i);
    }
    for (let i = 0; i < size; i++) {
      const to = isTransposed ? order[i] : i;
      x[(to ?? i) * columns + c] = z[i] as number;
    }
    if (order.some(Number.isNaN)) for (let i = 0; i < size; i++) x[i * columns + c] = Number.NaN;
  }
  return x;
}
