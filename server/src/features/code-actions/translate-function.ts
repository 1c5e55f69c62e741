/**
 * Writes a function of another language as it is written here: `ln(x)` as `log(x)`, `np.dot(A, x)` as `A * x`. Only
 * calls without named arguments, because an axis, a threshold or a reduction often means something else elsewhere.
 */
import { CodeActionKind } from 'vscode-languageserver';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { foreignFunctions } from '../../check/diagnostics/foreign-functions.ts';
import type { CallExpression, Expression } from '../../syntax/tree.ts';
import { nodeAt } from '../../syntax/walk.ts';
import type { TreeNode } from '../../syntax/walk.ts';
import type { Snapshot } from '../../workspace/document.ts';
import type { ActionPlace, ProposedAction } from './action.ts';
import { isVerified } from './verify.ts';

const longestTitle = 80;

/** Functions that are here too, but for other shapes. */
const widerElsewhere: ReadonlyMap<string, readonly string[]> = new Map([['dot', ['{1} * {2}']]]);

export function translateFunction({ snapshot, diagnostics }: ActionPlace): readonly ProposedAction[] {
  return diagnostics.flatMap((diagnostic) => {
    const found = callOf(diagnostic, snapshot);
    if (found === undefined) return [];
    const { call, parent } = found;
    const { text: name } = call.callee;
    const patterns = foreignFunctions.get(name)?.patterns ?? widerElsewhere.get(name) ?? [];
    const start = Math.min(diagnostic.span.start, call.span.start);
    const translated = patterns.flatMap((pattern): ProposedAction[] => {
      const written = filled(pattern, call, snapshot);
      if (written === undefined) return [];
      return [
        {
          title: `Write ${inOneLine(written)}`,
          kind: CodeActionKind.QuickFix,
          changes: [
            {
              span: { start, end: call.span.end },
              text: bindsLooser(pattern, call, parent) ? `(${written})` : written,
            },
          ],
          mends: diagnostic,
          isPreferred: true,
        },
      ];
    });
    const accepted = translated.find((action) => isVerified(action, snapshot));
    return accepted === undefined ? [] : [accepted];
  });
}

/** The call that a diagnostic is about: at its name, behind a prefix, or the whole. */
function callOf(
  { code, span }: Diagnostic,
  { parsed }: Snapshot,
): { readonly call: CallExpression; readonly parent: TreeNode | undefined } | undefined {
  const path = nodeAt(parsed.tree, code === 'syntax-character' ? span.end : span.start);
  const isMeant = ({ callee, arguments: args }: CallExpression): boolean => {
    if (code === 'unknown-function') return callee.span.start === span.start;
    if (code === 'syntax-character') return callee.span.start === span.end;
    // The shape is wrong of the whole call, or of the argument that does not fit.
    const isHere = [...args.map(({ value }) => value.span.start), callee.span.start].includes(span.start);
    return code === 'shape-mismatch' && widerElsewhere.has(callee.text) && isHere;
  };
  const index = path.findLastIndex(
    (node) => node.role === 'expression' && node.node.kind === 'call' && isMeant(node.node),
  );
  const found = path[index];
  if (found?.role !== 'expression' || found.node.kind !== 'call') return undefined;
  return { call: found.node, parent: path[index - 1] };
}

function inOneLine(written: string): string {
  const line = written.replaceAll(/\s+/gu, ' ');
  return line.length > longestTitle ? `${line.slice(0, longestTitle)}…` : line;
}

/** The pattern with the arguments of the call in it; undefined where their number is another one. */
function filled(pattern: string, call: CallExpression, snapshot: Snapshot): string | undefined {
  const places = [...pattern.matchAll(/\{(\d)\}/gu)];
  const count = Math.max(...places.map(([, position]) => Number(position)));
  const args = call.arguments;
  if (args.length !== count || args.some(({ name }) => name !== undefined)) return undefined;
  return pattern.replaceAll(
    /(\(|, )?\{(\d)\}(?=(.?))/gu,
    (_, before: string | undefined, position, after) => {
      const { value } = args[Number(position) - 1] as CallExpression['arguments'][number];
      const written = snapshot.slice(value.span);
      const isAlone = before !== undefined && (after === ')' || after === ',');
      return `${before ?? ''}${isAlone || isWhole(value) ? written : `(${written})`}`;
    },
  );
}

/** Whether no operator beside it could tear the expression apart. */
function isWhole({ kind }: Expression): boolean {
  return ['number', 'name', 'call', 'comprehension', 'index', 'group', 'transpose'].includes(kind);
}

/** Whether what is around the call would bind parts of the pattern before its own operators do. */
function bindsLooser(pattern: string, call: CallExpression, parent: TreeNode | undefined): boolean {
  let outside = pattern;
  for (let before = ''; before !== outside;) {
    before = outside;
    outside = outside.replaceAll(/\([^()]*\)/gu, '');
  }
  const isSum = / [+-] |^-/u.test(outside);
  if (!isSum && !/[*/^]/u.test(outside)) return false;
  const around = parent?.role === 'expression' ? parent.node : undefined;
  switch (around?.kind) {
    case 'binary':
      if (around.operator !== '+' && around.operator !== '-') return true;
      return isSum && around.left !== call;
    case 'unary':
      return isSum;
    case 'transpose':
    case 'index':
      return true;
    default:
      return false;
  }
}
