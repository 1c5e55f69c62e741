/**
 * The numbers that only the solver process knows of a text: sizes, constants at the start or at the last
 * point, chosen methods. They belong to one exact text; for another they are not shown.
 */
import type { RunResult } from '../protocol/result.ts';
import type { Description } from '../protocol/solver.ts';

export interface Numbers {
  readonly dimensions: Description['dimensions'];
  readonly constants: RunResult['constants'];
  /** The loaded data, with the density measured. */
  readonly data?: Description['data'];
  readonly methods?: Description['methods'];
  readonly curvature?: string;
  /** `at the start`, `at the end of the last run`. */
  readonly where: string;
}

export function numbersOfDescription(description: Description): Numbers {
  const { dimensions, constants, data, methods, curvature } = description;
  return { dimensions, constants, data, methods, curvature, where: 'at the start' };
}

/** What a run adds to what was known before. */
export function numbersOfRun(result: RunResult, known: Numbers | undefined): Numbers {
  return {
    ...known,
    dimensions: known?.dimensions ?? {},
    constants: result.constants,
    where: 'at the end of the last run',
  };
}
