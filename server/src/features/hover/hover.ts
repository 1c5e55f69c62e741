/**
 * Hover: what is known of the thing under the cursor. Names, functions, methods and results say what they
 * are; `minimize` and `lower` say how curved the problem is and with which constants; any other expression
 * says its shape. Numbers appear once the solver process has found them for exactly this text.
 */
import type { Hover, Position } from 'vscode-languageserver';
import { MarkupKind } from 'vscode-languageserver';
import type { Span } from '../../base/span.ts';
import { expressionAt, functionOf, nameAt } from '../../check/facts.ts';
import type { SyntaxToken } from '../../syntax/parse.ts';
import { nodeAt } from '../../syntax/walk.ts';
import type { TreeNode } from '../../syntax/walk.ts';
import type { Snapshot } from '../../workspace/document.ts';
import { expressionText } from './expression.ts';
import { levelText } from './level.ts';
import { nameText } from './name.ts';
import { functionText, methodText, optionText, quantityText, setText, settingText } from './words.ts';
import type { Numbers } from '../numbers.ts';
import { presented, reference } from '../markdown.ts';
import type { MarkdownAbilities } from '../markdown.ts';
import { keywordHeadings, keywordWords, typeWords } from '../words.ts';

interface Found {
  readonly span: Span;
  readonly text: string;
}

export function hoverOf(
  snapshot: Snapshot,
  position: Position,
  numbers: Numbers | undefined,
  abilities: MarkdownAbilities,
): Hover | null {
  const offset = snapshot.offset(position);
  const token = tokenAt(snapshot, offset);
  if (token === undefined || token.kind === 'comment') return null;
  const found =
    (token.kind === 'keyword' ? hoverOfKeyword(snapshot, token.span, numbers) : undefined) ??
    hoverOfPlace(snapshot, token.span) ??
    nameText(snapshot, token.span, numbers) ??
    hoverOfExpression(snapshot, offset, token.kind);
  if (found === undefined) return null;
  return {
    contents: { kind: MarkupKind.Markdown, value: presented(found.text, abilities) },
    range: snapshot.range(found.span),
  };
}

/** The token at the offset; between two that touch, the one that is a word. */
function tokenAt(snapshot: Snapshot, offset: number): SyntaxToken | undefined {
  const touching = snapshot.parsed.tokensAt(offset);
  return touching.find(({ kind }) => kind === 'name' || kind === 'keyword') ?? touching.at(-1);
}

/** At these the level itself is told. */
const levelWords: ReadonlySet<string> = new Set(['lower', 'minimize', 'maximize', 'fixed_point']);

function hoverOfKeyword(snapshot: Snapshot, span: Span, numbers: Numbers | undefined): Found | undefined {
  const word = snapshot.slice(span);
  const words = keywordWords[word];
  if (words === undefined) return undefined;
  const { upper, lower } = snapshot.checked.partial;
  const isLower = levelWords.has(word) && lower.span !== undefined && within(span, lower.span);
  const isUpper = !isLower && upper.span !== undefined && within(span, upper.span);
  const level = isLower
    ? levelText(snapshot, 'lower', numbers)
    : isUpper
      ? levelText(snapshot, 'upper', numbers)
      : '';
  const samples = word === 'sample' ? snapshot.checked.partial.samples : [];
  const sampled = samples
    .filter((sample) => within(span, sample.span))
    .map(
      ({ arrays }) =>
        `\n\nArrays taken apart by rows: ${arrays.map((name) => `\`${name}\``).join(', ')}. This version uses all rows.`,
    )
    .join('');
  const heading = keywordHeadings[word];
  const more = heading === undefined ? '' : `\n\n${reference(heading)}`;
  return { span, text: level === '' ? `${words}${sampled}${more}` : `${words}\n\n${level}${more}` };
}

/** Words that their place explains: types, methods, options, entries, results, functions. */
function hoverOfPlace(snapshot: Snapshot, span: Span): Found | undefined {
  const path = nodeAt(snapshot.parsed.tree, span.start).filter((node) => within(span, node.span));
  const word = snapshot.slice(span);
  const parent = path.findLast(({ role }) => role !== 'name');
  const isName = (named: { readonly span: Span } | undefined): boolean =>
    named !== undefined && named.span.start === span.start && named.span.end === span.end;
  const { facts } = snapshot.checked;
  // In an expectation a name is a result's, or the file's where the checker took it so.
  if (path.some(({ role }) => role === 'relation') && nameAt(facts, span.start) !== undefined)
    return undefined;
  const isOwn = functionOf(facts, word) !== undefined;
  const text = placeText(word, parent, path, isName, isOwn);
  return text === undefined ? undefined : { span, text };
}

function placeText(
  word: string,
  parent: TreeNode | undefined,
  path: readonly TreeNode[],
  isName: (named: { readonly span: Span } | undefined) => boolean,
  isOwnFunction: boolean,
): string | undefined {
  const entry = path.find((node) => node.role === 'solve-entry');
  const call = path.findLast((node) => node.role === 'expression' && node.node.kind === 'call');
  const callee = call?.role === 'expression' && call.node.kind === 'call' ? call.node.callee : undefined;
  switch (parent?.role) {
    case 'type': {
      const type = typeWords[word];
      return isName(parent.node.name) && type !== undefined
        ? `**${word}**: ${type.summary}\n\n${reference('types-and-dimensions')}`
        : undefined;
    }
    case 'argument':
      if (!isName(parent.node.name) || callee === undefined) return undefined;
      return optionText(callee.text, word, entry !== undefined);
    case 'solve-entry':
      return isName(parent.node.name) ? settingText(word) : undefined;
    case 'relation':
      return quantityText(word);
    case 'expression': {
      const { node } = parent;
      const called = node.kind === 'call' || node.kind === 'comprehension' ? node.callee : undefined;
      const named = node.kind === 'name';
      if (entry?.role === 'solve-entry' && (isName(called) || named)) {
        return methodText(word, entry.node.name.text, isName(called) ? depth(path) : depth(path) + 1);
      }
      if (path.some(({ role }) => role === 'relation') && named) return quantityText(word);
      if (isInSet(node.span, path) && (named || isName(called))) return setText(word);
      return isName(called) && !(node.kind === 'call' && isOwnFunction) ? functionText(word) : undefined;
    }
    default:
      return undefined;
  }
}

/** Behind the `in` of a declaration, where names are those of sets. */
function isInSet(span: Span, path: readonly TreeNode[]): boolean {
  return path.some(
    (node) => node.role === 'declaration' && node.node.set !== undefined && within(span, node.node.set.span),
  );
}

/** How many calls surround the place. */
function depth(path: readonly TreeNode[]): number {
  return path.filter((node) => node.role === 'expression' && node.node.kind === 'call').length;
}

function hoverOfExpression(snapshot: Snapshot, offset: number, kind: string): Found | undefined {
  if (kind === 'punctuation' || kind === 'string') return undefined;
  const typed = expressionAt(snapshot.checked.facts, offset);
  if (typed === undefined) return undefined;
  const written = nodeAt(snapshot.parsed.tree, offset).find(
    ({ role, span }) =>
      role === 'expression' && span.start === typed.span.start && span.end === typed.span.end,
  );
  const syntax = written?.role === 'expression' ? written.node : undefined;
  return { span: typed.span, text: expressionText(typed.expression, syntax, snapshot) };
}

function within(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
