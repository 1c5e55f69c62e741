/**
 * The places where the index i of a comprehension stands in its body: a slice W[i, …], or i as a number. Each
 * becomes a slot, an input for one value of i, with its stack, the values for all i along a first axis. The
 * body is then lowered once, over the slots, and batched over the stacks (autodiff/batch.ts).
 */
import type { SliceRange } from '../atoms/atom.ts';
import type { ApplyTerm, ComprehensionTerm, Expression } from '../atoms/expression.ts';
import { namesIn, partsOf } from '../atoms/expression.ts';
import { subscriptsOf } from '../atoms/indexing.ts';
import type { Dimension } from '../base/dimension.ts';
import { dimensionNames, fixedDimension, substituteDimension } from '../base/dimension.ts';

/** What a comprehension runs over. */
export type Running = Pick<ComprehensionTerm, 'index' | 'dimension'>;

/** True when the index stands at places that can be slots only; ranges such as `x[i..i + 2]` cannot. */
export function hasSlotsOnly(e: Expression, index: string): boolean {
  if (!namesIn(e).has(index)) return true;
  if (e.kind === 'apply' && e.atom.name === 'index' && mentions(e, index).length > 0) {
    const [base] = e.args;
    return entryAxis(e, index) !== undefined && base !== undefined && !namesIn(base).has(index);
  }
  return partsOf(e).every((part) => hasSlotsOnly(part, index));
}

/** The axes whose subscripts move with the index. */
function mentions(e: ApplyTerm, index: string): readonly number[] {
  return subscriptsOf(e.parameters).flatMap((subscript, axis) => {
    if (subscript.kind === 'all') return [];
    const ends = subscript.kind === 'entry' ? [subscript.at] : [subscript.from, subscript.to];
    return ends.some((end) => dimensionNames(end).has(index)) ? [axis] : [];
  });
}

/** The axis of the one subscript `i + c`; undefined when there is another use of the index. */
function entryAxis(e: ApplyTerm, index: string): number | undefined {
  const [axis, ...others] = mentions(e, index);
  if (axis === undefined || others.length > 0) return undefined;
  const subscript = subscriptsOf(e.parameters)[axis];
  if (subscript?.kind !== 'entry') return undefined;
  const isShift = [...subscript.at.keys()].every((key) => key === index || !key.split('*').includes(index));
  return isShift && subscript.at.get(index) === 1 ? axis : undefined;
}

/** `W[i + c, …]` for all i: the array that holds them, and the axis of i in it. */
export function allEntries(
  e: Expression,
  { index, dimension }: Running,
): { readonly all: Expression; readonly axis: number } | undefined {
  if (e.kind !== 'apply' || e.atom.name !== 'index') return undefined;
  const at = entryAxis(e, index);
  const subscripts = subscriptsOf(e.parameters);
  const subscript = at === undefined ? undefined : subscripts[at];
  if (at === undefined || subscript?.kind !== 'entry') return undefined;
  const end = (last: Dimension): Dimension => substituteDimension(subscript.at, index, last);
  const range: SliceRange = { kind: 'range', from: end(fixedDimension(1)), to: end(dimension) };
  const axis = subscripts.slice(0, at).filter(({ kind }) => kind !== 'entry').length;
  const shape = e.shape.toSpliced(axis, 0, dimension);
  return { all: { ...e, parameters: { subscripts: subscripts.with(at, range) }, shape }, axis };
}
