/**
 * The interface between the evaluator and whatever computes: a family binds each node once to its
 * operands and its output and gives a procedure that is then called many times. Typed-array loops fill
 * it here; WebAssembly kernels fill the same interface (`allocate` places arrays in their memory).
 * Invariants: a kernel writes all of `output` and nothing else, and its reductions have a fixed order,
 * so that equal inputs give equal bits.
 */
import type { GraphNode } from '../graph/primitive.ts';

/** Repeats of a smaller array: entry (o, m, i) of [outer, middle, inner] is values[m]. */
export interface Repeats {
  readonly outer: number;
  readonly middle: number;
  readonly inner: number;
}

export interface Operand {
  /** Row-major; for a repeated operand the distinct entries only. Its place in memory never changes. */
  readonly values: Float64Array;
  /** The shape in meaning, repeats included. */
  readonly shape: readonly number[];
  /** Present when `values` is to be read with repeats: elementwise, or as one matrix of a whole batch of products. */
  readonly repeats?: Repeats;
  /** True when the values are final at binding: a kernel may prepare them, for example as sparse rows. */
  readonly settled: boolean;
}

export type Kernel = () => void;

export interface KernelFamily {
  /** Zeros. */
  allocate(length: number): Float64Array;
  bind(node: GraphNode, operands: readonly Operand[], output: Float64Array): Kernel;
}
