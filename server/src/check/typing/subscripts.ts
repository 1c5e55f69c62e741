/**
 * What stands in the brackets of `A[i, 1..k, :]`: dimensions, with indices in them where there are some,
 * and what the text alone tells of their numbers. A subscript with a mistake is reported here.
 */
import type { SliceRange } from '../../atoms/atom.ts';
import type { Expression } from '../../atoms/expression.ts';
import type { Dimension } from '../../base/dimension.ts';
import { dimensionNames } from '../../base/dimension.ts';
import type { Expression as Syntax, Subscript } from '../../syntax/tree.ts';
import * as report from '../diagnostics.ts';
import { isAffineIn, noIndices } from './index-scope.ts';
import type { Place, Typist } from './shape.ts';
import { childrenOf } from '../syntax-walk.ts';

/** All subscripts of an index; undefined when one of them is none. */
export function readSubscripts(
  syntax: readonly Subscript[],
  base: Expression | undefined,
  place: Place,
  typist: Typist,
): readonly SliceRange[] | undefined {
  const read = syntax.map((subscript, axis) => {
    const range = readSubscript(subscript, place, typist);
    return range && withNumbers(range, base?.shape[axis], typist);
  });
  return read.every((range) => range !== undefined) ? read : undefined;
}

function readSubscript(subscript: Subscript, place: Place, typist: Typist): SliceRange | undefined {
  if (subscript.kind === 'all') return { kind: 'all' };
  const { value } = subscript;
  const scope = place.scope ?? noIndices;
  const ends = value.kind === 'range' ? [value.from, value.to] : [value];
  const read: Dimension[] = [];
  for (const end of ends) {
    if (end.kind === 'missing') return undefined;
    const dimension = typist.dimension(end, scope, place.local);
    if (
      dimension === undefined ||
      ![...scope.indices.keys()].every((index) => isAffineIn(dimension, index))
    ) {
      reportSubscript(end, place, typist);
      return undefined;
    }
    read.push(dimension);
  }
  const [from, to] = read as [Dimension, Dimension?];
  return to === undefined ? { kind: 'entry', at: from } : { kind: 'range', from, to };
}

/** The index that has no value where it stands is to blame, if one is; names that are nothing were reported. */
function reportSubscript(syntax: Syntax, place: Place, typist: Typist): void {
  const { called } = place.scope ?? noIndices;
  const outside = (part: Syntax): boolean =>
    part.kind === 'name' && typist.indexNames.has(part.text) && !called.has(part.text);
  const find = (part: Syntax): Syntax | undefined =>
    outside(part)
      ? part
      : childrenOf(part)
          .map(find)
          .find((found) => found !== undefined);
  const index = find(syntax);
  const unknown = (part: Syntax): boolean =>
    part.kind === 'name'
      ? !typist.names.has(part.text) && place.local?.has(part.text) !== true
      : childrenOf(part).some(unknown);
  if (index === undefined && unknown(syntax)) return;
  if (index?.kind === 'name') typist.findings.add(report.indexOutside(index.span, index.text));
  else typist.findings.add(report.badSubscript(syntax.span, whyNone(syntax, typist)));
}

function whyNone(syntax: Syntax, typist: Typist): string | undefined {
  if (syntax.kind === 'unary')
    return 'entries count from 1 upwards; the last one has the number of the dimension, as in `x[d]`';
  if (syntax.kind !== 'name' && syntax.kind !== 'binary') return undefined;
  const value = mentionsArray(syntax, typist) ? undefined : typist.number(syntax);
  return value === undefined ? undefined : `this is ${value}`;
}

/** A number that only data tell is none here, and looking for one would tell other mistakes. */
function mentionsArray(syntax: Syntax, typist: Typist): boolean {
  if (syntax.kind === 'call') return true;
  if (syntax.kind !== 'name') return childrenOf(syntax).some((child) => mentionsArray(child, typist));
  const declared = typist.names.get(syntax.text);
  if (declared?.definition?.parameters !== undefined) return true;
  return declared?.kind !== 'let' && declared?.kind !== 'dimension';
}

function withNumbers(subscript: SliceRange, size: Dimension | undefined, typist: Typist): SliceRange {
  if (subscript.kind === 'all') return subscript;
  const [first, last] =
    subscript.kind === 'entry' ? [subscript.at, subscript.at] : [subscript.from, subscript.to];
  const known = Object.entries({ from: first, to: last, size }).flatMap(([key, dimension]) => {
    const value = dimension === undefined ? undefined : writtenNumber(dimension, typist);
    return value === undefined ? [] : [[key, value] as const];
  });
  return { ...subscript, numbers: Object.fromEntries(known) };
}

/** The number of a dimension that literals and lets make, whatever the data files hold. */
function writtenNumber(dimension: Dimension, { names, dimensions }: Typist): number | undefined {
  const isWritten = [...dimensionNames(dimension)].every((name) => names.get(name)?.kind === 'let');
  return isWritten ? dimensions.evaluate(dimension) : undefined;
}
