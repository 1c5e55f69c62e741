/**
 * After a run whose bound was too large, for descent or for an expectation: a smaller tolerance where the author
 * set one, by the ratio by which the bound must fall, or none, so that the certificate drives it.
 */
import { CodeActionKind } from 'vscode-languageserver';
import type { Span } from '../../base/span.ts';
import type { RunResult } from '../../protocol/result.ts';
import type { Argument, CallExpression } from '../../syntax/tree.ts';
import { walk } from '../../syntax/walk.ts';
import type { Snapshot } from '../../workspace/document.ts';
import type { ActionPlace, ProposedAction } from './action.ts';
import { touches } from './action.ts';

/** Errors are at most in proportion to the tolerance; a half more pays for what is not. */
const margin = 0.5;
/** A relative error of the hypergradient below this certifies descent. */
const certifying = 0.5;

/** What of a result is too large, and by which tolerances it falls. */
interface Excess {
  readonly of: string;
  /** Bound over what it may be. */
  readonly ratio: number;
  readonly entries: readonly string[];
}

export function tightenTolerance({ snapshot, selection, result }: ActionPlace): readonly ProposedAction[] {
  if (result === undefined) return [];
  const excesses = excessesOf(snapshot, result);
  const actions: ProposedAction[] = [];
  for (const { entry, call, argument } of tolerancesOf(snapshot)) {
    const excess = excesses.find(({ entries }) => entries.includes(entry));
    if (excess === undefined || !isNear(snapshot, selection, argument, excess)) continue;
    const value = argument.value.kind === 'number' ? argument.value.value : undefined;
    if (value === undefined || argument.name === undefined) continue;
    const tighter = roundDown((value * margin) / excess.ratio);
    const level = entry === 'lower' ? 'lower' : 'linear';
    if (tighter > 0 && tighter < value) {
      actions.push({
        title: `Tighten the ${level} ${argument.name.text} to ${tighter}: ${excess.of} is too large`,
        kind: CodeActionKind.QuickFix,
        changes: [{ span: argument.value.span, text: String(tighter) }],
      });
    }
    actions.push({
      title: `Remove the ${level} ${argument.name.text}: the certificate drives it`,
      kind: CodeActionKind.QuickFix,
      changes: [{ span: withComma(call, argument), text: '' }],
    });
  }
  return actions;
}

function excessesOf(
  snapshot: Snapshot,
  { hypergradient, lower, status, expectations }: RunResult,
): readonly Excess[] {
  const excesses: Excess[] = [];
  const both = ['lower', 'hypergradient'];
  const { relativeError, error, descentCertified } = hypergradient;
  if (!descentCertified && status !== 'converged' && typeof relativeError === 'number') {
    const ratio = Math.max(1, relativeError / certifying);
    excesses.push({ of: 'the error of the hypergradient', ratio, entries: both });
  }
  for (const { left, right, span } of snapshot.checked.partial.expectations) {
    const { line } = snapshot.position(span.start);
    const failed = expectations.some((each) => each.line === line + 1 && !each.holds);
    if (!failed || left.kind !== 'result' || right.kind !== 'number' || right.value <= 0) continue;
    const { quantity } = left;
    const { value } = right;
    const bounds: Readonly<Record<string, readonly [unknown, readonly string[]]>> = {
      lower_error: [lower.error.bound, ['lower']],
      hypergradient_error: [error.bound, both],
      relative_hypergradient_error: [relativeError, both],
    };
    const [bound, entries] = bounds[quantity] ?? [];
    if (typeof bound !== 'number' || entries === undefined) continue;
    excesses.push({ of: quantity.replaceAll('_', ' '), ratio: Math.max(1, bound / value), entries });
  }
  return excesses;
}

interface FoundTolerance {
  readonly entry: string;
  readonly call: CallExpression;
  readonly argument: Argument;
}

function tolerancesOf({ parsed }: Snapshot): readonly FoundTolerance[] {
  const found: FoundTolerance[] = [];
  const block = parsed.tree.items.find((item) => item.kind === 'solve');
  for (const entry of block?.entries ?? []) {
    walk({ role: 'solve-entry', span: entry.span, node: entry }, (node) => {
      if (node.role !== 'expression' || node.node.kind !== 'call') return;
      for (const argument of node.node.arguments) {
        const name = argument.name?.text;
        if (name === 'tolerance' || name === 'relative')
          found.push({ entry: entry.name.text, call: node.node, argument });
      }
    });
  }
  return found;
}

/** At the tolerance itself, where the bound is shown, or at the expectation that failed. */
function isNear(snapshot: Snapshot, selection: Span, argument: Argument, { of }: Excess): boolean {
  if (touches(argument.span, selection)) return true;
  const { tree } = snapshot.parsed;
  const here = tree.items.find(({ span }) => touches(span, selection));
  if (here?.kind === 'expect') {
    return here.relations.some(
      ({ span }) => touches(span, selection) && snapshot.slice(span).includes(of.replaceAll(' ', '_')),
    );
  }
  if (here?.kind === 'solve') {
    return here.entries.some(({ name, span }) => name.text === 'hypergradient' && touches(span, selection));
  }
  return here?.kind === 'upper' && here.unknowns.some(({ span }) => touches(span, selection));
}

/** An argument goes with one of the commas beside it. */
function withComma(call: CallExpression, argument: Argument): Span {
  const at = call.arguments.indexOf(argument);
  const next = call.arguments[at + 1];
  const before = call.arguments[at - 1];
  if (next !== undefined) return { start: argument.span.start, end: next.span.start };
  return { start: before?.span.end ?? argument.span.start, end: argument.span.end };
}

/** One digit, towards zero. */
function roundDown(value: number): number {
  if (!(value > 0)) return 0;
  const unit = 10 ** Math.floor(Math.log10(value));
  return Number((Math.floor(value / unit) * unit).toPrecision(1));
}
