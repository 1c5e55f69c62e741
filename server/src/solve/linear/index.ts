/**
 * The registry of linear methods, and the solve that starts and ends them all: a zero right-hand side
 * is answered by zero at once, a warm start must beat zero, and the residual bound of the answer counts
 * the rounding of the product and of the subtraction.
 */
import { methodsFor } from '../../base/method-catalogue.ts';
import type { LowerKind } from '../../base/lower-kind.ts';
import { normAbove, outward, unitRoundoff } from '../rounding.ts';
import { norm } from '../vector.ts';
import { cg } from './cg.ts';
import { fixedPoint } from './fixed-point.ts';
import { gmres } from './gmres.ts';
import { gradientDescent } from './gradient-descent.ts';
import { heavyBall } from './heavy-ball.ts';
import type { LinearIterate, LinearMethod, LinearMethodName, LinearSolution, LinearTask } from './method.ts';
import { normalCg } from './normal-cg.ts';
import { operatorRounding, residualAt } from './operator.ts';

export const linearMethods: Readonly<Record<LinearMethodName, LinearMethod>> = {
  cg,
  gradient_descent: gradientDescent,
  heavy_ball: heavyBall,
  fixed_point: fixedPoint,
  gmres,
  normal_cg: normalCg,
};

/** What solves a system best where the author does not choose. */
export function automaticLinearMethod(kind: LowerKind): LinearMethodName {
  return kind === 'fixed_point' ? 'gmres' : 'cg';
}

/** The method that runs for a choice; a note when it is not the one chosen. */
function chooseLinearMethod(
  choice: 'automatic' | LinearMethodName,
  task: LinearTask,
): { readonly method: LinearMethod; readonly note?: string } {
  const kind = task.problem.lowerKind;
  const automatic = automaticLinearMethod(kind);
  if (choice === 'automatic') return { method: linearMethods[automatic] };
  const method = linearMethods[choice];
  if (!methodsFor('linear', kind).some(({ name }) => name === choice)) {
    return {
      method: linearMethods[automatic],
      note: `${choice} does not fit this lower level; ${automatic} was used instead`,
    };
  }
  if (method.needsSmoothness && !Number.isFinite(task.L)) {
    return {
      method: linearMethods[automatic],
      note: `${choice} needs a finite L (give it as ${choice}(L = …)); ${automatic} was used instead`,
    };
  }
  return { method };
}

/** Solves A q = rhs to `tolerance` or `relative`, or to the rounding floor. */
export function solveLinear(choice: 'automatic' | LinearMethodName, task: LinearTask): LinearSolution {
  const { problem, rhs } = task;
  const { method, note } = chooseLinearMethod(choice, task);
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
      method: method.name,
    };
  }
  const floorAt = (q: Float64Array): number => operatorRounding(task, q);
  // A 0 − rhs is −rhs exactly, no product is needed for it.
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
    ...(note === undefined ? {} : { note }),
  };
}
