/**
 * What a value may depend on: data on earlier data, starts and sets on what is fixed before them.
 * The first symbol that is not allowed is named; one diagnostic a value.
 */
import type { Expression, SymbolTerm } from '../atoms/expression.ts';
import { partsOf } from '../atoms/expression.ts';
import { perObject } from '../base/per-object.ts';
import type { DependenceSet } from '../graph/primitive.ts';
import { Dependence } from '../graph/primitive.ts';
import * as report from './diagnostics.ts';
import type { Findings } from './facts.ts';
import { inWords } from './names/kinds.ts';

const words: ReadonlyMap<DependenceSet, string> = new Map([
  [Dependence.data, 'data only'],
  [Dependence.data | Dependence.upper, 'data and upper unknowns'],
]);

/** True when the value depends on nothing beyond `allowed`; otherwise the first offender is reported. */
export function checkDependence(
  value: Expression,
  allowed: DependenceSet,
  what: string,
  findings: Findings,
): boolean {
  const offender = firstBeyond(value, allowed | Dependence.none);
  if (offender === undefined) return true;
  const { name, role } = offender.symbol;
  findings.add(
    report.dependence(offender.span, name, inWords(role), what, words.get(allowed) ?? 'numbers only'),
  );
  return false;
}

function firstBeyond(value: Expression, allowed: DependenceSet): SymbolTerm | undefined {
  if ((value.dependence & ~allowed) === 0) return undefined;
  if (value.kind === 'symbol') return value;
  for (const argument of partsOf(value)) {
    const offender = firstBeyond(argument, allowed);
    if (offender !== undefined) return offender;
  }
  return undefined;
}

/** Every array that occurs in the expression. */
export const symbolsIn = perObject((value: Expression): ReadonlySet<string> => {
  if (value.kind === 'symbol') return new Set([value.symbol.name]);
  return unionOf(partsOf(value).map(symbolsIn));
});

/** One of the sets where it has all of them, so that long sums of small terms cost little. */
export function unionOf(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  let most: ReadonlySet<string> = none;
  for (const set of sets) if (set.size > most.size) most = set;
  return sets.every((set) => set === most || set.isSubsetOf(most))
    ? most
    : sets.reduce((union, set) => union.union(set), none);
}

const none: ReadonlySet<string> = new Set();
