/**
 * Colours by meaning: the checker knows which names are data, unknowns, dimensions, functions. Standard
 * token types, so that every theme has colours; what is not resolved keeps the grammar's colour.
 */
import type {
  Range,
  SemanticTokens,
  SemanticTokensDelta,
  SemanticTokensEdit,
  SemanticTokensLegend,
} from 'vscode-languageserver';
import { SemanticTokensBuilder } from 'vscode-languageserver';
import { methodCatalogue, solveSettings } from '../base/method-catalogue.ts';
import type { CheckFacts, NameFact } from '../check/facts.ts';
import type { Span } from '../base/span.ts';
import { walk } from '../syntax/walk.ts';
import type { TreeNode } from '../syntax/walk.ts';
import type { Snapshot } from '../workspace/document.ts';

const types = [
  'keyword',
  'comment',
  'string',
  'number',
  'operator',
  'type',
  'typeParameter',
  'parameter',
  'variable',
  'property',
  'function',
  'enumMember',
] as const;
/** The last three are this language's own: whose a name is, for themes that tell levels apart. */
const modifiers = ['declaration', 'readonly', 'defaultLibrary', 'data', 'upper', 'lower'] as const;
export const semanticTokensLegend: SemanticTokensLegend = {
  tokenTypes: [...types],
  tokenModifiers: [...modifiers],
};

type TokenType = (typeof types)[number];
type Modifier = (typeof modifiers)[number];
interface Meaning {
  readonly type: TokenType;
  readonly modifiers: readonly Modifier[];
}

/** Of the whole text, or of what a range touches. */
export function semanticTokensOf(snapshot: Snapshot, range?: Range): SemanticTokens {
  const meanings = meaningsOf(snapshot);
  const builder = new SemanticTokensBuilder();
  const wanted = range === undefined ? undefined : snapshot.span(range);
  for (const { kind, span } of snapshot.parsed.tokens) {
    if (wanted !== undefined && (span.end < wanted.start || span.start > wanted.end)) continue;
    const meaning = kind === 'name' ? meanings.get(span.start) : plain(kind);
    if (meaning === undefined) continue;
    const { line, character } = snapshot.position(span.start);
    // No token of the language goes over a line end, which clients need not support.
    builder.push(
      line,
      character,
      span.end - span.start,
      types.indexOf(meaning.type),
      bits(meaning.modifiers),
    );
  }
  return { data: builder.build().data };
}

/** Remembers what each document's client was last told, so that after an edit only the difference travels. */
export class SemanticTokensHistory {
  private readonly last = new Map<string, { readonly id: string; readonly data: readonly number[] }>();
  private next = 1;

  full(snapshot: Snapshot): SemanticTokens {
    const { data } = semanticTokensOf(snapshot);
    const id = String(this.next++);
    this.last.set(snapshot.uri, { id, data });
    return { resultId: id, data };
  }

  delta(snapshot: Snapshot, previousId: string): SemanticTokens | SemanticTokensDelta {
    const before = this.last.get(snapshot.uri);
    const now = this.full(snapshot);
    if (before?.id !== previousId) return now;
    return {
      ...(now.resultId === undefined ? {} : { resultId: now.resultId }),
      edits: difference(before.data, now.data),
    };
  }

  forget(uri: string): void {
    this.last.delete(uri);
  }
}

/** One edit: what lies between the common beginning and the common end. */
function difference(before: readonly number[], after: readonly number[]): SemanticTokensEdit[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let same = 0;
  while (same < shorter - start && before[before.length - 1 - same] === after[after.length - 1 - same])
    same++;
  const deleteCount = before.length - same - start;
  const data = after.slice(start, after.length - same);
  return deleteCount === 0 && data.length === 0 ? [] : [{ start, deleteCount, data }];
}

function plain(kind: string): Meaning | undefined {
  return kind === 'punctuation' ? undefined : { type: kind as TokenType, modifiers: [] };
}

function bits(used: readonly Modifier[]): number {
  return used.reduce((sum, modifier) => sum | (1 << modifiers.indexOf(modifier)), 0);
}

/** Of names, by where they begin. */
function meaningsOf(snapshot: Snapshot): ReadonlyMap<number, Meaning> {
  const meanings = new Map<number, Meaning>();
  const put = ({ start }: Span, type: TokenType, ...used: Modifier[]): void => {
    if (!meanings.has(start)) meanings.set(start, { type, modifiers: used });
  };
  const { facts } = snapshot.checked;
  putNames(facts, put);
  for (const { span, callee } of facts.calls) {
    if (callee.kind !== 'let') put(span, 'function', 'defaultLibrary');
  }
  putRoles(snapshot, put);
  return meanings;
}

function putNames(facts: CheckFacts, put: (span: Span, type: TokenType, ...used: Modifier[]) => void): void {
  for (const name of facts.names) {
    const [type, ...fixed] = styleOf(name);
    put(name.declared, type, 'declaration', ...fixed);
    for (const use of name.uses) put(use, type, ...fixed);
  }
}

/** Upper unknowns are what the problem is a function of, hence `parameter`; data is read only. */
function styleOf({ kind, definition }: NameFact): readonly [TokenType, ...Modifier[]] {
  switch (kind) {
    case 'data':
      return ['variable', 'readonly', 'data'];
    case 'upper':
      return ['parameter', 'upper'];
    case 'lower':
      return ['variable', 'lower'];
    case 'let':
      return definition?.parameters === undefined ? ['property', 'readonly'] : ['function'];
    case 'parameter':
    case 'index':
      return ['parameter'];
    case 'dimension':
      return ['typeParameter'];
    case 'report':
      return ['property'];
  }
}

const methodNames: ReadonlySet<string> = new Set(methodCatalogue.map(({ name }) => name));
const settingNames: ReadonlySet<string> = new Set(solveSettings.map(({ name }) => name));

/** Names that are told by their place: types, options, methods, entries, results. */
function putRoles(snapshot: Snapshot, put: (span: Span, type: TokenType, ...used: Modifier[]) => void): void {
  for (const item of snapshot.parsed.tree.items) {
    putRolesIn({ role: 'item', span: item.span, node: item }, item.kind === 'solve', put);
  }
}

function putRolesIn(
  root: TreeNode,
  inSolve: boolean,
  put: (span: Span, type: TokenType, ...used: Modifier[]) => void,
): void {
  walk(root, (node) => {
    switch (node.role) {
      case 'type':
        put(node.node.name.span, 'type', 'defaultLibrary');
        return;
      case 'argument':
        if (node.node.name !== undefined) put(node.node.name.span, 'property');
        return;
      case 'solve-entry':
      case 'report-entry':
        put(node.node.name.span, 'property');
        return;
      case 'relation':
        if (node.node.left.kind === 'name') put(node.node.left.span, 'property', 'readonly');
        return;
      case 'expression': {
        const called =
          node.node.kind === 'call' || node.node.kind === 'comprehension' ? node.node.callee : undefined;
        if (called !== undefined) {
          const method = inSolve && methodNames.has(called.text);
          put(called.span, method ? 'enumMember' : 'function');
        } else if (inSolve && node.node.kind === 'name' && !settingNames.has(node.node.text)) {
          put(node.span, methodNames.has(node.node.text) ? 'enumMember' : 'property');
        }
        return;
      }
      default:
    }
  });
}
