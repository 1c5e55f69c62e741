/**
 * Attempts to violate the certificate: random hypergradients over four families, at tolerances from
 * loose to the rounding floor, judged by references with about 28 digits. The bound must never be below
 * the true error; how far above it is, is printed, with polishing, without, and for the published bound.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSolveOptions } from '../../server/src/base/solve-options.ts';
import type { LinearOptions, LowerOptions } from '../../server/src/base/solve-options.ts';
import { randomSource } from '../../server/src/solve/random.ts';
import { hypergradientAt } from '../../server/src/solve/run.ts';
import { distance, norm } from './exact-vectors.ts';
import { gaussian } from './matrices.ts';
import { randomEquilibrium } from './equilibrium-problem.ts';
import { randomModel } from './penalised-model.ts';
import { randomQuadratic } from './quadratic-problem.ts';
import type { ReferencedProblem } from './matrices.ts';

interface Trial {
  readonly error: number;
  readonly relative: number;
  readonly bound: number;
  readonly plain: number;
  readonly published: number;
  readonly floor: number;
}

const families = ['quadratic', 'ridge', 'logistic', 'equilibrium'] as const;

function draw(family: (typeof families)[number], seed: number): ReferencedProblem {
  const size = 1 + ((5 * seed) % 13);
  if (family === 'quadratic') return randomQuadratic(seed, 24, size, 10 ** (seed % 4));
  if (family === 'equilibrium') {
    return randomEquilibrium(seed, {
      size,
      contraction: [0.3, 0.8, 0.95, 0.995][seed % 4] as number,
      activation: seed % 5 === 0 ? 'identity' : 'tanh',
      scale: [1, 0.1, 3][seed % 3] as number,
    });
  }
  // Weak regularisation, coupling (f depends on theta) and scale vary with the seed.
  return randomModel(family === 'ridge' ? 'square' : 'logistic', seed, {
    size,
    start: [-1, -3, -6, -9][seed % 4] as number,
    coupling: seed % 3 === 0 ? 0.2 : 0,
    scale: [1, 3, 0.5][seed % 3] as number,
  });
}

interface Methods {
  readonly lowers: readonly [LowerOptions['method'], LowerOptions['method'], ...LowerOptions['method'][]];
  readonly linears: readonly [LinearOptions['method'], ...LinearOptions['method'][]];
}

/** The second lower and the first linear method are those for what is ill conditioned. */
const methods: Readonly<Record<'minimum' | 'fixedPoint', Methods>> = {
  minimum: {
    lowers: ['automatic', 'fista', 'gradient_descent', 'heavy_ball'],
    linears: ['cg', 'gradient_descent', 'heavy_ball'],
  },
  fixedPoint: {
    lowers: ['automatic', 'anderson', 'fixed_point'],
    linears: ['gmres', 'fixed_point', 'normal_cg'],
  },
};

function attempt(family: (typeof families)[number], seed: number, accurate: boolean): Trial {
  const random = randomSource(1000 + seed);
  const problem = draw(family, seed);
  const theta = problem.upperStart.map((value) => value + 0.5 * gaussian(random));
  const tolerance = (): number => 10 ** -(accurate ? 5 + 6 * random() : 5 * random());
  // Conjugate gradients on so few unknowns jump to the rounding floor; the others stop where they are told.
  // The slow methods only where the condition number lets them finish in a test.
  const quick = seed % 4 < 2;
  const { lowers, linears } = methods[family === 'equilibrium' ? 'fixedPoint' : 'minimum'];
  const choose = <Method>(from: readonly [Method, ...Method[]], steady: Method): Method =>
    quick ? (from[Math.floor(from.length * random())] as Method) : steady;
  const lower: LowerOptions = {
    method: choose(lowers, lowers[1]),
    tolerance: tolerance(),
    iterations: 3000,
  };
  const linear: LinearOptions = { method: choose(linears, linears[0]), tolerance: tolerance() };
  const report = hypergradientAt(
    problem,
    { theta },
    {
      ...defaultSolveOptions,
      lower,
      hypergradient: { method: 'implicit', linear },
    },
  );
  const exact = problem.reference(theta);
  const error = distance(report.hypergradient, exact.h);
  const { bound, plain, published, roundingFloor, kind } = report.certificate;
  const where = `${family}, seed ${seed}: error ${error}, relative ${error / norm(exact.h)}`;
  assert.equal(kind, 'certified', where);
  assert.ok(Number.isFinite(bound) && Number.isFinite(plain.omega), `${where}: bound ${bound}`);
  assert.ok(bound >= error, `${where}: bound ${bound}`);
  assert.ok(plain.omega >= error, `${where}: Theorem A ${plain.omega}`);
  assert.ok(
    report.lowerError.value >= distance(report.x, exact.x),
    `${where}: lower error ${report.lowerError.value}`,
  );
  return {
    error,
    relative: error / norm(exact.h),
    bound,
    plain: plain.omega,
    published: published.v2,
    floor: roundingFloor,
  };
}

function summary(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] as number;
  return `median ${median.toPrecision(3)}, worst ${(sorted.at(-1) as number).toPrecision(3)}, least ${(sorted[0] as number).toPrecision(3)}`;
}

test('no bound is below the true error in 800 attempts', () => {
  const trials = new Map<string, Trial[]>(families.map((family) => [family, []]));
  for (let k = 0; k < 800; k++) {
    const family = families[k % 4] as (typeof families)[number];
    trials.get(family)?.push(attempt(family, k + 1, Math.floor(k / 4) % 4 > 0));
  }
  const all = [...trials.values()].flat();
  const accurate = all.filter((trial) => trial.relative < 1e-6).length;
  for (const [family, of] of [...trials, ['all', all] as const]) {
    console.log(`  ${family} (${of.length} pairs), bound / error:`);
    console.log(`    with polishing: ${summary(of.map(({ bound, error }) => bound / error))}`);
    console.log(`    without:        ${summary(of.map(({ plain, error }) => plain / error))}`);
    console.log(`    published (v2): ${summary(of.map(({ published, error }) => published / error))}`);
    console.log(
      `    above the floor of rounding: ${summary(of.filter(({ error, floor }) => error > floor).map(({ bound, error }) => bound / error))}`,
    );
  }
  const below = all.filter(({ published, error }) => published < error).length;
  console.log(
    `  ${accurate} of ${all.length} with relative error below 1e-6; the published bound fails in ${below}`,
  );
  assert.ok(accurate >= all.length / 2, `${accurate} accurate ones`);
  const ratios = all.map(({ bound, error }) => bound / error).sort((a, b) => a - b);
  assert.ok((ratios[ratios.length / 2] as number) <= 10);
});
