/**
 * What was inferred, beside the text it belongs to: the sizes of dimensions at declarations, mu, L and
 * kappa at the lower objective, the method chosen where the author chose none. One setting,
 * `bilevel.inlayHints.enabled`, turns all off.
 */
import type { InlayHint, Range } from 'vscode-languageserver';
import { InlayHintKind } from 'vscode-languageserver';
import type { Span } from '../base/span.ts';
import { methodCatalogue } from '../base/method-catalogue.ts';
import { evaluateDimension } from '../base/dimension.ts';
import { downwards, short, upwards } from '../protocol/result-text.ts';
import type { Declaration, SyntaxTree } from '../syntax/tree.ts';
import type { Snapshot } from '../workspace/document.ts';
import type { Numbers } from './numbers.ts';

export function inlayHintsOf(snapshot: Snapshot, range: Range, numbers: Numbers | undefined): InlayHint[] {
  const wanted = snapshot.span(range);
  const hints: InlayHint[] = [];
  const add = (offset: number, label: string, tooltip: string): void => {
    if (offset < wanted.start || offset > wanted.end) return;
    hints.push({
      position: snapshot.position(offset),
      label,
      tooltip,
      kind: InlayHintKind.Type,
      paddingLeft: true,
      paddingRight: true,
    });
  };
  const { facts, partial } = snapshot.checked;
  const values = new Map<string, number>();
  for (const { name, value } of facts.names) if (value !== undefined) values.set(name, value);
  for (const [name, { value }] of Object.entries(numbers?.dimensions ?? {})) values.set(name, value);
  for (const { name, type } of declarationsOf(snapshot.parsed.tree)) {
    const symbol = facts.names.find(({ declared }) => same(declared, name.span))?.symbol;
    if (type === undefined || symbol === undefined || symbol.shape.length === 0) continue;
    const written = type.dimensions.slice(0, symbol.shape.length);
    if (written.every(({ kind }) => kind === 'number')) continue;
    const sizes = symbol.shape.map((dimension) => evaluateDimension(dimension, values));
    if (sizes.some((size) => size === undefined)) continue;
    add(type.span.end, sizes.join(' × '), `the size of \`${symbol.name}\``);
  }
  const { objectiveKeyword } = partial.lower;
  const { mu, L } = numbers?.constants ?? {};
  if (objectiveKeyword !== undefined && mu !== undefined && L !== undefined) {
    const kappa = Number(L.value) / Number(mu.value);
    const isMap = partial.lower.kind === 'fixed_point';
    const words = isMap
      ? `q = ${upwards(1 - Number(mu.value))}`
      : `mu = ${downwards(mu.value)}, L = ${upwards(L.value)}, kappa = ${upwards(kappa)}`;
    const what = isMap ? 'contraction factor' : 'strong convexity, smoothness and condition';
    const chosen = numbers?.methods?.['lower'];
    const solved = chosen === undefined ? '' : `; solved by ${chosen}`;
    add(objectiveKeyword.end, words, `${what} ${numbers?.where ?? ''}`.trim() + solved);
    addStep(snapshot.parsed.tree, Number(L.value), Number(mu.value), add);
  }
  addMethods(snapshot.parsed.tree, numbers, add);
  return hints;
}

/** The step that the lower method of `solve` takes by itself. */
function addStep(
  tree: SyntaxTree,
  L: number,
  mu: number,
  add: (offset: number, label: string, tooltip: string) => void,
): void {
  const block = tree.items.find((item) => item.kind === 'solve');
  const value = block?.entries.find(({ name }) => name.text === 'lower')?.value;
  if (value === undefined) return;
  const name = value.kind === 'call' ? value.callee.text : value.kind === 'name' ? value.text : undefined;
  const step = methodCatalogue.find((method) => method.axis === 'lower' && method.name === name)?.step;
  // With constants of the author's own it is another one.
  const isGiven =
    value.kind === 'call' && value.arguments.some((each) => ['L', 'mu'].includes(each.name?.text ?? ''));
  if (step === undefined || isGiven || !Number.isFinite(L)) return;
  add(value.span.end, `step ${step.formula} = ${short(step.of(L, mu))}`, 'from the constants at the start');
}

/** In `solve`, the methods that no entry names. */
function addMethods(
  tree: SyntaxTree,
  numbers: Numbers | undefined,
  add: (offset: number, label: string, tooltip: string) => void,
): void {
  const block = tree.items.find((item) => item.kind === 'solve');
  if (block === undefined || numbers?.methods === undefined) return;
  const missing = Object.entries(numbers.methods).filter(
    ([axis]) => axis !== 'budget' && !block.entries.some(({ name }) => name.text === axis),
  );
  const [first] = missing;
  if (first === undefined) return;
  // Editors cut what is long: the lower method is told before the others, which are in the tooltip.
  const words =
    first[0] === 'lower'
      ? `lower = ${first[1]}`
      : missing.map(([, method]) => method.split(', ')[0]).join(', ');
  const all = missing.map(([axis, method]) => `${axis} = ${method}`).join('; ');
  add(block.keyword.end, words, `chosen, as no entry says: ${all}`);
}

export function declarationsOf(tree: SyntaxTree): readonly Declaration[] {
  return tree.items.flatMap((item) =>
    item.kind === 'data'
      ? item.declarations
      : item.kind === 'upper' || item.kind === 'lower'
        ? item.unknowns
        : [],
  );
}

function same(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end;
}
