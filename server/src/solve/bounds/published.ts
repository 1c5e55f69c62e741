/**
 * The a posteriori bounds of the literature, evaluated with computed quantities, for comparison only:
 * they are not what this program certifies. With G = ‖g_x(x~)‖, E = G/mu, R = ‖H q − f_x‖:
 * v2 (Ehrhardt & Roberts 2023):  ‖J‖R/mu + ‖f_x‖L_J E/mu + ‖J‖L_fx E/mu + L_J L_fx E²/mu,
 *   which lacks the change of H and is no bound where L_H > 0;
 * v1 (its preprint): with L_H, without L_ftheta;
 * MAID (Salehi, Mukherjee, Roberts & Ehrhardt 2023, Theorem 2.1): v2 plus L_H ‖f_x‖‖J‖E/mu².
 */
import type { ProblemConstants } from '../problem.ts';
import { times } from '../rounding.ts';

export interface PublishedInput {
  readonly gradientNorm: number;
  readonly residualNorm: number;
  readonly fxNorm: number;
  readonly qNorm: number;
  readonly constants: ProblemConstants;
  readonly mu: number;
}

export interface PublishedBounds {
  readonly v2: number;
  readonly v1: number;
  readonly maid: number;
}

export function publishedBounds(input: PublishedInput): PublishedBounds {
  const { gradientNorm: G, residualNorm: R, fxNorm, qNorm, constants, mu } = input;
  const J = constants.jacobianNorm.value;
  const L_H = constants.L_H.value;
  const L_J = constants.L_J.value;
  const L_fx = constants.L_fx.value;
  const E = G / mu;
  const residual = times(J, R) / mu;
  const second = (times(times(L_J, L_fx), E) * E) / mu;
  const v2 = residual + (times(times(fxNorm, L_J), E) + times(times(J, L_fx), E)) / mu + second;
  const maid = v2 + times(times(times(L_H, fxNorm), J), E) / mu / mu;
  const change = L_fx + times(qNorm, L_H);
  const v1 =
    residual +
    (times(times(J, change), E) / mu + times(times(qNorm, L_J), E)) +
    times(times(L_J, E), R / mu + times(E, change) / mu);
  return { v2, v1, maid };
}
