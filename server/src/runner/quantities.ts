/**
 * The numbers of a result by the names that `expect` and `report` use, each as the interval that its bound
 * leaves possible. What is a bound, a constant or a count is compared as it stands.
 */
import type { Certainty } from '../base/certainty.ts';
import { add, point, subtract } from './expected-interval.ts';
import type { JsonBound, JsonNumber, RunResult } from '../protocol/result.ts';

export interface Known {
  readonly value: number;
  /** The true value lies in [low, high], as far as `kind` says. */
  readonly low: number;
  readonly high: number;
  readonly kind: Certainty;
}

export type Outcome = Omit<RunResult, 'expectations'>;

/** Undefined: this result has no such number. */
export function quantityIn(result: Outcome, name: string): Known | undefined {
  const reported = result.report?.[name];
  if (reported === undefined) return quantities[name]?.(result);
  return typeof reported.value === 'object' ? undefined : around(reported.value, reported.error);
}

type Reader = (result: Outcome) => Known | undefined;

const constantNames = { mu: 'mu', L: 'L', L_H: 'L_H', L_J: 'L_J', L_fx: 'L_fx', L_ftheta: 'L_ftheta' };

const constants = Object.fromEntries(
  Object.entries({ ...constantNames, jacobian_norm: 'jacobianNorm' }).map(
    ([name, field]): [string, Reader] => [
      name,
      ({ constants: table }) => {
        const constant = table[field];
        return constant === undefined ? undefined : exactly(constant.value, constant.kind);
      },
    ],
  ),
);

const quantities: Readonly<Record<string, Reader>> = {
  upper_objective: ({ upper }) => around(upper.objective, upper.objectiveError),
  upper_objective_error: ({ upper }) => boundOf(upper.objectiveError),
  stationarity: ({ upper }) => around(upper.stationarity, upper.stationarityError),
  lower_objective: ({ lower: { objective, objectiveError } }) =>
    objective === undefined || objectiveError === undefined ? undefined : around(objective, objectiveError),
  lower_error: ({ lower }) => boundOf(lower.error),
  // The norm of h is compared as that of the true hypergradient.
  hypergradient_norm: ({ hypergradient }) => around(hypergradient.norm, hypergradient.error),
  hypergradient_error: ({ hypergradient }) => boundOf(hypergradient.error),
  relative_hypergradient_error: ({ hypergradient }) =>
    exactly(hypergradient.relativeError, hypergradient.error.kind),
  rounding_floor: ({ hypergradient }) => exactly(hypergradient.roundingFloor, hypergradient.error.kind),
  polishing_steps: ({ hypergradient }) => exactly(hypergradient.polishingSteps, 'certified'),
  descent_certified: ({ hypergradient }) => exactly(hypergradient.descentCertified ? 1 : 0, 'certified'),
  converged: ({ status }) => exactly(status === 'converged' ? 1 : 0, 'certified'),
  ...constants,
  lower_gradients: ({ counts }) => exactly(counts.lowerGradients, 'certified'),
  hessian_products: ({ counts }) => exactly(counts.hessianProducts, 'certified'),
  jacobian_products: ({ counts }) => exactly(counts.jacobianProducts, 'certified'),
  upper_gradients: ({ counts }) => exactly(counts.upperGradients, 'certified'),
  upper_steps: ({ counts }) => exactly(counts.upperSteps, 'certified'),
  seconds: ({ seconds }) => exactly(seconds, 'certified'),
};

export function around(value: JsonNumber, { bound, kind }: JsonBound): Known {
  const centre = Number(value);
  const radius = Number(bound);
  return {
    value: centre,
    low: subtract(point(centre), point(radius)).low,
    high: add(point(centre), point(radius)).high,
    kind,
  };
}

export function exactly(value: JsonNumber, kind: Certainty): Known {
  const number = Number(value);
  return { value: number, low: number, high: number, kind };
}

function boundOf({ bound, kind }: JsonBound): Known {
  return exactly(bound, kind);
}
