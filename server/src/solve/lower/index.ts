/**
 * The registry of lower-level methods, and the choice among them. `automatic` is conjugate gradients for
 * quadratics and FISTA otherwise. A method named by the author is obeyed; FISTA takes over only when the
 * method cannot run on the problem, stalls or diverges, and the solution then carries a note saying so.
 */
import { conjugateGradient } from './conjugate-gradient.ts';
import { fista } from './fista.ts';
import { gradientDescent } from './gradient-descent.ts';
import { heavyBall } from './heavy-ball.ts';
import type { LowerMethod, LowerMethodName, LowerSolution, LowerTask } from './method.ts';
import { LowerMonitor } from './monitor.ts';

export const lowerMethods: Readonly<Record<LowerMethodName, LowerMethod>> = {
  gradient_descent: gradientDescent,
  heavy_ball: heavyBall,
  fista,
  conjugate_gradient: conjugateGradient,
};

/** The method that runs for a choice on a problem; a note when it is not the one chosen. */
export function chooseLowerMethod(
  choice: 'automatic' | LowerMethodName,
  quadratic: boolean,
  L: number,
): { readonly method: LowerMethod; readonly note?: string } {
  if (choice === 'automatic') return { method: quadratic ? conjugateGradient : fista };
  const method = lowerMethods[choice];
  if (method.quadraticOnly && !quadratic) {
    return {
      method: fista,
      note: `${choice} needs a quadratic lower objective; FISTA was used instead`,
    };
  }
  if (!method.backtracks && !Number.isFinite(L)) {
    return {
      method: fista,
      note: `${choice} needs a finite L (give it as ${choice}(L = …)); FISTA with backtracking was used instead`,
    };
  }
  return { method };
}

/** Solves the lower level from `task.start` and returns a tested point with its error bound. */
export function solveLower(choice: 'automatic' | LowerMethodName, task: LowerTask): LowerSolution {
  const quadratic = task.problem.lowerIsQuadratic;
  const chosen = chooseLowerMethod(choice, quadratic, task.stepL);
  const first = runOne(chosen.method, task, chosen.note);
  const failed = first.stop === 'stalled' || first.stop === 'diverged' || first.stop === 'not_finite';
  if (!failed || chosen.method === fista || first.method === 'conjugate_gradient') return first;
  const spent = first.iterations;
  const rest = task.iterations === undefined ? undefined : task.iterations - spent;
  if (rest !== undefined && rest <= 0) return first;
  const word = first.stop === 'stalled' ? 'stalled' : 'diverged';
  const second = runOne(
    fista,
    { ...task, start: first.x, ...(rest === undefined ? {} : { iterations: rest }) },
    `${chosen.method.name} ${word} after ${spent} iterations; FISTA finished the solve`,
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
