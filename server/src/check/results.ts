/** Names of results in `expect` and `report`: by themselves, or inside `estimated(…)`. */
import { expectableQuantities } from '../base/method-catalogue.ts';
import type { Expression, Name } from '../syntax/tree.ts';
import type { DeclaredName } from './resolve.ts';
import { ungrouped } from './syntax-walk.ts';

/** The name that a side of a relation consists of, whatever it means. */
export function quantityOf(
  syntax: Expression,
): { readonly name: Name; readonly acceptsEstimate: boolean } | undefined {
  const inner = ungrouped(syntax);
  if (inner.kind === 'name') return { name: inner, acceptsEstimate: false };
  if (inner.kind !== 'call' || inner.callee.text !== 'estimated') return undefined;
  const [argument] = inner.arguments;
  const name = argument === undefined ? undefined : ungrouped(argument.value);
  if (name?.kind !== 'name' || inner.arguments.length !== 1) return undefined;
  return { name, acceptsEstimate: true };
}

/** True for `estimated(…)` and for the name of a result. */
export function isResult(side: Expression): boolean {
  const inner = ungrouped(side);
  if (inner.kind === 'call') return inner.callee.text === 'estimated';
  return inner.kind === 'name' && isResultName(inner.text);
}

export function isResultName(name: string): boolean {
  return expectableQuantities.some((each) => each.name === name);
}

/** The results as names that a reported value may use, as far as the file does not mean others by them. */
export function namesOfResults(
  declared: ReadonlyMap<string, DeclaredName>,
): ReadonlyMap<string, DeclaredName> {
  const names = new Map<string, DeclaredName>();
  for (const { name } of expectableQuantities) {
    if (declared.has(name)) continue;
    names.set(name, { name, kind: 'report', declared: { start: 0, end: 0 }, uses: [] });
  }
  return names;
}
