/**
 * Circles of definitions, and definitions nested so deep that putting them in place of their names would
 * leave no room on the stack. What is in a circle or too deep is marked, so that no stage goes into it.
 */
import * as report from './diagnostics.ts';
import type { Findings } from './facts.ts';
import type { DeclaredName } from './resolve.ts';

/** Some fifty frames of about 100 bytes for each: half of the default stack stays free. */
const deepestDefinition = 100;

/** `mentions`: the definitions that each definition names. Walks with a stack of its own. */
export function checkRecursion(
  names: ReadonlyMap<string, DeclaredName>,
  mentions: ReadonlyMap<string, ReadonlySet<string>>,
  findings: Findings,
): void {
  /** How deep what is done goes; undefined while it is open. */
  const depths = new Map<string, number | undefined>();
  for (const first of mentions.keys()) {
    if (depths.has(first)) continue;
    const path: { readonly name: string; readonly rest: Iterator<string>; depth: number }[] = [];
    const enter = (name: string): void => {
      depths.set(name, undefined);
      path.push({ name, rest: (mentions.get(name) ?? new Set<string>()).values(), depth: 1 });
    };
    enter(first);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { done, value: next } = top.rest.next();
      if (done === true) {
        path.pop();
        const isDeep = top.depth > deepestDefinition;
        if (isDeep) tooDeep(names.get(top.name), findings);
        // What is too deep is told once; what uses it begins anew.
        const depth = isDeep ? 0 : top.depth;
        depths.set(top.name, depth);
        const outer = path.at(-1);
        if (outer !== undefined) outer.depth = Math.max(outer.depth, depth + 1);
      } else if (!mentions.has(next)) {
        top.depth = Math.max(top.depth, 2);
      } else if (!depths.has(next)) {
        enter(next);
      } else {
        const depth = depths.get(next);
        if (depth === undefined)
          circle(
            path.map(({ name }) => name),
            next,
            names,
            findings,
          );
        else top.depth = Math.max(top.depth, depth + 1);
      }
    }
  }
}

/** Reported once, at the name that the walk came back to. */
function circle(
  path: readonly string[],
  back: string,
  names: ReadonlyMap<string, DeclaredName>,
  findings: Findings,
): void {
  const members = path.slice(path.indexOf(back));
  for (const each of members) {
    const found = names.get(each);
    if (found !== undefined) found.recursive = true;
  }
  const declared = names.get(back)?.declared;
  if (declared !== undefined) findings.add(report.recursion(declared, [...members, back]));
}

function tooDeep(name: DeclaredName | undefined, findings: Findings): void {
  if (name === undefined) return;
  name.recursive = true;
  findings.add(report.nestedTooDeep(name.declared, deepestDefinition, 'definitions'));
}
