/**
 * A compiled problem as the methods see it: values, gradients and products on flat vectors, constants
 * rounded outwards, and bounds of its own rounding. All state is the evaluator's: `moveTo` and `linearise`
 * give inputs, and what did not change is not computed again. The point of linearisation is kept here and
 * restored before each product, so values elsewhere may be asked for in between.
 */
import type {
  Ball,
  BilevelProblem,
  FinitePart,
  FiniteParts,
  LipschitzName,
  ProblemConstants,
  ProximalTerms,
  RoundingBounds,
} from '../base/bilevel-problem.ts';
import type { Qualified } from '../base/certainty.ts';
import type { LowerKind } from '../base/lower-kind.ts';
import type { Projected } from '../base/projected.ts';
import type { CheckedProblem, ConstantName } from '../check/problem.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Evaluator, Plan } from '../kernels/evaluator.ts';
import type { RoundingAnalysis } from '../kernels/rounding.ts';
import type { Projector } from '../sets/set.ts';
import { normAbove } from '../kernels/norm-above.ts';
import { gather, part } from './layout.ts';
import type { Layout } from './layout.ts';
import type { LoweredShares } from './finite-part.ts';
import type { LoweredFormula } from './lower-formula.ts';
import type { Stages } from './stages.ts';
import { clip } from '../sets/box.ts';
import type { Box } from '../sets/set.ts';

export interface ProblemParts {
  readonly checked: CheckedProblem;
  readonly stages: Stages;
  readonly evaluator: Evaluator;
  readonly analysis: RoundingAnalysis;
  readonly upperLayout: Layout;
  readonly lowerLayout: Layout;
  readonly upperStart: Float64Array;
  /** Absent: theta ranges over the whole space. */
  readonly projector: Projector | undefined;
  /** Ends of the lower unknowns; absent: the whole space. */
  readonly lowerBox: Box | undefined;
  /** Starts of the lower unknowns; they may depend on theta. */
  readonly lowerStarts: readonly NodeId[];
  readonly constants: Readonly<Record<ConstantName, LoweredFormula>>;
  /** What the terms contribute to a constant, lowered when first asked for. */
  readonly sharesOf: (name: LipschitzName) => LoweredShares | undefined;
}

type PlanName = 'start' | 'lower' | 'upper' | 'hessian' | 'transposed' | 'transpose' | 'jacobian';

export class CompiledProblem implements BilevelProblem {
  readonly upperSize: number;
  readonly lowerSize: number;
  readonly lowerKind: LowerKind;
  readonly lowerIsQuadratic: boolean;
  readonly upperStart: Float64Array;
  readonly upperIsConstrained: boolean;
  readonly rounding: RoundingBounds;
  readonly proximal?: ProximalTerms;
  private readonly parts: ProblemParts;
  private readonly plans: Record<PlanName, Plan>;
  private readonly linearisedAt: Float64Array;

  constructor(parts: ProblemParts) {
    const { stages, evaluator } = parts;
    this.parts = parts;
    this.upperSize = parts.upperLayout.size;
    this.lowerSize = parts.lowerLayout.size;
    this.lowerKind = parts.checked.lower.kind;
    this.lowerIsQuadratic = parts.checked.lowerIsQuadratic && parts.lowerBox === undefined;
    this.upperIsConstrained = parts.projector !== undefined;
    this.upperStart = this.project(parts.upperStart).point;
    this.linearisedAt = new Float64Array(this.lowerSize);
    this.plans = {
      start: evaluator.plan(parts.lowerStarts),
      lower: evaluator.plan([stages.lowerObjective, ...stages.lowerGradient]),
      upper: evaluator.plan([stages.upperObjective, ...stages.upperGradientX, ...stages.upperGradientTheta]),
      hessian: evaluator.plan(stages.hessianProduct),
      transposed: evaluator.plan(stages.transposedHessianProduct ?? stages.hessianProduct),
      transpose: evaluator.plan(stages.jacobianTransposeProduct),
      jacobian: evaluator.plan(stages.jacobianProduct),
    };
    this.rounding = new CompiledRounding(this, parts);
    if (this.lowerKind === 'proximal') this.proximal = this.proximalTerms();
    this.moveTo(this.upperStart);
  }

  project(theta: Float64Array): Projected {
    return this.parts.projector?.(theta) ?? { point: theta.slice(), error: 0, kind: 'certified' };
  }

  moveTo(theta: Float64Array): void {
    this.give(this.parts.stages.theta, this.parts.upperLayout, theta);
  }

  lowerStart(): Float64Array {
    const start = new Float64Array(this.lowerSize);
    gather(this.parts.evaluator.evaluate(this.plans.start), this.parts.lowerLayout, start);
    this.retract(start);
    return start;
  }

  retract(x: Float64Array): void {
    const { lowerBox } = this.parts;
    if (lowerBox !== undefined) clip(x, lowerBox);
  }

  lower(x: Float64Array, gradient: Float64Array): number {
    this.moveLower(x);
    const [value, ...parts] = this.parts.evaluator.evaluate(this.plans.lower) as [
      Float64Array,
      ...Float64Array[],
    ];
    gather(parts, this.parts.lowerLayout, gradient);
    return value[0] as number;
  }

  upper(x: Float64Array, gradientX: Float64Array, gradientTheta: Float64Array): number {
    this.moveLower(x);
    const [value, ...parts] = this.parts.evaluator.evaluate(this.plans.upper) as [
      Float64Array,
      ...Float64Array[],
    ];
    const count = this.parts.lowerLayout.unknowns.length;
    gather(parts.slice(0, count), this.parts.lowerLayout, gradientX);
    gather(parts.slice(count), this.parts.upperLayout, gradientTheta);
    return value[0] as number;
  }

  linearise(x: Float64Array): void {
    this.linearisedAt.set(x);
  }

  hessianProduct(v: Float64Array, out: Float64Array): void {
    this.moveLower(this.linearisedAt);
    this.moveTangent(v);
    gather(this.parts.evaluator.evaluate(this.plans.hessian), this.parts.lowerLayout, out);
  }

  transposedHessianProduct(v: Float64Array, out: Float64Array): void {
    this.moveLower(this.linearisedAt);
    this.moveTangent(v);
    gather(this.parts.evaluator.evaluate(this.plans.transposed), this.parts.lowerLayout, out);
  }

  jacobianTransposeProduct(q: Float64Array, out: Float64Array): void {
    this.moveLower(this.linearisedAt);
    this.moveTangent(q);
    gather(this.parts.evaluator.evaluate(this.plans.transpose), this.parts.upperLayout, out);
  }

  jacobianProduct(u: Float64Array, out: Float64Array): void {
    this.moveLower(this.linearisedAt);
    this.give(this.parts.stages.tangentTheta, this.parts.upperLayout, u);
    gather(this.parts.evaluator.evaluate(this.plans.jacobian), this.parts.lowerLayout, out);
  }

  constants(ball?: Ball): ProblemConstants {
    const { constants, checked } = this.parts;
    if (ball !== undefined && Object.values(constants).some(({ needsCentre }) => needsCentre)) {
      this.moveLower(ball.centre);
    }
    const bound = (name: ConstantName): Qualified => {
      const interval = constants[name].evaluate(ball?.radius ?? Infinity, ball !== undefined);
      return { value: name === 'mu' ? interval.lower : interval.upper, kind: checked.constants[name].kind };
    };
    const found = {
      mu: bound('mu'),
      L: bound('L'),
      L_H: bound('L_H'),
      L_J: bound('L_J'),
      L_fx: bound('L_fx'),
      L_ftheta: bound('L_ftheta'),
      jacobianNorm: bound('jacobianNorm'),
    };
    if (this.parts.stages.projected === undefined) return found;
    if (ball !== undefined && !this.crossesEnd(ball.centre, ball.radius)) return found;
    const none: Qualified = { value: Infinity, kind: 'certified' };
    return { ...found, L_H: none, L_J: none };
  }

  /** As if no entry crossed an end. */
  finiteParts({ centre, radius }: Ball): FiniteParts {
    this.moveLower(centre);
    const part = (name: LipschitzName): FinitePart =>
      this.parts.sharesOf(name)?.at(radius) ?? { value: 0, leftOut: [] };
    return { L_H: part('L_H'), L_J: part('L_J'), L_fx: part('L_fx'), L_ftheta: part('L_ftheta') };
  }

  /**
   * Whether some entry of Phi, in [y − r, y + r] on the ball because Phi does not enlarge distances, may
   * lie on either side of an end of its box, where the derivative of the projection jumps.
   */
  private crossesEnd(centre: Float64Array, radius: number): boolean {
    const { stages, lowerBox, lowerLayout, analysis } = this.parts;
    if (stages.projected === undefined || lowerBox === undefined) return false;
    this.moveLower(centre);
    const { values, errors } = analysis.evaluate(stages.projected);
    return lowerLayout.unknowns.some(({ offset, length }, k) => {
      for (let i = 0; i < length; i++) {
        const y = values[k]?.[i] as number;
        // Two roundings of the sum and of the distances.
        const reach = (radius + (errors[k]?.[i] as number)) * (1 + 2 ** -50) + 2 ** -50 * Math.abs(y);
        for (const ends of [lowerBox.lower, lowerBox.upper]) {
          if (!(Math.abs(y - (ends[offset + i] as number)) > reach)) return true;
        }
      }
      return false;
    });
  }

  private proximalTerms(): ProximalTerms {
    const { stages, evaluator, analysis, lowerLayout, upperLayout, lowerBox } = this.parts;
    const { weights } = stages;
    const size = this.lowerSize;
    const plans = weights && {
      transpose: evaluator.plan(weights.transposeProduct),
      product: evaluator.plan(weights.product),
    };
    return {
      lower: lowerBox?.lower ?? new Float64Array(size).fill(-Infinity),
      upper: lowerBox?.upper ?? new Float64Array(size).fill(Infinity),
      weights: () => {
        const values = new Float64Array(size);
        if (weights === undefined) return { values, error: 0 };
        const found = analysis.evaluate(weights.values);
        gather(found.values, lowerLayout, values);
        const error = found.errors.reduce((most, errors) => errors.reduce((a, b) => Math.max(a, b), most), 0);
        return { values, error };
      },
      weightsTransposeProduct: (v, out) => {
        out.fill(0);
        if (plans === undefined) return;
        this.moveTangent(v);
        gather(evaluator.evaluate(plans.transpose), upperLayout, out);
      },
      weightsProduct: (u, out) => {
        out.fill(0);
        if (plans === undefined) return;
        this.give(stages.tangentTheta, upperLayout, u);
        gather(evaluator.evaluate(plans.product), lowerLayout, out);
      },
      weightsRounding: (v) => {
        if (weights === undefined) return 0;
        this.moveTangent(v);
        return normAbove(analysis.evaluate(weights.transposeProduct).errors);
      },
    };
  }

  /** Gives x to the evaluator; nothing is recomputed when it is the current one. */
  moveLower(x: Float64Array): void {
    this.give(this.parts.stages.x, this.parts.lowerLayout, x);
  }

  moveTangent(v: Float64Array): void {
    this.give(this.parts.stages.tangentX, this.parts.lowerLayout, v);
  }

  private give(inputs: readonly NodeId[], layout: Layout, vector: Float64Array): void {
    if (vector.length !== layout.size) {
      throw new Error(`a vector of length ${vector.length} where ${layout.size} entries are expected`);
    }
    layout.unknowns.forEach((place, k) => {
      this.parts.evaluator.setInput(inputs[k] as NodeId, part(vector, place));
    });
  }
}

/** 2-norms of the entrywise bounds of the running error analysis, rounded up. */
class CompiledRounding implements RoundingBounds {
  private readonly problem: CompiledProblem;
  private readonly stages: Stages;
  private readonly analysis: RoundingAnalysis;

  constructor(problem: CompiledProblem, parts: ProblemParts) {
    this.problem = problem;
    this.stages = parts.stages;
    this.analysis = parts.analysis;
  }

  lowerObjective(x: Float64Array): number {
    return this.at(x, [this.stages.lowerObjective]);
  }

  lowerGradient(x: Float64Array): number {
    return this.at(x, this.stages.lowerGradient);
  }

  upperObjective(x: Float64Array): number {
    return this.at(x, [this.stages.upperObjective]);
  }

  upperGradientX(x: Float64Array): number {
    return this.at(x, this.stages.upperGradientX);
  }

  upperGradientTheta(x: Float64Array): number {
    return this.at(x, this.stages.upperGradientTheta);
  }

  hessianProduct(x: Float64Array, v: Float64Array): number {
    this.problem.moveTangent(v);
    return this.at(x, this.stages.hessianProduct);
  }

  transposedHessianProduct(x: Float64Array, v: Float64Array): number {
    this.problem.moveTangent(v);
    return this.at(x, this.stages.transposedHessianProduct ?? this.stages.hessianProduct);
  }

  jacobianTransposeProduct(x: Float64Array, q: Float64Array): number {
    this.problem.moveTangent(q);
    return this.at(x, this.stages.jacobianTransposeProduct);
  }

  private at(x: Float64Array, nodes: readonly NodeId[]): number {
    this.problem.moveLower(x);
    return normAbove(this.analysis.evaluate(nodes).errors);
  }
}
