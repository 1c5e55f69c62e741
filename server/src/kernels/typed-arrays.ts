/**
 * The kernel family of plain typed-array loops. It decides at binding, once: a settled matrix that is
 * mostly zeros becomes sparse rows (shared by all products that use it), everything else stays dense.
 */
import type { GraphNode } from '../graph/primitive.ts';
import { convolutionNormKernel, smallestEigenvalueKernel, spectralNormKernel } from './certified-kernels.ts';
import { choleskyKernel, logDetKernel, solveKernel } from './definite.ts';
import { luKernel, luLogDetKernel, luSolveKernel } from './lu.ts';
import {
  matricesOf,
  multiplyPlain,
  multiplyTransposedA,
  multiplyTransposedB,
  multiplyTransposedBoth,
} from './dense-matmul.ts';
import { binaryKernel, powerKernel, unaryKernel } from './elementwise.ts';
import type { Kernel, KernelFamily, Operand } from './kernel.ts';
import {
  broadcastKernel,
  concatenateKernel,
  overlapAddKernel,
  padKernel,
  pickKernel,
  placeKernel,
  sliceKernel,
  transposeKernel,
  windowsKernel,
} from './movement.ts';
import { largestKernel, logsumexpKernel, softmaxKernel, sumKernel } from './reductions.ts';
import {
  sparseTimesDense,
  sparseTransposedTimesDense,
  sparseTransposedTimesSparse,
} from './sparse-matmul.ts';
import { sparseRows } from './sparse-rows.ts';
import type { SparseRows } from './sparse-rows.ts';

export class TypedArrayKernels implements KernelFamily {
  private readonly sparse = new WeakMap<Float64Array, Map<number, SparseRows | undefined>>();

  allocate(length: number): Float64Array {
    return new Float64Array(length);
  }

  bind(node: GraphNode, operands: readonly Operand[], out: Float64Array): Kernel {
    const { primitive, shape } = node;
    const [a, b] = operands as readonly [Operand, Operand];
    switch (primitive.op) {
      case 'constant':
        return () => {
          out[0] = primitive.value;
        };
      case 'unary':
        return unaryKernel(primitive.fn, a.values, out);
      case 'binary':
        return binaryKernel(primitive.fn, a, b, out);
      case 'power':
        return powerKernel(primitive.exponent, a.values, out);
      case 'broadcast':
        return broadcastKernel(a.values, a.shape, shape, out);
      case 'sum':
        return sumKernel(a.values, a.shape, primitive.axes, out);
      case 'largest':
        return largestKernel(a.values, a.shape, primitive.axes, out);
      case 'transpose':
        return transposeKernel(a.values, a.shape, primitive.permutation, out);
      case 'matmul':
        return this.matmul(a, primitive.transposeA, b, primitive.transposeB, out);
      case 'slice':
        return sliceKernel(a.values, a.shape, primitive.start, shape, out);
      case 'pad':
        return padKernel(a.values, a.shape, primitive.before, shape, out);
      case 'concatenate':
        return concatenateKernel(operands, primitive.axis, shape, out);
      case 'windows':
        return windowsKernel(a.values, a.shape, primitive.lengths, shape, out);
      case 'overlap_add':
        return overlapAddKernel(a.values, a.shape, primitive.lengths, shape, out);
      case 'pick':
        return pickKernel(a.values, a.shape[1] as number, b.values, out);
      case 'place':
        return placeKernel(a.values, b.values, shape[1] as number, out);
      case 'logsumexp':
        return logsumexpKernel(a.values, a.shape.at(-1) as number, out);
      case 'softmax':
        return softmaxKernel(a.values, a.shape.at(-1) as number, out);
      case 'cholesky':
        return choleskyKernel(a, out);
      case 'lu':
        return luKernel(a, out);
      case 'solve': {
        const factor = operands[2] as Operand;
        if (primitive.form === 'definite') return solveKernel(factor, b, out);
        return luSolveKernel(factor, b, primitive.form === 'transposed', out);
      }
      case 'log_det':
        return primitive.form === 'definite' ? logDetKernel(b, out) : luLogDetKernel(b, out);
      case 'spectral_norm':
        return spectralNormKernel(a, out);
      case 'convolution_norm':
        return convolutionNormKernel(a, out);
      case 'smallest_eigenvalue':
        return smallestEigenvalueKernel(a, out);
      case 'input':
      case 'reshape':
        throw new Error(`${primitive.op} is memory, not work: the evaluator never binds it`);
    }
  }

  /** The sparse rows of a settled matrix, made at most once. */
  private sparseRowsOf(operand: Operand): SparseRows | undefined {
    if (!operand.settled || operand.shape.length > 2) return undefined;
    const [rows, columns] = operand.shape as [number, number];
    // One array may be read as matrices of several shapes (reshapes share memory).
    const byRows = this.sparse.get(operand.values) ?? new Map<number, SparseRows | undefined>();
    if (!byRows.has(rows)) byRows.set(rows, sparseRows(rows, columns, operand.values));
    this.sparse.set(operand.values, byRows);
    return byRows.get(rows);
  }

  private matmul(
    a: Operand,
    transposeA: boolean,
    b: Operand,
    transposeB: boolean,
    out: Float64Array,
  ): Kernel {
    const [m, n] = matrixLengths(a.shape, transposeA);
    const [, k] = matrixLengths(b.shape, transposeB);
    const left = this.sparseRowsOf(a);
    const right = this.sparseRowsOf(b);
    if (left !== undefined && right !== undefined && transposeA && !transposeB) {
      return () => {
        sparseTransposedTimesSparse(left, right, out);
      };
    }
    if (left !== undefined) {
      const dense = this.plainForm(b, transposeB);
      const times = transposeA ? sparseTransposedTimesDense : sparseTimesDense;
      return () => {
        dense.refresh();
        times(left, dense.values, k, out);
      };
    }
    if (right !== undefined) {
      // (A B)' = B' A': the sparse factor comes first, and the small result is transposed back.
      const dense = this.plainForm(a, !transposeA);
      const product = this.allocate(k * m);
      const times = transposeB ? sparseTimesDense : sparseTransposedTimesDense;
      const back = transposeKernel(product, [k, m], [1, 0], out);
      return () => {
        dense.refresh();
        times(right, dense.values, m, product);
        back();
      };
    }
    const multiply = transposeA
      ? transposeB
        ? multiplyTransposedBoth
        : multiplyTransposedA
      : transposeB
        ? multiplyTransposedB
        : multiplyPlain;
    const lefts = matricesOf(a.values, m * n, out.length / (m * k));
    const rights = matricesOf(b.values, n * k, lefts.length);
    const products = matricesOf(out, m * k, lefts.length);
    return () => {
      for (let i = 0; i < products.length; i++) {
        multiply(lefts[i] as Float64Array, rights[i] as Float64Array, m, n, k, products[i] as Float64Array);
      }
    };
  }

  /** A matrix as rows in memory, transposed first when asked; `refresh` before each use. */
  private plainForm(operand: Operand, transposed: boolean): { values: Float64Array; refresh: Kernel } {
    // A matrix with one row or column lies in memory as its transpose does.
    if (!transposed || operand.shape.includes(1)) return { values: operand.values, refresh: () => {} };
    const values = this.allocate(operand.values.length);
    return { values, refresh: transposeKernel(operand.values, operand.shape, [1, 0], values) };
  }
}

/** The lengths of the last two axes, exchanged when asked. */
function matrixLengths(shape: readonly number[], transposed: boolean): [number, number] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return transposed ? [columns, rows] : [rows, columns];
}
