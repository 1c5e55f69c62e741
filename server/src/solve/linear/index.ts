/**
 * The registry of linear methods, and the solve that starts and ends them all: a zero right-hand side
 * is answered by zero at once, a warm start must beat zero, and the residual bound of the answer counts
 * the rounding of the product and of the subtraction.
 */
import { normAbove, outward, unitRoundoff } from '../rounding.ts';
import { norm } from '../vector.ts';
import { cg } from './cg.ts';
import { gradientDescent } from './gradient-descent.ts';
import { heavyBall } from './heavy-ball.ts';
import type { LinearIterate, LinearMethod, LinearMethodName, LinearSolution, LinearTask } from './method.ts';
import { residualAt } from './residual.ts';

export const linearMethods: Readonly<Record<LinearMethodName, LinearMethod>> = {
  cg,
  gradient_descent: gradientDescent,
  heavy_ball: heavyBall,
};

/** Solves H q = rhs to `tolerance` or `relative`, or to the rounding floor. */
export function solveLinear(name: LinearMethodName, task: LinearTask): LinearSolution {
  const { problem, rhs } = task;
  const size = norm(rhs);
  const zero = new Float64Array(rhs.length);
  if (size === 0) {
    return {
      q: zero,
      residualNorm: 0,
      residualBound: 0,
      floor: 0,
      iterations: 0,
      stop: 'tolerance',
      method: name,
    };
  }
  const wanted = linearMethods[name];
  const unusable = wanted.needsSmoothness && !Number.isFinite(task.L);
  const method = unusable ? cg : wanted;
  const floorAt = (q: Float64Array): number => problem.rounding.hessianProduct(task.centre, q);
  // H 0 − rhs is −rhs exactly, no product is needed for it.
  let first: LinearIterate = {
    q: zero,
    residual: rhs.map((value) => -value),
    iterations: 0,
    stop: 'stalled',
  };
  if (task.start !== undefined && norm(task.start) > 0 && !problem.exhausted) {
    const residual = residualAt(task, task.start);
    if (norm(residual) < size) first = { q: task.start.slice(), residual, iterations: 0, stop: 'stalled' };
  }
  const goal = Math.max(task.tolerance, task.relative * size);
  const end: LinearIterate =
    norm(first.residual) <= goal ? { ...first, stop: 'tolerance' } : method.run(task, first, goal, floorAt);
  const computed = normAbove(end.residual);
  const floor = norm(end.q) === 0 ? 0 : outward(floorAt(end.q) + 2 * unitRoundoff * computed);
  return {
    q: end.q,
    residualNorm: norm(end.residual),
    residualBound: outward(computed + floor),
    floor,
    iterations: end.iterations,
    stop: end.stop,
    method: method.name,
    ...(unusable
      ? { note: `${name} needs a finite L (give it as ${name}(L = …)); cg was used instead` }
      : {}),
  };
}
