/** The residual H q − rhs, computed from q by one product; the only residual a bound may use. */
import type { LinearTask } from './method.ts';

export function residualAt(task: LinearTask, q: Float64Array): Float64Array {
  const out = new Float64Array(q.length);
  task.problem.hessianProduct(q, out);
  for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) - (task.rhs[i] as number);
  return out;
}
