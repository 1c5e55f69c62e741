/**
 * Error of the hypergradient against the iterations spent on it, on the sample synthetic-logistic as Grazzi,
 * Franceschi, Pontil & Salzo (2020) compare them: differentiation of the unrolled lower iterations in reverse,
 * the fixed-point iteration and conjugate gradients on the adjoint system. The lower method is gradient descent
 * with step 2/(L + mu), whose map the first two differentiate. Unrolling is no method of the solver; it is made
 * here of its products.
 *
 *   node test/measure/hypergradient-iterations.ts [LAMBDA]
 */
import { neverCancelled } from '../../server/src/base/cancellation.ts';
import { defaultSolveOptions } from '../../server/src/base/solve-options.ts';
import { CountedProblem } from '../../server/src/solve/counting.ts';
import { solveLinear } from '../../server/src/solve/linear/index.ts';
import type { LinearMethodName } from '../../server/src/solve/linear/method.ts';
import { hypergradientAt } from '../../server/src/solve/run.ts';
import { compileSample, sampleText } from '../evidence/sample.ts';

const [, , lambda = '-2'] = process.argv;
const { compiled } = compileSample(sampleText('synthetic-logistic').replace('= -2', `= ${lambda}`));
const theta = compiled.problem.upperStart;
const exact = hypergradientAt(
  compiled.problem,
  { theta },
  {
    ...defaultSolveOptions,
    lower: { method: 'automatic', tolerance: 1e-13 },
    hypergradient: { method: 'implicit', linear: { method: 'cg', tolerance: 1e-14 } },
  },
);

const problem = new CountedProblem(compiled.problem, Infinity);
problem.moveTo(theta);
const [mu, L] = [problem.constants().mu.value, problem.constants().L.value];
const step = 2 / (L + mu);
const factor = (L - mu) / (L + mu);

/** x_0, x_1, …, x_T of gradient descent from the sample's start. */
function descended(T: number): readonly Float64Array[] {
  const iterates = [problem.lowerStart()];
  const gradient = new Float64Array(problem.lowerSize);
  for (let t = 0; t < T; t++) {
    const x = iterates[t] as Float64Array;
    problem.lower(x, gradient);
    iterates.push(x.map((entry, i) => entry - step * (gradient[i] as number)));
  }
  return iterates;
}

interface UpperGradients {
  readonly inX: Float64Array;
  readonly inTheta: Float64Array;
}

function upperAt(x: Float64Array): UpperGradients {
  const inX = new Float64Array(problem.lowerSize);
  const inTheta = new Float64Array(problem.upperSize);
  problem.upper(x, inX, inTheta);
  return { inX, inTheta };
}

/** The derivative of f(x_T(theta), theta) through the last `steps` of the iterations. */
function unrolled(iterates: readonly Float64Array[], steps: number): Float64Array {
  const last = iterates.length - 1;
  const { inX: adjoint, inTheta: h } = upperAt(iterates[last] as Float64Array);
  const through = new Float64Array(problem.upperSize);
  const product = new Float64Array(problem.lowerSize);
  for (let s = last - 1; s >= last - steps; s--) {
    problem.linearise(iterates[s] as Float64Array);
    problem.jacobianTransposeProduct(adjoint, through);
    problem.hessianProduct(adjoint, product);
    for (let j = 0; j < h.length; j++) h[j] = (h[j] as number) - step * (through[j] as number);
    for (let i = 0; i < adjoint.length; i++)
      adjoint[i] = (adjoint[i] as number) - step * (product[i] as number);
  }
  return h;
}

/** h = f_theta − J' q at x, with q of so many iterations from 0. */
function implicit(x: Float64Array, method: LinearMethodName, iterations: number): Float64Array {
  const { inX: rhs, inTheta: h } = upperAt(x);
  problem.linearise(x);
  const task = { problem, centre: x, rhs, transposed: true, mu, L, tolerance: 0, relative: 0, iterations };
  const { q } = solveLinear(method, { ...task, cancellation: neverCancelled });
  const through = new Float64Array(problem.upperSize);
  problem.jacobianTransposeProduct(q, through);
  return h.map((entry, j) => entry - (through[j] as number));
}

function errorOf(h: Float64Array): number {
  const difference = h.map((entry, j) => entry - (exact.hypergradient[j] as number));
  return Math.hypot(...difference) / Math.hypot(...exact.hypergradient);
}

/** The factor an iteration in the geometric mean, between two K. */
function rate([from, first]: readonly [number, number], [to, last]: readonly [number, number]): number {
  return (last / first) ** (1 / (to - from));
}

const counts = [1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 99];
type Row = readonly [K: number, unrolled: number, fixedPoint: number, conjugate: number];

function print(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}\n   K   unrolled  fixed point  CG`);
  for (const [K, ...errors] of rows) {
    const [a = '', b = '', c = ''] = errors.map((error) => error.toExponential(1));
    console.log(`${String(K).padStart(4)}   ${a.padEnd(10)}${b.padEnd(13)}${c}`);
  }
  // While the errors fall: before the accuracy of x_T, or rounding, ends it.
  const rates = [1, 2, 3].map((column) => {
    const falling = rows.filter((row) => (row[column] as number) > 3 * (rows.at(-1)?.[column] as number));
    const [first, last] = [falling[0], falling.at(-1)];
    if (first === undefined || last === undefined || first === last) return '  -  ';
    return rate([first[0], first[column] as number], [last[0], last[column] as number]).toFixed(3);
  });
  console.log(`rate   ${rates.map((each) => each.padEnd(10)).join('')}`);
}

console.log(
  `lambda = ${lambda}: mu = ${mu.toPrecision(3)}, L = ${L.toPrecision(3)}, contraction factor of the map ${factor.toPrecision(4)}; errors relative to the hypergradient, itself known to ${exact.certificate.relative.toExponential(0)}`,
);
const hundred = descended(100);
const settled = hundred[100] as Float64Array;
print(
  'At x_100, K iterations for the hypergradient (unrolled: through the last K)',
  counts.map((K) => [
    K,
    errorOf(unrolled(hundred, K)),
    errorOf(implicit(settled, 'gradient_descent', K)),
    errorOf(implicit(settled, 'cg', K)),
  ]),
);
print(
  'At x_K, K iterations at both levels',
  counts.map((K) => {
    const iterates = descended(K);
    const x = iterates[K] as Float64Array;
    return [
      K,
      errorOf(unrolled(iterates, K)),
      errorOf(implicit(x, 'gradient_descent', K)),
      errorOf(implicit(x, 'cg', K)),
    ];
  }),
);
