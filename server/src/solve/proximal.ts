/**
 * A lower level g + sum_i w_i |x_i| + the indicator of a box as a root problem. With y = x − s g_x(x),
 * s = 1/L, and the proximal map p(y) = clip(soft(y, s w)), the residual is the gradient mapping
 * R(x) = (x − p(y))/s, and ‖x − x*‖ <= ‖R(x)‖/mu because x -> p(y) contracts by 1 − s mu. An entry is free
 * where p moves with y, else it rests at a kink or at an end. H is g_xx on the free entries and 1/s on the
 * others, symmetric with eigenvalues in [mu, L]; J is g_xtheta + sign(x) dw/dtheta on the free entries. So
 * Theorem A holds as it stands on every ball on which no entry can change its state: as y moves at most as
 * far as x, an entry cannot when its state is the same at y − eps and y + eps. Elsewhere L_H and L_J are infinite.
 */
import type {
  Ball,
  BilevelProblem,
  FiniteParts,
  ProblemConstants,
  ProximalTerms,
  RoundingBounds,
} from './problem.ts';
import { normAbove, outward, times, unitRoundoff } from './rounding.ts';
import { norm } from './vector.ts';

/** Where p(y) lies: at the lower end, at the kink 0, at the upper end, or free on either side of 0. */
type State = 'lower' | 'zero' | 'upper' | 'positive' | 'negative';

/** The problem as the methods see it; others than proximal ones are handed back. */
export function withProximalSteps(problem: BilevelProblem): BilevelProblem {
  return problem.proximal === undefined ? problem : new ProximalProblem(problem, problem.proximal);
}

export class ProximalProblem implements BilevelProblem {
  readonly upperSize: number;
  readonly lowerSize: number;
  readonly lowerKind = 'proximal';
  readonly lowerIsQuadratic = false;
  readonly upperStart: Float64Array;
  readonly upperIsConstrained: boolean;
  readonly rounding: RoundingBounds;
  private readonly inner: BilevelProblem;
  private readonly terms: ProximalTerms;
  private step = 0;
  private weights: Float64Array;
  private weightError = 0;
  private smoothness: ProblemConstants['L'] = { value: Infinity, kind: 'certified' };
  private readonly gradient: Float64Array;
  private readonly states: State[];
  private readonly masked: Float64Array;

  constructor(inner: BilevelProblem, terms: ProximalTerms) {
    this.inner = inner;
    this.terms = terms;
    this.upperSize = inner.upperSize;
    this.lowerSize = inner.lowerSize;
    this.upperStart = inner.upperStart;
    this.upperIsConstrained = inner.upperIsConstrained;
    this.weights = new Float64Array(inner.lowerSize);
    this.gradient = new Float64Array(inner.lowerSize);
    this.masked = new Float64Array(inner.lowerSize);
    this.states = Array<State>(inner.lowerSize).fill('zero');
    this.rounding = this.roundingBounds();
    this.moveTo(inner.upperStart);
  }

  project(theta: Float64Array): ReturnType<BilevelProblem['project']> {
    return this.inner.project(theta);
  }

  moveTo(theta: Float64Array): void {
    this.inner.moveTo(theta);
    const { mu, L } = this.inner.constants();
    this.smoothness = L.value < mu.value ? { ...L, value: mu.value } : L;
    // A little below 1/L, so that the step is one in exact arithmetic too.
    this.step = (1 - 8 * unitRoundoff) / this.smoothness.value;
    const { values, error } = this.terms.weights();
    this.weights = values;
    this.weightError = error;
  }

  lowerStart(): Float64Array {
    const start = this.inner.lowerStart();
    const { lower, upper } = this.terms;
    return start.map((value, i) => Math.min(Math.max(value, lower[i] as number), upper[i] as number));
  }

  /** g + sum w |x|, and R. */
  lower(x: Float64Array, residual: Float64Array): number {
    let value = this.inner.lower(x, this.gradient);
    for (let i = 0; i < x.length; i++) {
      const [entry, slope, weight] = [x[i] as number, this.gradient[i] as number, this.weights[i] as number];
      value += weight * Math.abs(entry);
      const state = this.stateAt(i, entry - this.step * slope);
      // On free entries (x − p)/s is the slope of g + h, without a difference of near numbers.
      residual[i] =
        state === 'positive'
          ? slope + weight
          : state === 'negative'
            ? slope - weight
            : (entry - this.restAt(i, state)) / this.step;
      if (Number.isNaN(slope)) residual[i] = Number.NaN;
    }
    return value;
  }

  upper(x: Float64Array, gradientX: Float64Array, gradientTheta: Float64Array): number {
    return this.inner.upper(x, gradientX, gradientTheta);
  }

  /** Entries that rest go to where they rest. */
  retract(x: Float64Array): void {
    for (let i = 0; i < x.length; i++) {
      const state = this.states[i] as State;
      if (!isFree(state)) x[i] = this.restAt(i, state);
    }
  }

  linearise(x: Float64Array): void {
    this.inner.lower(x, this.gradient);
    for (let i = 0; i < x.length; i++)
      this.states[i] = this.stateAt(i, (x[i] as number) - this.step * (this.gradient[i] as number));
    this.inner.linearise(x);
  }

  hessianProduct(v: Float64Array, out: Float64Array): void {
    this.inner.hessianProduct(this.free(v), out);
    for (let i = 0; i < v.length; i++)
      if (!isFree(this.states[i] as State)) out[i] = (v[i] as number) / this.step;
  }

  jacobianTransposeProduct(q: Float64Array, out: Float64Array): void {
    this.inner.jacobianTransposeProduct(this.free(q), out);
    const own = new Float64Array(out.length);
    this.terms.weightsTransposeProduct(this.signed(q), own);
    for (let k = 0; k < out.length; k++) out[k] = (out[k] as number) + (own[k] as number);
  }

  jacobianProduct(u: Float64Array, out: Float64Array): void {
    this.inner.jacobianProduct(u, out);
    const own = new Float64Array(out.length);
    this.terms.weightsProduct(u, own);
    for (let i = 0; i < out.length; i++) {
      const state = this.states[i] as State;
      const sign = state === 'positive' ? 1 : -1;
      out[i] = isFree(state) ? (out[i] as number) + sign * (own[i] as number) : 0;
    }
  }

  constants(ball?: Ball): ProblemConstants {
    const found = { ...this.inner.constants(ball), L: this.smoothness };
    if (ball !== undefined && !this.changesState(ball.centre, ball.radius)) return found;
    const none = { value: Infinity, kind: 'certified' } as const;
    return { ...found, L_H: none, L_J: none };
  }

  lowerSlope(x: Float64Array, radius: number): number {
    this.inner.lower(x, this.gradient);
    const smooth = normAbove(this.gradient) + this.inner.rounding.lowerGradient(x);
    const weights = normAbove(this.weights) + Math.sqrt(x.length) * this.weightError;
    return outward(smooth + times(this.smoothness.value, radius) + weights);
  }

  /** As if no entry changed its state. */
  finiteParts(ball: Ball): FiniteParts | undefined {
    return this.inner.finiteParts?.(ball);
  }

  private changesState(centre: Float64Array, radius: number): boolean {
    this.inner.lower(centre, this.gradient);
    const error = this.step * this.inner.rounding.lowerGradient(centre) + this.step * this.weightError;
    for (let i = 0; i < centre.length; i++) {
      const [entry, slope] = [centre[i] as number, this.gradient[i] as number];
      const y = entry - this.step * slope;
      const own =
        8 * unitRoundoff * (Math.abs(entry) + this.step * (Math.abs(slope) + (this.weights[i] as number)));
      const reach = (radius + error + own) * (1 + 8 * unitRoundoff);
      if (this.stateAt(i, y - reach) !== this.stateAt(i, y + reach)) return true;
    }
    return false;
  }

  /** p is increasing, so the states of y are intervals in this order: lower, negative, zero, positive, upper. */
  private stateAt(i: number, y: number): State {
    const threshold = this.step * (this.weights[i] as number);
    const soft = y > threshold ? y - threshold : y < -threshold ? y + threshold : 0;
    if (soft <= (this.terms.lower[i] as number)) return 'lower';
    if (soft >= (this.terms.upper[i] as number)) return 'upper';
    if (threshold > 0) return soft > 0 ? 'positive' : soft < 0 ? 'negative' : 'zero';
    return 'positive';
  }

  private restAt(i: number, state: State): number {
    if (state === 'lower') return this.terms.lower[i] as number;
    return state === 'upper' ? (this.terms.upper[i] as number) : 0;
  }

  private free(v: Float64Array): Float64Array {
    for (let i = 0; i < v.length; i++)
      this.masked[i] = isFree(this.states[i] as State) ? (v[i] as number) : 0;
    return this.masked;
  }

  private signed(q: Float64Array): Float64Array {
    return q.map((value, i) => {
      const state = this.states[i] as State;
      return state === 'positive' ? value : state === 'negative' ? -value : 0;
    });
  }

  /** p does not enlarge errors of y; near the border of two states both formulas for R agree up to these. */
  private roundingBounds(): RoundingBounds {
    const { inner, terms } = this;
    const { rounding } = inner;
    return {
      upperObjective: (x) => rounding.upperObjective(x),
      upperGradientX: (x) => rounding.upperGradientX(x),
      upperGradientTheta: (x) => rounding.upperGradientTheta(x),
      lowerObjective: (x) =>
        rounding.lowerObjective(x) +
        x.reduce((sum, value) => sum + Math.abs(value), 0) * this.weightError +
        4 *
          (x.length + 2) *
          unitRoundoff *
          x.reduce((sum, value, i) => sum + Math.abs(value) * (this.weights[i] as number), 0),
      lowerGradient: (x) => {
        inner.lower(x, this.gradient);
        const errors = new Float64Array(x.length);
        for (let i = 0; i < x.length; i++) {
          const [entry, slope, weight] = [
            x[i] as number,
            Math.abs(this.gradient[i] as number),
            this.weights[i] as number,
          ];
          const state = this.stateAt(i, entry - this.step * (this.gradient[i] as number));
          const away = isFree(state) ? 0 : Math.abs(entry - this.restAt(i, state)) / this.step;
          const y = entry - this.step * (this.gradient[i] as number);
          const shift = 16 * unitRoundoff * (Math.abs(entry) + this.step * (slope + weight));
          // Within rounding of a border, the other formula may be the exact one; they differ by the shift.
          const isNear = this.stateAt(i, y - shift) !== this.stateAt(i, y + shift);
          errors[i] = 8 * unitRoundoff * (slope + weight + away) + (isNear ? shift / this.step : 0);
        }
        return (
          (rounding.lowerGradient(x) + normAbove(errors) + Math.sqrt(x.length) * this.weightError) *
          (1 + 1e-12)
        );
      },
      hessianProduct: (x, v) => {
        this.linearise(x);
        return rounding.hessianProduct(x, this.free(v).slice()) + (4 * unitRoundoff * norm(v)) / this.step;
      },
      jacobianTransposeProduct: (x, q) => {
        this.linearise(x);
        const own = new Float64Array(this.upperSize);
        terms.weightsTransposeProduct(this.signed(q), own);
        return (
          rounding.jacobianTransposeProduct(x, this.free(q).slice()) +
          terms.weightsRounding(this.signed(q)) +
          8 * unitRoundoff * norm(own)
        );
      },
    };
  }
}

function isFree(state: State): boolean {
  return state === 'positive' || state === 'negative';
}
