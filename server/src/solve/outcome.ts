/**
 * Every way a computation can end, each with what to do about it. A run ends with exactly one of these
 * names; `done` tells whether the answer is the one that was asked for (exit code 0) or the solver
 * could not continue.
 */
import type { LowerKind } from '../base/lower-kind.ts';

export type Level = 'lower' | 'linear' | 'upper';

interface StatusDescription {
  readonly done: boolean;
  readonly meaning: string;
  readonly advice: string;
}

const table = {
  converged: {
    done: true,
    meaning: 'the projected-gradient norm with its bound is within the tolerance, or is zero beside rounding',
    advice: 'Nothing to do.',
  },
  evaluated: {
    done: true,
    meaning: 'the hypergradient was computed to the accuracy asked for',
    advice: 'Nothing to do.',
  },
  budget_spent: {
    done: true,
    meaning: 'the budget of lower gradients and Hessian products is spent',
    advice: 'Raise `budget`, or start from the variables returned here, to go further.',
  },
  step_limit: {
    done: true,
    meaning: 'the number of upper steps asked for is done',
    advice: 'Raise `steps` to go further.',
  },
  cancelled: {
    done: false,
    meaning: 'ended on request; the last finite iterate is kept',
    advice: 'A new run starts again from the start in the file.',
  },
  stalled: {
    done: false,
    meaning: 'no further progress can be certified',
    advice:
      'The rounding floor of this problem is reached: rescale the data or strengthen the regularisation, or accept the point by a larger upper `tolerance`.',
  },
  no_descent: {
    done: false,
    meaning: 'no step length gave a certified decrease',
    advice:
      'Remove the explicit lower and linear tolerances so that the certificate drives them, or tighten them.',
  },
  diverged: {
    done: false,
    meaning: 'the upper objective grew without limit',
    advice: 'The fixed upper `step` is too long: shorten it, or leave it out for the certified line search.',
  },
  not_finite: {
    done: false,
    meaning: 'a value that is not finite arose; the last finite iterate is kept',
    advice:
      'Restrict the upper unknowns to a set where the objectives are finite, or shorten the upper `step`.',
  },
  lower_not_converged: {
    done: false,
    meaning: 'the lower solver stopped before its tolerance',
    advice:
      'Strengthen the regularisation of the lower level, loosen `tolerance`, raise `iterations`, or choose another lower method.',
  },
  linear_not_converged: {
    done: false,
    meaning: 'the linear solver stopped before its tolerance',
    advice: 'Use cg, loosen its `tolerance`, or strengthen the regularisation of the lower level.',
  },
  not_strongly_convex: {
    done: false,
    meaning: 'no positive strong convexity constant is known at this theta',
    advice:
      'Add a regulariser to the lower level, for example `+ 0.001 * sumsq(x)`, or keep the upper unknowns in a set where the penalty stays positive.',
  },
  not_contractive: {
    done: false,
    meaning: 'no contraction factor below 1 is known at this theta',
    advice:
      'Keep the upper unknowns in a set where the map contracts, for example `in spectral_ball(0.9)` on its matrix, damp the map, or give `q` in the lower method.',
  },
} as const satisfies Record<string, StatusDescription>;

export type Status = keyof typeof table;

export const statuses: Readonly<Record<Status, StatusDescription>> = table;

export interface Outcome {
  readonly status: Status;
  /** What to do, in words; starts with the particular reason where there is one. */
  readonly advice: string;
  /** The level responsible, where one is. */
  readonly level?: Level;
  /** Ended because h could not be told from 0 beside this error, which rounding keeps from being smaller. */
  readonly uncertainty?: number;
}

/** Where the lower solution is not known to be unique, so that nothing can be bounded. */
export function singular(kind: LowerKind): Outcome {
  return outcome(kind === 'fixed_point' ? 'not_contractive' : 'not_strongly_convex', { level: 'lower' });
}

/** h could not be told from 0 beside `uncertainty`; `zeroAdvice` says what that came to once all is certified. */
export function zeroBesideRounding(status: 'converged' | 'evaluated', uncertainty: number): Outcome {
  return { status, advice: table[status].advice, level: 'upper', uncertainty };
}

/** `size`: ‖h‖ or the projected step's length, known to `bound` in the end. */
export function zeroAdvice(uncertainty: number, size: number, bound: number): string {
  const short = (value: number): string => value.toExponential(1);
  if (size === 0) return `The hypergradient is zero within its bound of ${short(bound)}.`;
  return size <= bound
    ? `The hypergradient is zero within its bound: ${short(size)} beside ${short(bound)}, which rounding keeps from being smaller.`
    : `Rounding left the hypergradient uncertain by ${short(uncertainty)}, more than its norm, so that no further step could be told from none; sharpened once at the end it is ${short(size)} ± ${short(bound)}. To go further, rescale the data or strengthen the regularisation of the lower level.`;
}

/** An outcome; `reason` is put before the status's own advice, `advice` replaces it. */
export function outcome(
  status: Status,
  details: { readonly level?: Level; readonly reason?: string; readonly advice?: string } = {},
): Outcome {
  const advice = details.advice ?? table[status].advice;
  const text = details.reason === undefined ? advice : `${details.reason} ${advice}`;
  return details.level === undefined
    ? { status, advice: text }
    : { status, advice: text, level: details.level };
}
