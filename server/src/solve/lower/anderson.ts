/**
 * Anderson acceleration (Anderson 1965; Walker & Ni 2011) of x <- Phi(x): with the last few changes dx, dR
 * of iterates and residuals R = x − Phi(x), the next point is x − R − sum_j c_j (dx_j − dR_j) for the c that
 * minimise ‖R − sum_j c_j dR_j‖; on affine maps that is GMRES. The point counts only when its residual
 * is at most q ‖R‖, which Phi(x) itself attains, and is taken otherwise. So ‖R_k‖ <= q^k ‖R_0‖, and by
 * (1 − q) ‖x − x*‖ <= ‖R(x)‖ <= (1 + q) ‖x − x*‖,
 * ‖x_k − x*‖ <= (1 + q)/(1 − q) q^k ‖x_0 − x*‖.
 */
import { addScaled, combination, difference, dot, norm } from '../vector.ts';
import type { LowerMethod } from './method.ts';

/** Changes kept; more seldom help, and cost a product of vectors each. */
const depth = 8;

interface Change {
  readonly x: Float64Array;
  readonly residual: Float64Array;
}

export const anderson: LowerMethod = {
  name: 'anderson',
  quadraticOnly: false,
  backtracks: true,
  rate: (k, mu) => ((2 - mu) / mu) * (1 - mu) ** k,
  iterationsFor: (reduction, mu) =>
    1 + (Math.log(reduction) + Math.log(2 / Math.min(mu, 1))) / -Math.log1p(-Math.min(mu, 0.99)),
  run(task, monitor) {
    const q = 1 - task.stepMu;
    let x: Float64Array = task.start.slice();
    task.problem.retract(x);
    monitor.iterate(x);
    if (monitor.test(x)) return;
    let residual: Float64Array = monitor.gradient.slice();
    const changes: Change[] = [];
    for (;;) {
      const plain = combination(x, -1, residual);
      task.problem.retract(plain);
      let next = plain;
      monitor.iterations++;
      if (changes.length > 0) {
        const candidate = accelerated(plain, residual, changes);
        task.problem.retract(candidate);
        const ended = monitor.test(candidate);
        const counts = norm(monitor.gradient) <= q * norm(residual);
        // At the author's last iteration Phi(x) still has its turn.
        if (ended && (counts || monitor.stop !== 'iterations')) return;
        if (counts) next = candidate;
        // A rejected direction misleads again; the oldest changes are the likeliest cause.
        else changes.splice(0, Math.ceil(changes.length / 2));
      }
      if (next === plain && monitor.test(plain)) return;
      monitor.iterate(next);
      const reached = monitor.gradient.slice();
      changes.push({ x: difference(next, x), residual: difference(reached, residual) });
      if (changes.length > depth) changes.shift();
      [x, residual] = [next, reached];
    }
  },
};

/** Phi(x) − sum_j c_j (dx_j − dR_j), by orthogonalising the dR_j, newest first. */
function accelerated(plain: Float64Array, residual: Float64Array, changes: readonly Change[]): Float64Array {
  const next = plain.slice();
  const left = residual.slice();
  const basis: Change[] = [];
  for (const change of changes.toReversed()) {
    // dx and dR go through the same combinations, so that each basis vector knows its own step.
    const x = change.x.slice();
    const own = change.residual.slice();
    const before = norm(own);
    for (const other of basis) {
      const part = dot(own, other.residual);
      addScaled(-part, other.residual, own);
      addScaled(-part, other.x, x);
    }
    const length = norm(own);
    // Nearly dependent: dividing by what is left would magnify rounding.
    if (!(length > 1e-8 * before)) continue;
    const scaled = (v: Float64Array): Float64Array => v.map((value) => value / length);
    const vector: Change = { x: scaled(x), residual: scaled(own) };
    basis.push(vector);
    const coefficient = dot(left, vector.residual);
    addScaled(-coefficient, vector.residual, left);
    addScaled(-coefficient, vector.x, next);
    addScaled(coefficient, vector.residual, next);
  }
  return next;
}
