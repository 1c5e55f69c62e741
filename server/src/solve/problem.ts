/** What a method sees of a bilevel problem; the contract itself lies in base, where the compiler finds it too. */
export type {
  Ball,
  BilevelProblem,
  FiniteParts,
  LipschitzName,
  ProblemConstants,
  ProximalTerms,
  RoundingBounds,
} from '../base/bilevel-problem.ts';
