/**
 * Constants that the author gave and the certified ones refute: the Hessian has no eigenvalue above L and none
 * below mu, so that no mu above that L and no L below that mu can be true. They are obeyed, and told at their place.
 */
import { LineIndex } from '../base/span.ts';
import type { IterationOptions, SolveOptions } from '../base/solve-options.ts';
import type { CheckedProblem } from '../check/problem.ts';
import type { Compiled } from '../compile/compile.ts';
import type { RunWarning } from '../protocol/result.ts';

/** `theta`: where the certified constants are looked at. */
export function doubtfulConstants(
  checked: CheckedProblem,
  { problem }: Compiled,
  { lower, hypergradient }: SolveOptions,
  theta: Float64Array,
  text: string,
): readonly RunWarning[] {
  const all: readonly IterationOptions[] = [lower, hypergradient.linear];
  if (all.every(({ mu, L }) => mu === undefined && L === undefined)) return [];
  problem.moveTo(theta);
  const { mu: least, L: largest } = problem.constants();
  const lines = new LineIndex(text);
  const warnings = new Map<string, RunWarning>();
  for (const { mu, L } of all) {
    if (mu !== undefined && largest.kind === 'certified' && mu > largest.value)
      tell('mu', mu, `above the certified L = ${short(largest.value)}`, 'smaller');
    if (L !== undefined && least.kind === 'certified' && L < least.value)
      tell('L', L, `below the certified mu = ${short(least.value)}`, 'larger');
  }
  return [...warnings.values()];

  function tell(name: 'mu' | 'L', value: number, where: string, better: string): void {
    // One from outside the file has no place in it.
    const places = checked.given.filter((each) => each.name === name && each.value === value);
    const summary = `the given ${name} = ${value} is ${where}`;
    const words = {
      summary,
      text: `${summary}, so it cannot be true, and what rests on it does not hold: leave ${name} out, or give a ${better} one`,
    };
    if (places.length === 0) warnings.set(summary, words);
    for (const { span } of places) {
      const { line } = lines.at(span.start);
      warnings.set(`${line} ${summary}`, { line, ...words });
    }
  }
}

function short(value: number): number {
  return Number(value.toPrecision(4));
}
