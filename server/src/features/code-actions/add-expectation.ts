/**
 * Keeps what the last run reached as an expectation: its bounds, rounded so that the run itself fulfils them, in
 * the `expect` block that is there or in a new one.
 */
import { CodeActionKind } from 'vscode-languageserver';
import { quantitiesIn } from '../../check/blocks/expect.ts';
import type { JsonNumber, RunResult } from '../../protocol/result.ts';
import { upwards } from '../../protocol/result-text.ts';
import type { Snapshot } from '../../workspace/document.ts';
import type { TextChange } from '../workspace-edit.ts';
import type { ActionPlace, ProposedAction } from './action.ts';
import { lineEndOf, touches } from './action.ts';

export function addExpectation({ snapshot, selection, result }: ActionPlace): readonly ProposedAction[] {
  if (result === undefined) return [];
  const { items } = snapshot.parsed.tree;
  const here = items.find(({ span }) => touches(span, selection));
  if (here === undefined || !['problem', 'upper', 'expect'].includes(here.kind)) return [];
  const named = new Set(
    snapshot.checked.partial.expectations
      .flatMap(({ left, right }) => [left, right].flatMap(quantitiesIn))
      .map(({ quantity }) => quantity),
  );
  return relationsOf(result)
    .filter(({ quantity }) => !named.has(quantity))
    .map(({ quantity, relation }): ProposedAction => ({
      title: `Expect ${quantity} ${relation}, as the last run`,
      kind: CodeActionKind.RefactorRewrite,
      changes: [insertion(snapshot, `${quantity} ${relation}`)],
    }));
}

interface Kept {
  readonly quantity: string;
  readonly relation: string;
}

/** Only what is certified: an expectation holds for nothing else. */
function relationsOf({ upper, hypergradient }: RunResult): readonly Kept[] {
  const kept: Kept[] = [];
  const { objective, objectiveError } = upper;
  if (objectiveError.kind === 'certified' && isFinite(objective) && isFinite(objectiveError.bound)) {
    kept.push({ quantity: 'upper_objective', relation: `<= ${above(objective + objectiveError.bound)}` });
  }
  const { error, relativeError, descentCertified } = hypergradient;
  if (error.kind === 'certified' && isFinite(relativeError) && relativeError > 0) {
    kept.push({ quantity: 'relative_hypergradient_error', relation: `<= ${upwards(relativeError)}` });
  }
  if (descentCertified) kept.push({ quantity: 'descent_certified', relation: '== 1' });
  return kept;
}

function isFinite(value: JsonNumber): value is number {
  return typeof value === 'number';
}

/** Three digits, rounded up on the number line. */
function above(value: number): number {
  if (value === 0) return 0;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 2);
  let rounded = Number((Math.ceil(value / unit) * unit).toPrecision(3));
  while (rounded < value) rounded = Number((rounded + unit).toPrecision(3));
  return rounded;
}

function insertion({ text, parsed }: Snapshot, relation: string): TextChange {
  const newLine = lineEndOf(text);
  const block = parsed.tree.items.find((item) => item.kind === 'expect');
  const last = block?.relations.at(-1);
  if (last !== undefined) {
    return { span: { start: last.span.end, end: last.span.end }, text: `${newLine}  ${relation}` };
  }
  const end = text.trimEnd().length;
  return {
    span: { start: end, end: text.length },
    text: `${newLine}${newLine}expect {${newLine}  ${relation}${newLine}}${newLine}`,
  };
}
