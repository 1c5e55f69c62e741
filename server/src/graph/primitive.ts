/**
 * The small set of primitives to which every atom lowers. Derivatives (autodiff) and kernels exist
 * per primitive, so the set is kept small; all arrays are float64, dense in meaning, row-major.
 * A node's inputs come before it in the graph's list; shapes are concrete numbers.
 */

export type NodeId = number;

/** Elementwise functions of one argument. `step` is 1 for t > 0, else 0; `xlogx` is t log t, 0 at 0. */
export type UnaryFunction =
  | 'negate'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sqrt'
  | 'reciprocal'
  | 'absolute'
  | 'sign'
  | 'step'
  | 'sin'
  | 'cos'
  | 'atan'
  | 'tanh'
  | 'sigmoid'
  | 'softplus'
  | 'erf'
  | 'xlogx';

/** Elementwise functions of two arguments of the same shape. */
export type BinaryFunction = 'add' | 'subtract' | 'multiply' | 'divide' | 'power' | 'maximum' | 'minimum';

/**
 * What a value depends on; bits, so that sets are unions. They decide the stage at which a node is
 * evaluated: once (data), per upper iterate (upper), per lower point (lower), per product (tangent).
 */
export const Dependence = { none: 0, data: 1, upper: 2, lower: 4, tangent: 8 } as const;
export type DependenceSet = number;

export type Primitive =
  /** A scalar literal. */
  | { readonly op: 'constant'; readonly value: number }
  /** A value from outside: a data array, the upper or lower unknown, or the direction of a product. */
  | { readonly op: 'input'; readonly name: string; readonly dependence: DependenceSet }
  | { readonly op: 'unary'; readonly fn: UnaryFunction }
  | { readonly op: 'binary'; readonly fn: BinaryFunction }
  /** t^exponent with a constant exponent (integer exponents accept any sign of t). */
  | { readonly op: 'power'; readonly exponent: number }
  /** Repeats along new leading axes and along axes of length 1 (NumPy's trailing-axis rule). */
  | { readonly op: 'broadcast' }
  /** Sum over the listed axes, which disappear. */
  | { readonly op: 'sum'; readonly axes: readonly number[] }
  /** Largest entry over the listed axes, which disappear; used for stability and by max/min. */
  | { readonly op: 'largest'; readonly axes: readonly number[] }
  | { readonly op: 'reshape' }
  | { readonly op: 'transpose'; readonly permutation: readonly number[] }
  /**
   * op(A) op(B) for matrices on the last two axes, which `transposeA` and `transposeB` exchange first;
   * the axes before them are a batch and equal in both.
   */
  | { readonly op: 'matmul'; readonly transposeA: boolean; readonly transposeB: boolean }
  | { readonly op: 'slice'; readonly start: readonly number[]; readonly stop: readonly number[] }
  /** Zeros around; the adjoint of slice. */
  | { readonly op: 'pad'; readonly before: readonly number[]; readonly after: readonly number[] }
  | { readonly op: 'concatenate'; readonly axis: number }
  /**
   * Every window of `lengths` on the last axes: [..., n] to [..., lengths, n - lengths + 1], the place in
   * the window before the place of the window. A convolution is its product with the filters.
   */
  | { readonly op: 'windows'; readonly lengths: readonly number[] }
  /** Windows added up where they came from; the adjoint of windows. */
  | { readonly op: 'overlap_add'; readonly lengths: readonly number[] }
  /** (Z [n, k], labels [n]) → Z[i, labels[i]] as [n]. */
  | { readonly op: 'pick' }
  /** (v [n], labels [n]) → [n, k] with v[i] at (i, labels[i]); the adjoint of pick. */
  | { readonly op: 'place' }
  /** Over the last axis, which disappears; stable. */
  | { readonly op: 'logsumexp' }
  /** Over the last axis, which stays. */
  | { readonly op: 'softmax' }
  /**
   * L [..., n, n], lower triangular with L L' = (A + A')/2; NaN where A is not symmetric up to rounding or not
   * positive definite. What `solve` and `log_det` of the same A share; they are differentiated, never this.
   */
  | { readonly op: 'cholesky' }
  /**
   * [..., n, n + 1]: the factors of P A = L U by elimination with pivots chosen in proportion to their rows, L
   * without its diagonal of ones below U, and beside row k the number of the row of A that went there; NaN where A
   * is singular. What the general forms of `solve` and `log_det` share, as `cholesky` is for definite ones.
   */
  | { readonly op: 'lu' }
  /**
   * (A [..., n, n], B [..., n, k], factor) → X with S X = B for S = (A + A')/2 where the form is `definite`, A
   * where it is `general`, A' where it is `transposed`; the axes before the last two are a batch.
   */
  | { readonly op: 'solve'; readonly form: SystemForm }
  /** (A [..., n, n], factor) → log |det S|, [...]. */
  | { readonly op: 'log_det'; readonly form: MatrixForm }
  /** Upper bound of the spectral norm of a matrix, certified; for constants, has no derivative. */
  | { readonly op: 'spectral_norm' }
  /**
   * Upper bound, certified, of the norm of convolution with the filters [m, w] or [m, h, w] on arrays of any
   * length; for constants, has no derivative.
   */
  | { readonly op: 'convolution_norm' }
  /** Lower bound of the smallest eigenvalue of a symmetric matrix, certified; no derivative. */
  | { readonly op: 'smallest_eigenvalue' };

/** What is known of the matrix of a system: symmetric and positive definite, or only invertible. */
export type MatrixForm = 'definite' | 'general';
/** Whether a general matrix stands in the system as it is, or transposed. */
export type SystemForm = MatrixForm | 'transposed';

export interface GraphNode {
  readonly id: NodeId;
  readonly primitive: Primitive;
  readonly inputs: readonly NodeId[];
  readonly shape: readonly number[];
  /** Union over everything below; the stage at which the node can first be evaluated. */
  readonly dependence: DependenceSet;
}
