/**
 * The operator of a linear task: H, or its transpose for the adjoint system, at the current
 * linearisation. For a symmetric H both are the same product.
 */
import type { LinearTask } from './method.ts';

/** out = A v. */
export function applyOperator({ problem, transposed }: LinearTask, v: Float64Array, out: Float64Array): void {
  if (transposed) problem.transposedHessianProduct(v, out);
  else problem.hessianProduct(v, out);
}

/** out = A' v. */
export function applyTransposed(
  { problem, transposed }: LinearTask,
  v: Float64Array,
  out: Float64Array,
): void {
  if (transposed) problem.hessianProduct(v, out);
  else problem.transposedHessianProduct(v, out);
}

/** Bound of the rounding error of A v. */
export function operatorRounding({ problem, centre, transposed }: LinearTask, v: Float64Array): number {
  return transposed
    ? problem.transposedProductRounding(centre, v)
    : problem.rounding.hessianProduct(centre, v);
}

/** A q − rhs, computed from q by one product; the only residual a bound may use. */
export function residualAt(task: LinearTask, q: Float64Array): Float64Array {
  const out = new Float64Array(q.length);
  applyOperator(task, q, out);
  for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) - (task.rhs[i] as number);
  return out;
}
