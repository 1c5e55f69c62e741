/**
 * Adds `+ 0.001 * sumsq(x)` for the unknowns that lack a strongly convex term, as few of them as the checker needs
 * to see mu > 0 whatever the data are.
 */
import { CodeActionKind } from 'vscode-languageserver';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { LevelBlock } from '../../syntax/tree.ts';
import type { ActionPlace, ProposedAction } from './action.ts';
import { touches } from './action.ts';
import { isVerified } from './verify.ts';

/** The first carries its own edit; offered here is what it does not. */
const mended: ReadonlySet<string> = new Set([
  'convexity-depends-on-data',
  'not-strongly-convex',
  'not-determined',
]);

export function makeStronglyConvex({ snapshot, selection }: ActionPlace): readonly ProposedAction[] {
  const level = snapshot.parsed.tree.items.find((item): item is LevelBlock => item.kind === 'lower');
  const [objective] = level?.objectives ?? [];
  if (level === undefined || objective?.kind !== 'minimize' || !touches(level.span, selection)) return [];
  const diagnostic = snapshot.diagnostics.find(
    ({ code, span, fixes = [] }) => mended.has(code) && fixes.length === 0 && touches(level.span, span),
  );
  if (diagnostic === undefined) return [];
  const atDiagnostic = touches(diagnostic.span, selection);
  const action = (names: readonly string[]): ProposedAction =>
    actionFor(names, objective.expression.span.end, diagnostic, atDiagnostic);
  let needed: readonly string[] = level.unknowns.map(({ name }) => name.text).filter((name) => name !== '');
  if (!isVerified(action(needed), snapshot)) return [];
  for (const name of needed) {
    const fewer = needed.filter((each) => each !== name);
    if (fewer.length > 0 && isVerified(action(fewer), snapshot)) needed = fewer;
  }
  return [action(needed)];
}

function actionFor(
  names: readonly string[],
  end: number,
  mends: Diagnostic,
  atDiagnostic: boolean,
): ProposedAction {
  const squares = names.map((name) => `sumsq(${name})`).join(' + ');
  const term = names.length === 1 ? `0.001 * ${squares}` : `0.001 * (${squares})`;
  return {
    title: `Make strongly convex: add ${term}`,
    kind: atDiagnostic ? CodeActionKind.QuickFix : CodeActionKind.RefactorRewrite,
    changes: [{ span: { start: end, end }, text: ` + ${term}` }],
    mends,
    ...(atDiagnostic ? { isPreferred: true } : {}),
  };
}
