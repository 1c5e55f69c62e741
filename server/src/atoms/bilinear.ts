/**
 * Facts of atoms that are linear in each of two arguments (`.*`, `*`, dot): affine when at most one
 * argument depends on the lower unknowns, monotone in an argument when the other has one sign.
 */
import type { ArgumentFacts, AtomCurvature, Monotonicity } from './atom.ts';

export function bilinearCurvature(args: readonly ArgumentFacts[]): AtomCurvature {
  return args.filter((argument) => !argument.fixed).length <= 1 ? 'affine' : 'none';
}

export function bilinearMonotonicity(args: readonly ArgumentFacts[]): readonly Monotonicity[] {
  return args.map((_, index) => signMonotonicity(args[1 - index]));
}

function signMonotonicity(other: ArgumentFacts | undefined): Monotonicity {
  if (other === undefined) return 'none';
  if (other.range.lower >= 0) return 'increasing';
  return other.range.upper <= 0 ? 'decreasing' : 'none';
}
