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
import { sliceOf } from '../typing/index-scope.ts';

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

/**
 * How many values of the index meet in one slice of an unknown of the level, at most: 1 where all unknowns are the
 * slices that belong to it, 2 for neighbours `U[i + 1] - U[i]`. Undefined where an unknown is met by all of
 * them, as one is that occurs as a whole. `inner` are other indices that run while this one stands still.
 */
export function mostMeeting(
  e: Expression,
  role: 'lower' | 'upper',
  index: string,
  inner: readonly string[] = [],
): number | undefined {
  if (ownsAll(e, role, index)) return 1;
  const bySymbol = new Map<string, AxisSubscripts>();
  if (!collectSubscripts(e, role, index, new Set(inner), bySymbol)) return undefined;
  const counts = [...bySymbol.values()].map((axes) =>
    Math.min(...axes.map((axis) => axis?.size ?? Infinity)),
  );
  const most = Math.max(...counts);
  return Number.isFinite(most) ? most : undefined;
}

/** An axis of an unknown each; undefined for one on which some occurrence has no subscript with the index. */
type AxisSubscripts = readonly (Set<string> | undefined)[];

/**
 * The different subscripts with the index that the unknowns have. False where an unknown is met by
 * all values of the index, or that cannot be told.
 */
function collectSubscripts(
  e: Expression,
  role: 'lower' | 'upper',
  index: string,
  inner: ReadonlySet<string>,
  found: Map<string, AxisSubscripts>,
): boolean {
  if (e.kind === 'symbol') return e.symbol.role !== role || e.symbol.slice?.index === index;
  if (e.kind === 'comprehension') {
    if (e.index === index) return false;
    return collectSubscripts(e.body, role, index, new Set(inner).add(e.index), found);
  }
  const [base] = partsOf(e);
  const isOfUnknown = base?.kind === 'symbol' && base.symbol.role === role && base.symbol.slice === undefined;
  if (e.kind === 'apply' && e.atom.name === 'index' && isOfUnknown) {
    const { name, shape } = base.symbol;
    const own = shape.map((_, axis) => {
      const subscript = subscriptsOf(e.parameters)[axis];
      return subscript?.kind === 'entry' && runsThrough(subscript.at, index, inner)
        ? formatDimension(subscript.at)
        : undefined;
    });
    const before = found.get(name) ?? own.map((at) => (at === undefined ? undefined : new Set<string>()));
    const together = own.map((at, axis) => (at === undefined ? undefined : before[axis]?.add(at)));
    found.set(name, together);
    return together.some((axis) => axis !== undefined);
  }
  return partsOf(e).every((part) => collectSubscripts(part, role, index, inner, found));
}

/** a i + b with a whole a that is not 0, and b free of indices inside: different for every value of i. */
function runsThrough(at: Dimension, index: string, inner: ReadonlySet<string>): boolean {
  const names = [...at.keys()].map((key) => key.split('*'));
  const withIndex = names.filter((each) => each.includes(index));
  return (
    withIndex.length === 1 && withIndex[0]?.length === 1 && !names.flat().some((name) => inner.has(name))
  );
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
