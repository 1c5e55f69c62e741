/**
 * What accuracy will be reached, before computing: with ‖x~ − x*‖ <= eps and ‖H q − f_x‖ <= delta,
 *   ‖h − ∇F‖ <= L_ftheta eps + (‖J*‖ + L_J eps)(delta + (L_fx + L_H ‖v*‖) eps)/mu + L_J eps ‖v*‖,
 * ‖v*‖ <= ‖f_x*‖/mu. Same proof as Theorem A with the quantities at the solution. With
 * L_H = L_ftheta = 0 it is the estimate of Ehrhardt & Roberts (2023). Used to plan, never to certify.
 */
import type { ProblemConstants } from '../problem.ts';
import { times } from '../rounding.ts';

export interface AprioriInput {
  readonly epsilon: number;
  readonly delta: number;
  /** ‖f_x(x*)‖ or an upper bound. */
  readonly fxNorm: number;
  readonly constants: ProblemConstants;
}

export function aprioriBound({ epsilon, delta, fxNorm, constants }: AprioriInput): number {
  const mu = constants.mu.value;
  const adjoint = fxNorm / mu;
  const jacobian = constants.jacobianNorm.value + times(constants.L_J.value, epsilon);
  const system = delta + times(constants.L_fx.value + times(constants.L_H.value, adjoint), epsilon);
  return (
    times(constants.L_ftheta.value, epsilon) +
    times(jacobian, system / mu) +
    times(times(constants.L_J.value, epsilon), adjoint)
  );
}
