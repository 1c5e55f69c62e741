/**
 * Polyak's heavy ball x_{k+1} = x_k − alpha g_x(x_k) + beta (x_k − x_{k−1}), x_{−1} = x_0, with
 * alpha = 4/(√L + √mu)², beta = q², q = (√L − √mu)/(√L + √mu). For quadratic g
 * ‖x_k − x*‖ <= q^k (1 + (1 + q) k) ‖x_0 − x*‖, from |U_k| <= k + 1 for Chebyshev polynomials; on other
 * g these parameters may cycle (Lessard, Recht & Packard 2016), so no rate is claimed there.
 */
import type { LowerMethod } from './method.ts';

export const heavyBall: LowerMethod = {
  name: 'heavy_ball',
  quadraticOnly: false,
  backtracks: false,
  rate(k, mu, L, quadratic) {
    if (!quadratic || !Number.isFinite(L)) return null;
    const q = (Math.sqrt(L) - Math.sqrt(mu)) / (Math.sqrt(L) + Math.sqrt(mu));
    return q ** k * (1 + (1 + q) * k);
  },
  iterationsFor(reduction, mu, L) {
    const perFold = 2 * Math.atanh(Math.min(Math.sqrt(mu / L), 0.99));
    const plain = Math.log(reduction) / perFold;
    // The factor 1 + 2k of the bound, absorbed by a second look at the count.
    return 1 + (Math.log(reduction) + Math.log(1 + 2 * plain)) / perFold;
  },
  run(task, monitor) {
    const rootL = Math.sqrt(task.stepL);
    const rootMu = Math.sqrt(task.stepMu);
    const step = 4 / (rootL + rootMu) ** 2;
    const momentum = ((rootL - rootMu) / (rootL + rootMu)) ** 2;
    const x = task.start.slice();
    const previous = x.slice();
    for (;;) {
      monitor.iterate(x);
      if (monitor.test(x)) return;
      const gradient = monitor.gradient;
      for (let i = 0; i < x.length; i++) {
        const now = x[i] as number;
        x[i] = now - step * (gradient[i] as number) + momentum * (now - (previous[i] as number));
        previous[i] = now;
      }
      monitor.iterations++;
    }
  },
};
