/**
 * The registry of lower-level methods, and the choice among them. `automatic` is conjugate gradients for
 * quadratics, Anderson acceleration for fixed points and FISTA otherwise. A method named by the author
 * is obeyed; the one that always arrives (FISTA, or plain fixed-point iteration) takes over only when
 * the method cannot run on the problem, stalls or diverges, and the solution then carries a note.
 */
import type { LowerKind } from '../../base/lower-kind.ts';
import { methodsFor } from '../../base/method-catalogue.ts';
import { anderson } from './anderson.ts';
import { conjugateGradient } from './conjugate-gradient.ts';
import { fista } from './fista.ts';
import { fixedPoint } from './fixed-point.ts';
import { gradientDescent } from './gradient-descent.ts';
import { heavyBall } from './heavy-ball.ts';
import type { LowerMethod, LowerMethodName, LowerSolution, LowerTask } from './method.ts';
import { LowerMonitor } from './monitor.ts';
import { proximalGradient } from './proximal-gradient.ts';

export const lowerMethods: Readonly<Record<LowerMethodName, LowerMethod>> = {
  gradient_descent: gradientDescent,
  heavy_ball: heavyBall,
  fista,
  conjugate_gradient: conjugateGradient,
  fixed_point: fixedPoint,
  anderson,
  proximal_gradient: proximalGradient,
};

/** What the choice of a method depends on. */
export interface LowerFacts {
  readonly lowerKind: LowerKind;
  readonly lowerIsQuadratic: boolean;
}

/** What solves a level best where the author does not choose. */
export function automaticLowerMethod({ lowerKind, lowerIsQuadratic }: LowerFacts): LowerMethodName {
  if (lowerKind === 'fixed_point') return 'anderson';
  return lowerKind === 'minimum' && lowerIsQuadratic ? 'conjugate_gradient' : 'fista';
}

/** The method that arrives from anywhere. */
function steadyMethod(kind: LowerKind): LowerMethod {
  return kind === 'fixed_point' ? fixedPoint : fista;
}

/** The method that runs for a choice on a problem; a note when it is not the one chosen. */
export function chooseLowerMethod(
  choice: 'automatic' | LowerMethodName,
  facts: LowerFacts,
  L: number,
): { readonly method: LowerMethod; readonly note?: string } {
  if (choice === 'automatic') return { method: lowerMethods[automaticLowerMethod(facts)] };
  const method = lowerMethods[choice];
  const steady = steadyMethod(facts.lowerKind);
  const instead = `${nameOf(steady)} was used instead`;
  if (!methodsFor('lower', facts.lowerKind).some(({ name }) => name === choice)) {
    return { method: steady, note: `${choice} does not fit this lower level; ${instead}` };
  }
  if (method.quadraticOnly && !facts.lowerIsQuadratic) {
    return { method: steady, note: `${choice} needs a quadratic lower objective; ${instead}` };
  }
  if (!method.backtracks && !Number.isFinite(L)) {
    return {
      method: fista,
      note: `${choice} needs a finite L (give it as ${choice}(L = …)); FISTA with backtracking was used instead`,
    };
  }
  return { method };
}

function nameOf({ name }: LowerMethod): string {
  return name === 'fista' ? 'FISTA' : 'fixed-point iteration';
}

/** Solves the lower level from `task.start` and returns a tested point with its error bound. */
export function solveLower(choice: 'automatic' | LowerMethodName, task: LowerTask): LowerSolution {
  const { problem } = task;
  const chosen = chooseLowerMethod(choice, problem, task.stepL);
  const first = runOne(chosen.method, task, chosen.note);
  const failed = first.stop === 'stalled' || first.stop === 'diverged' || first.stop === 'not_finite';
  const steady = steadyMethod(problem.lowerKind);
  if (!failed || chosen.method === steady || first.method === 'conjugate_gradient') return first;
  const spent = first.iterations;
  const rest = task.iterations === undefined ? undefined : task.iterations - spent;
  if (rest !== undefined && rest <= 0) return first;
  const word = first.stop === 'stalled' ? 'stalled' : 'diverged';
  const second = runOne(
    steady,
    { ...task, start: first.x, ...(rest === undefined ? {} : { iterations: rest }) },
    `${chosen.method.name} ${word} after ${spent} iterations; ${nameOf(steady)} finished the solve`,
  );
  return { ...second, iterations: second.iterations + spent };
}

function runOne(method: LowerMethod, task: LowerTask, note: string | undefined): LowerSolution {
  const monitor = new LowerMonitor(task, method);
  method.run(task, monitor);
  const given = task.mu.kind === 'given';
  const proven = method.rate(1, task.stepMu, task.stepL, task.problem.lowerIsQuadratic) !== null;
  return {
    x: monitor.x,
    gradient: monitor.gradient,
    objective: monitor.objective,
    bound: { ...task.mu, value: monitor.bound },
    floor: monitor.floor,
    iterations: monitor.iterations,
    stop: monitor.stop ?? 'stalled',
    method: method.name,
    rateKind: given ? 'given' : proven ? 'certified' : 'estimated',
    ...(note === undefined ? {} : { note }),
  };
}
