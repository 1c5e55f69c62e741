/**
 * An expression at the solution, with a bound of how far its value is from that at the exact lower solution.
 * For ‖x − x*‖ <= eps and bounds of the derivatives on that ball, |v(x) − v(x*)| is at most M eps with
 * M >= ‖v'‖, and for scalars at most ‖v'(x)‖ eps + L eps²/2 with L >= ‖v''‖ (as for the upper objective);
 * rounding is added. Where neither is known, the first-order term, with what is finite of L, is an estimate.
 */
import type { Qualified } from '../base/certainty.ts';
import type { Expression } from '../atoms/expression.ts';
import { gradient } from '../autodiff/reverse.ts';
import type { LowerDependence } from '../check/problem.ts';
import type { NodeId } from '../graph/primitive.ts';
import { normAbove } from '../kernels/norm-above.ts';
import { gamma } from '../kernels/rounding-unit.ts';
import type { RoundingAnalysis } from '../kernels/rounding.ts';
import type { ExpressionLowering } from './lower-expression.ts';
import { LoweredShares } from './finite-part.ts';
import { lowerFormula } from './lower-formula.ts';
import type { LoweredFormula } from './lower-formula.ts';

export interface QuantityValue {
  readonly shape: readonly number[];
  readonly values: Float64Array;
  /** Of the 2-norm of all entries. */
  readonly error: Qualified;
}

export class Quantity {
  private readonly lowering: ExpressionLowering;
  private readonly analysis: RoundingAnalysis;
  private readonly node: NodeId;
  private readonly slope: readonly NodeId[];
  private readonly first: LoweredFormula;
  private readonly second: LoweredFormula;
  private readonly shares: () => LoweredShares | undefined;

  /** `unknowns`: the inputs of the lower unknowns. */
  constructor(
    expression: Expression,
    dependence: LowerDependence,
    unknowns: readonly NodeId[],
    lowering: ExpressionLowering,
    analysis: RoundingAnalysis,
  ) {
    this.lowering = lowering;
    this.analysis = analysis;
    this.node = lowering.lower(expression);
    const isScalar = lowering.graph.shape(this.node).length === 0;
    this.slope = isScalar ? gradient(lowering.graph, this.node, unknowns) : [];
    this.first = lowerFormula(dependence.first, lowering, analysis);
    this.second = lowerFormula(dependence.second, lowering, analysis);
    let shares: LoweredShares | undefined;
    this.shares = () => {
      shares ??= dependence.shares && new LoweredShares(dependence.shares(), lowering, analysis);
      return shares;
    };
  }

  /** The value at the evaluator's present theta and x, with x within `distance` of the lower solution. */
  within(distance: Qualified): QuantityValue {
    const epsilon = distance.value;
    const { values, errors } = this.analysis.evaluate([this.node]);
    const value = (values[0] as Float64Array).slice();
    const rounding = normAbove(errors);
    const derivative = this.analysis.evaluate(this.slope);
    const slope =
      this.slope.length === 0 ? Infinity : normAbove(derivative.values) + normAbove(derivative.errors);
    const most = times(this.first.evaluate(epsilon, true).upper, epsilon);
    // At a kink, as that of a norm at 0, there is no slope.
    const taylor = (second: number): number => {
      const change = times(slope, epsilon) + times(second, times(epsilon, epsilon) / 2);
      return Number.isNaN(change) ? Infinity : change;
    };
    const bound = outward(Math.min(most, taylor(this.second.evaluate(epsilon, true).upper)) + rounding);
    const shape = this.lowering.graph.shape(this.node);
    if (Number.isFinite(bound)) return { shape, values: value, error: { ...distance, value: bound } };
    const estimate = outward(taylor(this.shares()?.at(epsilon).value ?? 0) + rounding);
    return {
      shape,
      values: value,
      error: { value: Number.isNaN(estimate) ? Infinity : estimate, kind: 'estimated' },
    };
  }
}

/** Covers the few operations on non-negative numbers around it. */
function outward(value: number): number {
  return value * (1 + gamma(64));
}

/** 0 times infinity is 0: an unknown bound does not matter where its factor vanishes. */
function times(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b;
}
