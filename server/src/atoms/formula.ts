/**
 * Scalar formulas for constants (mu, L, L_H, …): sums, products and maxima of numbers and of
 * functionals of typed expressions in theta, the data and, on a ball, the lower point x~ and its
 * radius eps. Built only through the functions below, which fold numbers, so that a printed
 * formula reads as in a paper. The compiler lowers a formula to the graph like any expression.
 */
import type { Expression } from './expression.ts';

/**
 * Functionals of arrays: largest, smallest and largest absolute entry; sum of absolute entries;
 * `norm` (2-norm of all entries); `largest_row_norm` (2-norm of a matrix' rows); `spectral_norm` of
 * the matrices side by side; `smallest_gram_eigenvalue`: of A'A with A the matrices side by side.
 */
export type Functional =
  | 'largest'
  | 'smallest'
  | 'largest_absolute'
  | 'sum_absolute'
  | 'norm'
  | 'largest_row_norm'
  | 'spectral_norm'
  | 'smallest_gram_eigenvalue'
  /** The value of a scalar expression. */
  | 'value';

export type FormulaOperation = 'add' | 'multiply' | 'divide' | 'maximum' | 'minimum' | 'sqrt' | 'exp' | 'negate';

export type Formula =
  | { readonly kind: 'number'; readonly value: number }
  /** `args`: several only for the side-by-side functionals. */
  | { readonly kind: 'functional'; readonly functional: Functional; readonly args: readonly Expression[] }
  /** The radius eps of the ball B(x~, eps) on which the constant is wanted. */
  | { readonly kind: 'radius' }
  | { readonly kind: 'operation'; readonly operation: FormulaOperation; readonly args: readonly Formula[] };
