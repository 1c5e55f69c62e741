/**
 * FISTA for strongly convex objectives (Chambolle & Pock 2016, Algorithm 5, Theorem 4.10), step 1/L,
 * Q = mu/L, t_0 = 0:  x_{k+1} = y_k − g_x(y_k)/L,  t' = (1 − Q t² + √((1 − Q t²)² + 4 t²))/2,
 * y_{k+1} = x_{k+1} + (t' − 1)(1 − Q t'')/(t''(1 − Q)) (x_{k+1} − x_k) with successive t', t''.
 * ‖x_k − x*‖² <= min{(1 + √Q)(1 − √Q)^k, 4/(k + 1)²} (L/mu) ‖x_0 − x*‖².
 * The gradient is known at y, so y is what is tested and returned. Without a finite L it backtracks.
 */
import { combination } from '../vector.ts';
import { BacktrackingStep } from './backtracking.ts';
import type { LowerMethod } from './method.ts';

export const fista: LowerMethod = {
  name: 'fista',
  quadraticOnly: false,
  backtracks: true,
  rate(k, mu, L) {
    if (!Number.isFinite(L)) return null;
    const root = Math.sqrt(mu / L);
    return Math.sqrt(Math.min((1 + root) * (1 - root) ** k, 4 / (k + 1) ** 2) * (L / mu));
  },
  iterationsFor(reduction, mu, L) {
    const root = Math.min(Math.sqrt(mu / L), 0.99);
    return 1 + (2 * Math.log(reduction) + Math.log(2 * Math.max(1, L / mu))) / -Math.log1p(-root);
  },
  run(task, monitor) {
    const search = Number.isFinite(task.stepL) ? undefined : new BacktrackingStep(task);
    const y = task.start.slice();
    const x = y.slice();
    let t = 0;
    monitor.iterate(x);
    for (;;) {
      if (monitor.test(y)) return;
      let next: Float64Array | undefined;
      if (search === undefined) next = combination(y, -1 / task.stepL, monitor.gradient);
      else next = search.step(y, monitor.objective, monitor.gradient) ?? y;
      const Q = Math.min(1, task.stepMu / (search === undefined ? task.stepL : search.smoothness));
      // kappa = 1: the coefficient is 0/0 and the plain step already contracts by 1 − Q, under 1e-8.
      let beta = 0;
      if (1 - Q > 1e-8) {
        const grown = nextWeight(t, Q);
        const after = nextWeight(grown, Q);
        beta = ((grown - 1) * (1 - Q * after)) / (after * (1 - Q));
        t = grown;
      }
      for (let i = 0; i < y.length; i++) {
        const now = next[i] as number;
        y[i] = now + beta * (now - (x[i] as number));
        x[i] = now;
      }
      monitor.iterations++;
      monitor.iterate(x);
    }
  },
};

function nextWeight(t: number, Q: number): number {
  const reduced = 1 - Q * t * t;
  return (reduced + Math.sqrt(reduced * reduced + 4 * t * t)) / 2;
}
