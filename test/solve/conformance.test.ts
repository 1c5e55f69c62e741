/**
 * The suite that every registered lower and linear method passes: converges to the known solution within
 * its stated bound, never violates the theorem it claims, returns the point it tested, and respects
 * limits, budget, cancellation and the degenerate cases. A method added to a registry is tested by itself.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { LowerKind } from '../../server/src/base/lower-kind.ts';
import { CancellationSource, neverCancelled } from '../../server/src/base/cancellation.ts';
import { methodCatalogue, methodsFor } from '../../server/src/base/method-catalogue.ts';
import { CountedProblem } from '../../server/src/solve/counting.ts';
import { chooseLowerMethod, lowerMethods, solveLower } from '../../server/src/solve/lower/index.ts';
import type { LowerMethodName, LowerTask } from '../../server/src/solve/lower/method.ts';
import { ProximalProblem } from '../../server/src/solve/proximal.ts';
import { linearMethods, solveLinear } from '../../server/src/solve/linear/index.ts';
import type { LinearMethodName, LinearTask } from '../../server/src/solve/linear/method.ts';
import { normAbove } from '../../server/src/solve/rounding.ts';
import { distance, norm as exactNorm } from './exact-vectors.ts';
import { at, euclidean } from './matrices.ts';
import { randomEquilibrium } from './equilibrium-problem.ts';
import { randomModel } from './penalised-model.ts';
import { randomQuadratic } from './quadratic-problem.ts';
import type { ReferencedProblem } from './matrices.ts';

const lowerNames = Object.keys(lowerMethods) as LowerMethodName[];
const linearNames = Object.keys(linearMethods) as LinearMethodName[];

function lowerTask(problem: ReferencedProblem, details: Partial<LowerTask> = {}): LowerTask {
  problem.moveTo(problem.upperStart);
  const { mu, L } = problem.constants();
  return {
    problem: new CountedProblem(problem, 1e7),
    start: problem.lowerStart(),
    mu,
    stepMu: mu.value,
    stepL: L.value,
    tolerance: 1e-8,
    relative: 0,
    cancellation: neverCancelled,
    ...details,
  };
}

function linearTask(problem: ReferencedProblem, details: Partial<LinearTask> = {}): LinearTask {
  problem.moveTo(problem.upperStart);
  const { mu, L } = problem.constants();
  const counted = new CountedProblem(problem, 1e7);
  const centre = problem.lowerStart();
  counted.linearise(centre);
  return {
    problem: counted,
    centre,
    transposed: true,
    rhs: Float64Array.from({ length: problem.lowerSize }, (_, i) => Math.cos(3 * i + 1)),
    mu: mu.value,
    L: L.value,
    tolerance: 1e-8,
    relative: 0,
    cancellation: neverCancelled,
    ...details,
  };
}

/** Methods are tested on minima where they fit these, else on what the catalogue says they fit. */
function isForFixedPoints(axis: 'lower' | 'linear', name: string): boolean {
  const fits = (kind: LowerKind): boolean => methodsFor(axis, kind).some((method) => method.name === name);
  return fits('fixed_point') && !fits('minimum');
}

function isForProximal(name: string): boolean {
  return (
    methodsFor('lower', 'minimum').every((method) => method.name !== name) && !isForFixedPoints('lower', name)
  );
}

/** A smooth problem as one by proximal steps whose weights are 0: the same solution. */
function asProximal(problem: ReferencedProblem): ReferencedProblem {
  const size = problem.lowerSize;
  const proximal = new ProximalProblem(problem, {
    weights: () => ({ values: new Float64Array(size), error: 0 }),
    lower: new Float64Array(size).fill(-Infinity),
    upper: new Float64Array(size).fill(Infinity),
    weightsTransposeProduct: (_v, out) => out.fill(0),
    weightsProduct: (_u, out) => out.fill(0),
    weightsRounding: () => 0,
  });
  return Object.assign(proximal, { reference: (theta: Float64Array) => problem.reference(theta) });
}

/** Smooth enough for every lower method to finish quickly; one of each shape, and d = 1. */
function problemsFor(name: LowerMethodName): readonly ReferencedProblem[] {
  if (isForFixedPoints('lower', name)) {
    return [
      randomEquilibrium(1, { activation: 'identity' }),
      randomEquilibrium(2, { size: 1 }),
      randomEquilibrium(3),
      randomEquilibrium(4, { size: 20, contraction: 0.6 }),
    ];
  }
  if (isForProximal(name)) {
    return [
      randomQuadratic(1),
      randomModel('square', 3, { start: 0 }),
      randomModel('logistic', 4, { start: -1 }),
    ].map(asProximal);
  }
  const quadratics = [randomQuadratic(1), randomQuadratic(2, 12, 1), randomModel('square', 3, { start: 0 })];
  const others = [
    randomModel('logistic', 4, { start: -1 }),
    randomModel('logistic', 5, { size: 1, start: -1 }),
  ];
  return lowerMethods[name].quadraticOnly ? quadratics : [...quadratics, ...others];
}

/** One that takes every method more than a few iterations. */
function slowProblemFor(name: LowerMethodName, seed: number, condition = 1000): ReferencedProblem {
  if (isForFixedPoints('lower', name)) return randomEquilibrium(seed, { size: 60, contraction: 0.98 });
  const quadratic = randomQuadratic(seed, 40, 12, condition);
  return isForProximal(name) ? asProximal(quadratic) : quadratic;
}

/** L = mu: the first step of any method solves it. */
function immediateProblemFor(name: LowerMethodName): ReferencedProblem {
  if (isForFixedPoints('lower', name))
    return randomEquilibrium(9, { activation: 'identity', contraction: 0 });
  const quadratic = randomQuadratic(9, 20, 3, 1);
  return isForProximal(name) ? asProximal(quadratic) : quadratic;
}

test('the registries hold exactly the methods of the catalogue', () => {
  for (const [axis, names] of [
    ['lower', lowerNames],
    ['linear', linearNames],
  ] as const) {
    const listed = methodCatalogue.filter((method) => method.axis === axis).map((method) => method.name);
    assert.deepEqual([...names].sort(), listed.sort());
  }
});

for (const name of lowerNames) {
  suite(`lower method ${name}`, () => {
    test('reaches the solution within the bound it states, at the point it tested', () => {
      for (const problem of problemsFor(name)) {
        const { x } = problem.reference(problem.upperStart);
        for (const tolerance of [1e-1, 1e-6, 1e-11]) {
          const task = lowerTask(problem, { tolerance });
          const solution = solveLower(name, task);
          assert.equal(solution.stop, 'tolerance');
          assert.ok(solution.bound.value <= tolerance);
          assert.ok(distance(solution.x, x) <= solution.bound.value, 'the bound holds');
          const gradient = new Float64Array(problem.lowerSize);
          const objective = problem.lower(solution.x, gradient);
          assert.deepEqual(gradient, solution.gradient);
          assert.equal(objective, solution.objective);
        }
      }
    });

    test('never exceeds the rate it claims', () => {
      for (const problem of problemsFor(name)) {
        const { x } = problem.reference(problem.upperStart);
        const { mu, L } = problem.constants();
        const start = Float64Array.from({ length: problem.lowerSize }, (_, i) => 3 * Math.sin(i + 1));
        const first = distance(start, x);
        let looked = 0;
        const observe = (k: number, point: Float64Array): void => {
          const rate = lowerMethods[name].rate(k, mu.value, L.value, problem.lowerIsQuadratic);
          if (rate === null) return;
          looked++;
          // Rounding of the iterates themselves: a few units of the size of x per step.
          const slack = 1e-12 * (1 + exactNorm(x));
          assert.ok(distance(point, x) <= rate * first * (1 + 1e-9) + slack, `step ${k}`);
        };
        solveLower(name, lowerTask(problem, { start, observe, iterations: 60, tolerance: 0 }));
        const claims = lowerMethods[name].rate(1, mu.value, L.value, problem.lowerIsQuadratic) !== null;
        assert.equal(looked > 0, claims);
      }
    });

    test('a tolerance below the rounding floor ends at the floor, not never', () => {
      for (const problem of problemsFor(name)) {
        const solution = solveLower(name, lowerTask(problem, { tolerance: 0 }));
        assert.ok(solution.stop === 'floor' || solution.bound.value === 0, solution.stop);
        assert.ok(solution.bound.value <= 66 * solution.floor);
        assert.ok(distance(solution.x, problem.reference(problem.upperStart).x) <= solution.bound.value);
      }
    });

    test('the relative tolerance scales with x', () => {
      const [problem] = problemsFor(name);
      assert.ok(problem !== undefined);
      const solution = solveLower(name, lowerTask(problem, { tolerance: 0, relative: 1e-5 }));
      assert.equal(solution.stop, 'tolerance');
      assert.ok(solution.bound.value <= 1e-5 * Math.max(1, euclidean(solution.x)));
    });

    test('an iteration limit of the author is kept exactly', () => {
      const problem = slowProblemFor(name, 6);
      const solution = solveLower(name, lowerTask(problem, { iterations: 5, tolerance: 0 }));
      assert.deepEqual([solution.iterations, solution.stop], [5, 'iterations']);
    });

    test('the budget ends it soon, the bound still true', () => {
      const problem = slowProblemFor(name, 7);
      const counted = new CountedProblem(problem, 8);
      const solution = solveLower(name, lowerTask(problem, { problem: counted, tolerance: 1e-13 }));
      assert.equal(solution.stop, 'budget');
      assert.ok(counted.spent <= 8 + 2);
      assert.ok(distance(solution.x, problem.reference(problem.upperStart).x) <= solution.bound.value);
    });

    test('cancellation ends it at the next iteration', () => {
      const problem = slowProblemFor(name, 8, 1e4);
      const source = new CancellationSource();
      let calls = 0;
      const onProgress = (): void => {
        if (++calls === 4) source.cancel();
      };
      const task = lowerTask(problem, { tolerance: 0, cancellation: source, onProgress });
      const solution = solveLower(name, task);
      assert.equal(solution.stop, 'cancelled');
      assert.ok(calls <= 5);
    });

    test('kappa = 1 takes one step', () => {
      const problem = immediateProblemFor(name);
      const solution = solveLower(name, lowerTask(problem, { tolerance: 1e-7 }));
      assert.equal(solution.stop, 'tolerance');
      assert.ok(solution.iterations <= 2, `${solution.iterations} iterations`);
    });

    test('a start that is already optimal costs one gradient', () => {
      const problem = problemsFor(name)[0] as ReferencedProblem;
      const first = solveLower(name, lowerTask(problem, { tolerance: 1e-10 }));
      const task = lowerTask(problem, { tolerance: 1e-10, start: first.x });
      const again = solveLower(name, task);
      assert.deepEqual([again.iterations, task.problem.spent], [0, 1]);
      assert.deepEqual(again.x, first.x);
    });

    test('without a finite L it still arrives, and says what it used', () => {
      const problem = problemsFor(name)[0] as ReferencedProblem;
      const solution = solveLower(name, lowerTask(problem, { stepL: Infinity, tolerance: 1e-6 }));
      assert.equal(solution.stop, 'tolerance');
      assert.ok(distance(solution.x, problem.reference(problem.upperStart).x) <= 1e-6);
      assert.equal(solution.note !== undefined, !lowerMethods[name].backtracks);
    });

    test('an objective that is not finite is caught, the last good point kept', () => {
      const problem = problemsFor(name)[0] as ReferencedProblem;
      const broken = Object.create(problem) as ReferencedProblem;
      let calls = 0;
      broken.lower = (x, gradient) => {
        const value = problem.lower(x, gradient);
        return ++calls > 3 ? Number.NaN : value;
      };
      const solution = solveLower(name, lowerTask(broken, { tolerance: 0 }));
      assert.ok(solution.x.every((value) => Number.isFinite(value)));
      // Conjugate gradients may be done before the fault shows.
      if (solution.method !== 'conjugate_gradient') assert.equal(solution.stop, 'not_finite');
    });
  });
}

test('automatic is conjugate gradients for quadratics, Anderson for fixed points, else FISTA', () => {
  const automatic = (lowerKind: LowerKind, lowerIsQuadratic: boolean): string =>
    chooseLowerMethod('automatic', { lowerKind, lowerIsQuadratic }, 1).method.name;
  assert.equal(automatic('minimum', true), 'conjugate_gradient');
  assert.equal(automatic('minimum', false), 'fista');
  assert.equal(automatic('fixed_point', true), 'anderson');
  assert.equal(automatic('fixed_point', false), 'anderson');
});

test('a method that does not fit the lower level is replaced, and says so', () => {
  const equilibrium = solveLower('fista', lowerTask(randomEquilibrium(30)));
  assert.deepEqual([equilibrium.method, equilibrium.stop], ['fixed_point', 'tolerance']);
  assert.match(equilibrium.note ?? '', /fista does not fit this lower level/u);
  const system = solveLinear('cg', linearTask(randomEquilibrium(31)));
  assert.deepEqual([system.method, system.stop], ['gmres', 'tolerance']);
  assert.match(system.note ?? '', /cg does not fit this lower level/u);
});

test('heavy ball that cycles on a non-quadratic is obeyed until it stalls, then FISTA finishes', () => {
  // The one-dimensional counterexample of Lessard, Recht & Packard (2016): mu = 1, L = 25, g' is 25 x
  // below 1, x + 24 up to 2, 25 x − 24 above; heavy ball cycles among three points.
  const slope = (x: number): number => (x < 1 ? 25 * x : x < 2 ? x + 24 : 25 * x - 24);
  const value = (x: number): number => {
    if (x < 1) return 12.5 * x * x;
    return x < 2 ? (x * x) / 2 + 24 * x - 12 : 12.5 * x * x - 24 * x + 36;
  };
  const problem = randomQuadratic(12, 12, 1);
  const cycling = Object.create(problem, { lowerIsQuadratic: { value: false } }) as ReferencedProblem;
  cycling.lower = (x, gradient) => {
    gradient[0] = slope(at(x, 0));
    return value(at(x, 0));
  };
  Object.defineProperty(cycling, 'rounding', {
    value: {
      ...problem.rounding,
      lowerGradient: (x: Float64Array) => 1e-14 * (1 + Math.abs(at(x, 0))),
      lowerObjective: () => 1e-14,
    },
  });
  const mu = { value: 1, kind: 'certified' } as const;
  const task = lowerTask(cycling, { mu, stepMu: 1, stepL: 25, start: Float64Array.of(3.3), tolerance: 1e-9 });
  const solution = solveLower('heavy_ball', task);
  assert.equal(solution.stop, 'tolerance');
  assert.equal(solution.method, 'fista');
  assert.match(solution.note ?? '', /heavy_ball stalled after \d+ iterations; FISTA finished/u);
  assert.ok(Math.abs(at(solution.x, 0)) <= 1e-9);
});

for (const name of linearNames) {
  suite(`linear method ${name}`, () => {
    const quadratics = [randomQuadratic(20), randomQuadratic(21, 12, 1), randomQuadratic(22, 30, 8, 400)];
    const equilibria = [
      randomEquilibrium(23),
      randomEquilibrium(24, { size: 1 }),
      randomEquilibrium(25, { size: 40, contraction: 0.95 }),
    ];
    const problems: readonly ReferencedProblem[] = [
      ...(isForFixedPoints('linear', name) ? [] : quadratics),
      ...(methodsFor('linear', 'fixed_point').some((method) => method.name === name) ? equilibria : []),
    ];
    const product = (problem: ReferencedProblem, q: Float64Array, out: Float64Array): void =>
      problem.transposedHessianProduct === undefined
        ? problem.hessianProduct(q, out)
        : problem.transposedHessianProduct(q, out);

    test('the residual bound holds for the residual recomputed', () => {
      for (const problem of problems) {
        for (const tolerance of [1e-1, 1e-6, 1e-11]) {
          const task = linearTask(problem, { tolerance });
          const solution = solveLinear(name, task);
          assert.equal(solution.stop, 'tolerance');
          assert.ok(solution.residualNorm <= tolerance);
          const again = new Float64Array(problem.lowerSize);
          product(problem, solution.q, again);
          again.forEach((value, i) => (again[i] = value - at(task.rhs, i)));
          assert.ok(euclidean(again) <= solution.residualBound);
          assert.ok(solution.residualBound <= tolerance + 2 * solution.floor + 1e-3 * tolerance);
        }
      }
    });

    test('never exceeds its rate', () => {
      for (const problem of problems) {
        const task = linearTask(problem);
        const size = euclidean(task.rhs);
        const residual = new Float64Array(problem.lowerSize);
        const observe = (k: number, q: Float64Array): void => {
          product(problem, q, residual);
          residual.forEach((value, i) => (residual[i] = value - at(task.rhs, i)));
          const limit = linearMethods[name].rate(k, task.mu, task.L) * size;
          assert.ok(euclidean(residual) <= limit * (1 + 1e-9) + 1e-12 * size, `step ${k}`);
        };
        solveLinear(name, { ...task, tolerance: 0, iterations: 60, observe });
      }
    });

    test('a zero right-hand side is answered by zero at once', () => {
      const problem = problems[0] as ReferencedProblem;
      const task = linearTask(problem, { rhs: new Float64Array(problem.lowerSize), tolerance: 0 });
      const start = new Float64Array(problem.lowerSize).fill(1);
      const solution = solveLinear(name, { ...task, start });
      assert.deepEqual([normAbove(solution.q), solution.iterations, task.problem.spent], [0, 0, 0]);
    });

    test('tolerance zero ends at the rounding floor', () => {
      for (const problem of problems) {
        const solution = solveLinear(name, linearTask(problem, { tolerance: 0 }));
        assert.ok(solution.stop === 'floor' || solution.residualNorm === 0, solution.stop);
        assert.ok(solution.residualBound <= 66 * solution.floor);
      }
    });

    test('a warm start saves work; a worse one than zero is dropped', () => {
      const problem = problems.at(-1) as ReferencedProblem;
      const cold = solveLinear(name, linearTask(problem));
      const warm = solveLinear(name, linearTask(problem, { start: cold.q }));
      assert.deepEqual([warm.iterations, warm.q], [0, cold.q]);
      const wrong = cold.q.map((value) => -100 * value);
      assert.deepEqual(solveLinear(name, linearTask(problem, { start: wrong })).q, cold.q);
    });

    test('relative tolerance, iteration limit, budget and cancellation', () => {
      const problem = problems.at(-1) as ReferencedProblem;
      const relative = linearTask(problem, { tolerance: 0, relative: 1e-3 });
      assert.ok(solveLinear(name, relative).residualNorm <= 1e-3 * euclidean(relative.rhs));
      const limited = solveLinear(name, linearTask(problem, { tolerance: 0, iterations: 3 }));
      assert.deepEqual([limited.iterations, limited.stop], [3, 'iterations']);
      const counted = new CountedProblem(problem, 4);
      const poor = solveLinear(name, linearTask(problem, { problem: counted, tolerance: 1e-13 }));
      assert.equal(poor.stop, 'budget');
      assert.ok(counted.spent <= 6);
      const source = new CancellationSource();
      source.cancel();
      assert.equal(solveLinear(name, linearTask(problem, { cancellation: source })).stop, 'cancelled');
    });

    test('a tolerance above the right-hand side returns zero, as asked', () => {
      const problem = problems[0] as ReferencedProblem;
      const solution = solveLinear(name, linearTask(problem, { tolerance: 1e3 }));
      assert.deepEqual([normAbove(solution.q), solution.stop], [0, 'tolerance']);
    });
  });
}
