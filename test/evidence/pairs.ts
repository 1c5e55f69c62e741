/**
 * Random pairs of theta and tolerances on real samples, each hypergradient judged by an exact reference.
 * A pair fails where a bound is below the true error or is not finite.
 */
import { defaultSolveOptions } from '../../server/src/base/solve-options.ts';
import type { IterationOptions, SolveOptions } from '../../server/src/base/solve-options.ts';
import { hypergradientAt } from '../../server/src/solve/run.ts';
import { difference, exact, norm } from './exact-algebra.ts';
import { logisticReference, quadraticReference, ridgeReference } from './references.ts';
import type { Reference, ReferenceAt } from './references.ts';
import { compileSample, sampleText } from './sample.ts';
import type { Sample } from './sample.ts';

export type Family = 'quadratic' | 'ridge' | 'logistic';

export const families = ['quadratic', 'ridge', 'logistic'] as const;

const makers: Readonly<Record<Family, (sample: Sample) => ReferenceAt>> = {
  quadratic: quadraticReference,
  ridge: ridgeReference,
  logistic: logisticReference,
};

/** The boxes of the samples, log penalties; of the quadratic, whose theta is free, a range around its start. */
const boxes: Readonly<Record<Family, readonly [number, number]>> = {
  quadratic: [-2, 3],
  ridge: [-8, 4],
  logistic: [-10, 5],
};

export interface Pair {
  readonly family: Family;
  readonly theta: Float64Array;
  readonly options: SolveOptions;
  /** ‖h − ∇F‖, by the reference. */
  readonly error: number;
  readonly relativeError: number;
  readonly bound: number;
  /** Theorem A at the point itself. */
  readonly plain: number;
  readonly published: { readonly v2: number; readonly v1: number; readonly maid: number };
  readonly floor: number;
  readonly kind: string;
  /** ‖x − x*‖ and its bound. */
  readonly lowerError: number;
  readonly lowerBound: number;
}

export class PairSource {
  readonly family: Family;
  private readonly sample: Sample;
  private readonly referenceAt: ReferenceAt;
  private readonly references = new WeakMap<Float64Array, Reference>();

  /** `edit` changes the text: other scales of data, no set of theta. */
  constructor(family: Family, edit: (text: string) => string = (text) => text) {
    this.family = family;
    this.sample = compileSample(edit(sampleText(family)));
    this.referenceAt = makers[family](this.sample);
  }

  /** In the box or beyond it on every side by `beyond` of its width, at a corner now and then. */
  drawTheta(random: () => number, beyond: number): Float64Array {
    const [low, high] = boxes[this.family];
    const margin = beyond * (high - low);
    const size = this.sample.compiled.problem.upperSize;
    const within = (from: number, to: number): number => from + (to - from) * random();
    // All entries near each other, as at a start; all over the range; or each at one of its ends.
    const way = random();
    const centre = within(low - margin, high + margin);
    return Float64Array.from({ length: size }, () => {
      if (way < 0.4) return centre + within(-1, 1);
      return way < 0.85 ? within(low - margin, high + margin) : random() < 0.5 ? low - margin : high + margin;
    });
  }

  run(theta: Float64Array, options: SolveOptions): Pair {
    const { problem } = this.sample.compiled;
    const at = problem.project(theta).point;
    let reference = this.references.get(theta);
    if (reference === undefined) {
      reference = this.referenceAt(at);
      this.references.set(theta, reference);
    }
    const report = hypergradientAt(problem, { theta }, options);
    const { bound, plain, published, roundingFloor, kind } = report.certificate;
    const error = norm(difference(exact(report.hypergradient), reference.h));
    return {
      family: this.family,
      theta: at,
      options,
      error,
      relativeError: error / norm(reference.h),
      bound,
      plain: plain.omega,
      published,
      floor: roundingFloor,
      kind,
      lowerError: norm(difference(exact(report.x), reference.x)),
      lowerBound: report.lowerError.value,
    };
  }
}

/** Of all methods; `accurate` keeps both tolerances in the lower half of 1e-12 … 1, in powers of ten. */
export function drawOptions(random: () => number, accurate: boolean, mostIterations: number): SolveOptions {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(from.length * random())] as T;
  const tolerance = (): number => 10 ** -(accurate ? 6 + 6 * random() : 12 * random());
  const stop = (): IterationOptions => {
    const relative = random() < 0.25;
    const size = random() < 0.03 ? 0 : tolerance();
    return relative ? { relative: size } : { tolerance: size };
  };
  const fast = accurate ? ['automatic', 'fista', 'heavy_ball'] : ['fista', 'heavy_ball', 'gradient_descent'];
  const lower = {
    method: pick(fast) as SolveOptions['lower']['method'],
    ...stop(),
    iterations: accurate || random() < 0.6 ? mostIterations : Math.ceil(100 * random()),
  };
  const linear = {
    method: pick(accurate ? ['cg', 'cg', 'heavy_ball'] : ['cg', 'gradient_descent', 'heavy_ball']),
    ...stop(),
    iterations: accurate || random() < 0.6 ? mostIterations : Math.ceil(50 * random()),
  } as SolveOptions['hypergradient']['linear'];
  const options = { ...defaultSolveOptions, lower, hypergradient: { method: 'implicit', linear } } as const;
  // Now and then no tolerance at all: the accuracy that the certificate asks for.
  return random() < (accurate ? 0.15 : 0.03) ? { ...defaultSolveOptions, budget: 10_000 } : options;
}

/** What is wrong with a pair; undefined when nothing is. */
export function faultOf(pair: Pair): string | undefined {
  const { error, bound, plain, lowerError, lowerBound } = pair;
  const where = `${pair.family}, relative error ${pair.relativeError}, theta [${pair.theta.join(', ')}], ${JSON.stringify(pair.options)}`;
  if (!Number.isFinite(error)) return `the error is ${error}: ${where}`;
  if (!(bound >= error && bound < Infinity)) return `bound ${bound}, error ${error}: ${where}`;
  if (!(plain >= error && plain < Infinity)) return `Theorem A ${plain}, error ${error}: ${where}`;
  if (!(lowerBound >= lowerError && lowerBound < Infinity)) {
    return `bound ${lowerBound} of the lower solution, error ${lowerError}: ${where}`;
  }
  return undefined;
}

/**
 * Median and worst ratio of bound to error, by family and together: with polishing, the worst of it where the
 * error is above what rounding alone makes, Theorem A at the point itself, and the published bounds v2 and MAID
 * with the number of pairs where they are below the error.
 */
export function ratioTable(pairs: readonly Pair[]): string {
  const groups = [
    ...families.map((name) => [name, pairs.filter(({ family }) => family === name)] as const),
    ['all', pairs] as const,
  ];
  const cell = (text: string, width: number): string => text.padStart(width);
  const number = (value: number): string => (value < 1e4 ? value.toPrecision(3) : value.toExponential(1));
  const head = `${'family'.padEnd(10)}${cell('pairs', 6)}${cell('< 1e-6', 8)}${cell('polished', 10)}${cell('worst', 10)}${cell('above floor', 13)}${cell('Theorem A', 11)}${cell('worst', 10)}${cell('published', 11)}${cell('worst', 10)}${cell('fails', 7)}${cell('MAID', 10)}${cell('fails', 7)}`;
  const rows = groups
    .filter(([, of]) => of.length > 0)
    .map(([name, of]) => {
      const ratios = (value: (pair: Pair) => number): number[] =>
        of
          .map((pair) => value(pair) / pair.error)
          .filter((ratio) => !Number.isNaN(ratio))
          .sort((a, b) => a - b);
      const median = (of: readonly number[]): number => of[Math.floor(of.length / 2)] ?? Number.NaN;
      const polished = ratios(({ bound }) => bound);
      const plain = ratios(({ plain }) => plain);
      const v2 = ratios(({ published }) => published.v2);
      const maid = ratios(({ published }) => published.maid);
      const above = of
        .filter(({ error, floor }) => error > floor)
        .map(({ bound, error }) => bound / error)
        .sort((a, b) => a - b);
      const fails = (of: readonly number[]): string => String(of.filter((ratio) => ratio < 1).length);
      const accurate = of.filter(({ relativeError }) => relativeError < 1e-6).length;
      return `${name.padEnd(10)}${cell(String(of.length), 6)}${cell(String(accurate), 8)}${cell(number(median(polished)), 10)}${cell(number(polished.at(-1) ?? 1), 10)}${cell(number(above.at(-1) ?? Number.NaN), 13)}${cell(number(median(plain)), 11)}${cell(number(plain.at(-1) ?? 1), 10)}${cell(number(median(v2)), 11)}${cell(number(v2.at(-1) ?? 1), 10)}${cell(fails(v2), 7)}${cell(number(median(maid)), 10)}${cell(fails(maid), 7)}`;
    });
  return [head, ...rows].join('\n');
}
