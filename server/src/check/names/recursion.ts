/**
 * Circles of definitions, and definitions nested so deep that putting them in place of their names would
 * leave no room on the stack. What is in a circle or too deep is marked, so that no stage goes into it.
 */
import * as report from '../diagnostics.ts';
import type { Findings } from '../facts.ts';
import type { DeclaredName } from './resolve.ts';
import type { WatchedMap } from '../memory/watched-map.ts';

/** Some fifty frames of about 100 bytes for each: half of the default stack stays free. */
const deepestDefinition = 100;

/** `mentions`: the definitions that each definition names, where it names any. Walks with a stack of its own. */
export function checkRecursion(
  names: WatchedMap<DeclaredName>,
  mentions: ReadonlyMap<string, readonly string[]>,
  findings: Findings,
): void {
  /** How deep what is done goes; undefined while it is open. */
  const depths = new Map<string, number | undefined>();
  const path: {
    readonly name: string;
    readonly mentions: readonly string[];
    next: number;
    depth: number;
  }[] = [];
  const enter = (name: string): void => {
    depths.set(name, undefined);
    path.push({ name, mentions: mentions.get(name) ?? [], next: 0, depth: 1 });
  };
  for (const first of mentions.keys()) {
    if (depths.has(first)) continue;
    enter(first);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.mentions[top.next++];
      if (next === undefined) {
        path.pop();
        const isDeep = top.depth > deepestDefinition;
        if (isDeep) tooDeep(top.name, names, findings);
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

/** Whether each definition names only what it named before, so that no new circle or depth can have come of it. */
export function isPartOf(
  mentions: ReadonlyMap<string, readonly string[]>,
  before: ReadonlyMap<string, readonly string[]>,
): boolean {
  for (const [name, named] of mentions) {
    const then = before.get(name);
    if (named === then) continue;
    if (then === undefined || !named.every((each) => then.includes(each))) return false;
  }
  return true;
}

/** Reported once, at the name that the walk came back to. */
function circle(
  path: readonly string[],
  back: string,
  names: WatchedMap<DeclaredName>,
  findings: Findings,
): void {
  const members = path.slice(path.indexOf(back));
  for (const each of members) {
    const found = names.get(each);
    if (found !== undefined) names.set(each, { ...found, recursive: true });
  }
  const declared = names.get(back)?.declared;
  if (declared !== undefined) findings.add(report.recursion(declared, [...members, back]));
}

function tooDeep(name: string, names: WatchedMap<DeclaredName>, findings: Findings): void {
  const found = names.get(name);
  if (found === undefined) return;
  names.set(name, { ...found, recursive: true });
  findings.add(report.nestedTooDeep(found.declared, deepestDefinition, 'definitions'));
}
