/**
 * The body of a comprehension with its own slices made visible: where every occurrence of an unknown W in
 * the body of `sum(i in s, …)` is W[i, …], that is the slice of the stack W which belongs to i. When all
 * unknowns of a level are such slices, the terms for different i live in different entries, and
 * derivatives combine by the largest or the root of the sum of squares, not by the sum.
 */
import type { ComprehensionTerm, Expression } from '../../atoms/expression.ts';
import { partsOf } from '../../atoms/expression.ts';
import { index as indexAtom, subscriptsOf } from '../../atoms/indexing.ts';
import type { Dimension } from '../../base/dimension.ts';
import { formatDimension, sameDimension } from '../../base/dimension.ts';
import { sliceOf } from '../index-scope.ts';

const known = new WeakMap<ComprehensionTerm, Expression>();

/** The body, with W[i, …] as a part of the slice that W has at the index. */
export function localised(term: ComprehensionTerm): Expression {
  let body = known.get(term);
  if (body === undefined) {
    const own = ownSymbols(term);
    body = own.size === 0 ? term.body : rewrite(term.body, term, own);
    known.set(term, body);
  }
  return body;
}

/** True when every unknown of the level in the expression is the slice that belongs to the index. */
export function ownsAll(e: Expression, role: 'lower' | 'upper', index: string): boolean {
  if (e.kind === 'symbol') return e.symbol.role !== role || e.symbol.slice?.index === index;
  return partsOf(e).every((part) => ownsAll(part, role, index));
}

/** Is it `W[i, …]` with an unknown W that has exactly as many slices as the index has values? */
function takesSlice(e: Expression, { index, dimension }: ComprehensionTerm): boolean {
  if (e.kind !== 'apply' || e.atom.name !== 'index') return false;
  const [base] = e.args;
  const [first] = subscriptsOf(e.parameters);
  return (
    base?.kind === 'symbol' &&
    base.symbol.role !== 'data' &&
    base.symbol.slice === undefined &&
    sameDimension(base.symbol.shape[0] as Dimension, dimension) &&
    first?.kind === 'entry' &&
    formatDimension(first.at) === index
  );
}

/** The names of the unknowns that occur as W[i, …] only. */
function ownSymbols(term: ComprehensionTerm): ReadonlySet<string> {
  const own = new Set<string>();
  const others = new Set<string>();
  const visit = (e: Expression): void => {
    if (takesSlice(e, term)) {
      const [base] = partsOf(e);
      if (base?.kind === 'symbol') own.add(base.symbol.name);
      return;
    }
    if (e.kind === 'symbol') others.add(e.symbol.name);
    for (const part of partsOf(e)) visit(part);
  };
  visit(term.body);
  return own.difference(others);
}

function rewrite(e: Expression, term: ComprehensionTerm, own: ReadonlySet<string>): Expression {
  if (e.kind === 'comprehension') {
    const body = rewrite(e.body, term, own);
    return body === e.body ? e : { ...e, body };
  }
  if (e.kind !== 'apply') return e;
  const [base] = e.args;
  if (takesSlice(e, term) && base?.kind === 'symbol' && own.has(base.symbol.name)) {
    const symbol = sliceOf(base.symbol, term.index);
    const slice: Expression = { ...base, symbol, shape: symbol.shape };
    const [, ...rest] = subscriptsOf(e.parameters);
    if (rest.every(({ kind }) => kind === 'all')) return slice;
    return { ...e, atom: indexAtom, args: [slice], parameters: { subscripts: rest } };
  }
  const args = e.args.map((argument) => rewrite(argument, term, own));
  return args.every((argument, at) => argument === e.args[at]) ? e : { ...e, args };
}
