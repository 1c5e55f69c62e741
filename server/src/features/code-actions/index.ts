/**
 * Code actions: mends of diagnostics and rewrites, one file each, offered where the cursor is and only after the
 * checker has confirmed what they make.
 */
import type { CodeAction, CodeActionContext, Range } from 'vscode-languageserver';
import { CodeActionKind, CodeActionTriggerKind } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { clientCommands } from '../../protocol/editor.ts';
import type { RunResult } from '../../protocol/result.ts';
import type { Snapshot } from '../../workspace/document.ts';
import { editorDiagnostic } from '../diagnostics.ts';
import { workspaceEdit } from '../workspace-edit.ts';
import type { ActionPlace, ActionSource, ProposedAction } from './action.ts';
import { changed, touches } from './action.ts';
import { addExpectation } from './add-expectation.ts';
import { addMissingBlock } from './add-missing-block.ts';
import { countFromOne } from './count-from-one.ts';
import { declareName } from './declare-name.ts';
import { exchangeEnds } from './exchange-ends.ts';
import { extractLet } from './extract-let.ts';
import { fixAll, fixes } from './fixes.ts';
import { inlineLet } from './inline-let.ts';
import { makeStronglyConvex } from './make-strongly-convex.ts';
import { removeUnused } from './remove-unused.ts';
import { smoothKinks } from './smooth-kinks.ts';
import { tightenTolerance } from './tighten-tolerance.ts';
import { translateFunction } from './translate-function.ts';
import { isVerified } from './verify.ts';
import { wrapLinearSolver } from './wrap-linear-solver.ts';

/** In the order in which they are offered. */
const sources: readonly ActionSource[] = [
  translateFunction,
  fixes,
  countFromOne,
  exchangeEnds,
  wrapLinearSolver,
  makeStronglyConvex,
  smoothKinks,
  addMissingBlock,
  declareName,
  removeUnused,
  tightenTolerance,
  fixAll,
  extractLet,
  inlineLet,
  addExpectation,
];

export const codeActionKinds: CodeActionKind[] = [
  CodeActionKind.QuickFix,
  CodeActionKind.RefactorExtract,
  CodeActionKind.RefactorInline,
  CodeActionKind.RefactorRewrite,
  `${CodeActionKind.SourceFixAll}.bilevel`,
];

/** Rewrites of longer texts are looked for only when asked for: each is checked, at every move of the cursor. */
const longestWatched = 60_000;

export interface ActionSettings {
  readonly result: RunResult | undefined;
  /** The client has a command that lets its user rename the name at a place. */
  readonly clientRenames: boolean;
  /** It knows annotations of changes. */
  readonly annotates?: boolean;
}

export function codeActionsOf(
  snapshot: Snapshot,
  range: Range,
  context: CodeActionContext,
  { result, clientRenames, annotates = false }: ActionSettings,
): CodeAction[] {
  const selection = snapshot.span(range);
  const place: ActionPlace = {
    snapshot,
    selection,
    diagnostics: snapshot.diagnostics.filter(({ span }) => touches(span, selection)),
    result,
  };
  const asked =
    context.triggerKind !== CodeActionTriggerKind.Automatic || snapshot.text.length <= longestWatched;
  const wanted = ({ kind }: ProposedAction): boolean =>
    context.only === undefined
      ? // Fixes of the whole file are for saving, where they are asked for by name.
        !kind.startsWith(CodeActionKind.Source) && (asked || kind === CodeActionKind.QuickFix)
      : context.only.some((each) => isWithin(kind, each));
  const proposed = sources.flatMap((source) => source(place)).filter(wanted);
  return proposed
    .filter((action) => isVerified(action, snapshot))
    .map((action) => codeAction(action, snapshot, { clientRenames, annotates }));
}

function codeAction(
  action: ProposedAction,
  snapshot: Snapshot,
  { clientRenames, annotates }: Required<Omit<ActionSettings, 'result'>>,
): CodeAction {
  const { title, kind, changes, mends, isPreferred, renames } = action;
  return {
    title,
    kind,
    ...(mends === undefined ? {} : { diagnostics: [editorDiagnostic(mends, snapshot)] }),
    ...(isPreferred === true ? { isPreferred } : {}),
    edit: workspaceEdit(snapshot, changes, { annotates, title }),
    ...(renames === undefined || !clientRenames
      ? {}
      : {
          command: {
            title: 'Rename',
            command: clientCommands.renameAt,
            arguments: [snapshot.uri, positionAfter(action, snapshot, renames)],
          },
        }),
  };
}

function positionAfter({ changes }: ProposedAction, { uri, text }: Snapshot, offset: number): object {
  return TextDocument.create(uri, 'bilevel', 0, changed(text, changes)).positionAt(offset);
}

/** `refactor.extract` lies within `refactor.extract`, `refactor` and the empty kind. */
function isWithin(kind: string, wanted: string): boolean {
  return wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`);
}
