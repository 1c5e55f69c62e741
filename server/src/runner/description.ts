/**
 * What a problem is, with numbers, before anything is solved: sizes and what bound them, curvature,
 * constants at the start and the methods that will run, automatic choices named as such.
 */
import { LineIndex } from '../base/span.ts';
import type { SolveOptions } from '../base/solve-options.ts';
import type { CheckedProblem } from '../check/problem.ts';
import type { Compiled } from '../compile/compile.ts';
import type { Description } from '../protocol/solver.ts';
import { automaticLinearMethod } from '../solve/linear/index.ts';
import { automaticLowerMethod } from '../solve/lower/index.ts';
import type { LowerFacts } from '../solve/lower/index.ts';
import { doubtfulConstants } from './doubtful-constants.ts';
import { jsonConstants } from './report.ts';

export function describeProblem(
  checked: CheckedProblem,
  compiled: Compiled,
  options: SolveOptions,
  text: string,
): Description {
  const { problem, upperLayout, lowerLayout } = compiled;
  const warnings = doubtfulConstants(checked, compiled, options, problem.upperStart, text);
  problem.moveTo(problem.upperStart);
  const unknowns = (level: 'upper' | 'lower', layout: typeof upperLayout) =>
    layout.unknowns.map(({ name, shape }) => ({ level, name, shape }));
  return {
    dimensions: Object.fromEntries(
      [...compiled.dimensions].map(([name, value]) => [
        name,
        { value, origin: checked.dimensions.get(name)?.origin ?? 'the size of the data' },
      ]),
    ),
    unknowns: [...unknowns('upper', upperLayout), ...unknowns('lower', lowerLayout)],
    data: compiled.data,
    curvature: `${shapeOf(checked)} in ${lowerLayout.unknowns.map(({ name }) => name).join(', ')}: ${checked.constants.mu.because}`,
    constants: jsonConstants(problem.constants(), checked, new LineIndex(text)),
    samples: checked.samples.map(({ dimension, size, arrays }) => ({ dimension, size, arrays })),
    methods: methodsOf(options, problem),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

function shapeOf({ lower, lowerIsQuadratic }: CheckedProblem): string {
  if (lower.kind === 'fixed_point') return `fixed point of ${lowerIsQuadratic ? 'an affine map' : 'a map'}`;
  if (lowerIsQuadratic) return 'quadratic';
  return lower.sense === 'minimize' ? 'strongly convex' : 'strongly concave';
}

function methodsOf(options: SolveOptions, problem: LowerFacts): Record<string, string> {
  const { lower, hypergradient, upper } = options;
  const { linear } = hypergradient;
  const automatic = `${automaticLowerMethod(problem)} (automatic)`;
  const system = linear.method === 'automatic' ? automaticLinearMethod(problem.lowerKind) : linear.method;
  return {
    lower: withOptions(lower.method === 'automatic' ? automatic : lower.method, lower),
    hypergradient: `${hypergradient.method}(${withOptions(system, linear)})`,
    upper: withOptions(
      upper.step === undefined ? `${upper.method}, certified line search` : upper.method,
      upper,
    ),
    budget: String(options.budget),
  };
}

function withOptions(name: string, options: object): string {
  const given = Object.entries(options).filter(([key]) => key !== 'method');
  return given.length === 0
    ? name
    : `${name}(${given.map(([key, value]) => `${key} = ${String(value)}`).join(', ')})`;
}
