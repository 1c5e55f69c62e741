/**
 * Norms of arrays over their entries and Hölder's inequality for entrywise products: the norm of a
 * product of factors is at most a product of norms of the factors, 1/r = sum of 1/p_i. This choice,
 * which factor is measured how, is what makes the composition rules as sharp as the rules for
 * generalised linear sums: for sum_i phi(a_i'x) the third derivative in the `sum` norm is
 * c3 · largest · euclid · euclid = c3 max‖a_i‖ ‖A‖².
 */
import type { Formula } from '../../atoms/formula.ts';
import { minimum, multiply } from '../../atoms/formula.ts';

/**
 * `sum`: of absolute entries; `euclid`: 2-norm of all; `largest`: absolute entry; `rows`: largest
 * 2-norm of a row (last axis). largest <= rows <= euclid <= sum.
 */
export type NormKind = 'sum' | 'euclid' | 'largest' | 'rows';

/** One factor: its order as a derivative (0: a value), and its norms. */
export interface Factor {
  readonly order: number;
  /** A value in which no lower unknown occurs: a weight, as opposed to a residual. */
  readonly fixed?: boolean;
  readonly norm: (kind: NormKind) => Formula;
}

/** An upper bound of the norm of the entrywise product of the factors. */
export function productNorm(
  kind: NormKind,
  factors: readonly Factor[],
  weakest: 'largest' | 'rows' = 'largest',
): Formula {
  const [only] = factors;
  if (factors.length === 1 && only !== undefined) return only.norm(kind === 'largest' ? weakest : kind);
  const rest = (chosen: readonly number[], norms: readonly NormKind[]): Formula =>
    multiply(
      ...factors.map((factor, index) => {
        const at = chosen.indexOf(index);
        return factor.norm(at < 0 ? weakest : (norms[at] as NormKind));
      }),
    );
  if (kind === 'largest') return rest([], []);
  const moving = factors.flatMap((factor, index) => (factor.order > 0 ? [index] : []));
  if (kind !== 'sum') {
    // One factor carries the norm, preferably a derivative; the others their largest entry.
    return minimum(...(moving.length > 0 ? moving : [0]).map((index) => rest([index], [kind])));
  }
  if (moving.length >= 2) {
    const pairs = moving.flatMap((first, at) =>
      moving.slice(at + 1).map((second) => [first, second] as const),
    );
    return minimum(...pairs.map((pair) => rest(pair, ['euclid', 'euclid'])));
  }
  // One derivative and one value, in either order.
  const other = moving[0] ?? 0;
  const weight = 1 - other;
  const derivative = factors[other] as Factor;
  // Weights of a second derivative are measured by their largest entry, so that sum_i w_i phi''(…) is
  // max w times the rest; residuals and first derivatives do better by Cauchy-Schwarz.
  if (factors[weight]?.fixed === true && derivative.order >= 2) return rest([other], ['sum']);
  return rest([weight, other], ['euclid', 'euclid']);
}
