/**
 * Where names stand: go to definition, find references, highlight, rename. All read the checker's one
 * list of declarations and uses, so they always agree.
 */
import type { DocumentHighlight, Location, Position, Range, WorkspaceEdit } from 'vscode-languageserver';
import { DocumentHighlightKind, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { keywordTypes, lex, Identifier } from '../../../grammar/tokens.ts';
import { functionNamed } from '../atoms/index.ts';
import { isCallable } from '../check/names/kinds.ts';
import { sourceFormats } from '../check/blocks/source-formats.ts';
import type { NameFact } from '../check/facts.ts';
import { nameAt } from '../check/facts.ts';
import type { Snapshot } from '../workspace/document.ts';
import { typeWords } from './words.ts';
import { workspaceEdit } from './workspace-edit.ts';

function factAt(snapshot: Snapshot, position: Position): NameFact | undefined {
  return nameAt(snapshot.checked.facts, snapshot.offset(position));
}

export function definitionOf(snapshot: Snapshot, position: Position): Location | null {
  const name = factAt(snapshot, position);
  return name === undefined ? null : { uri: snapshot.uri, range: snapshot.range(name.declared) };
}

export function referencesOf(snapshot: Snapshot, position: Position, withDeclaration: boolean): Location[] {
  const name = factAt(snapshot, position);
  if (name === undefined) return [];
  const spans = withDeclaration ? [name.declared, ...name.uses] : name.uses;
  return spans.map((span) => ({ uri: snapshot.uri, range: snapshot.range(span) }));
}

export function highlightsOf(snapshot: Snapshot, position: Position): DocumentHighlight[] {
  const name = factAt(snapshot, position);
  if (name === undefined) return [];
  return [
    { range: snapshot.range(name.declared), kind: DocumentHighlightKind.Write },
    ...name.uses.map((span) => ({ range: snapshot.range(span), kind: DocumentHighlightKind.Read })),
  ];
}

export function prepareRename(
  snapshot: Snapshot,
  position: Position,
): { range: Range; placeholder: string } | null {
  const offset = snapshot.offset(position);
  const name = nameAt(snapshot.checked.facts, offset);
  if (name === undefined) {
    const token = snapshot.parsed.tokensAt(offset)[0];
    const word = token === undefined ? '' : snapshot.slice(token.span);
    const is = token?.kind === 'keyword' ? 'a keyword' : meaningOf(word);
    if (is !== undefined)
      throw new ResponseError(LSPErrorCodes.RequestFailed, `\`${word}\` is ${is} of the language`);
    return null;
  }
  const span = [name.declared, ...name.uses].find(({ start, end }) => start <= offset && offset <= end);
  return span === undefined ? null : { range: snapshot.range(span), placeholder: name.name };
}

/** Rejected with the reason when the new name is no name, or means something already. */
export function rename(
  snapshot: Snapshot,
  position: Position,
  newName: string,
  annotates = false,
): WorkspaceEdit | null {
  const name = factAt(snapshot, position);
  if (name === undefined) return null;
  const reason = whyNot(newName, name, snapshot);
  if (reason !== undefined) throw new ResponseError(LSPErrorCodes.RequestFailed, reason);
  const changes = [name.declared, ...name.uses].map((span) => ({ span, text: newName }));
  return workspaceEdit(snapshot, changes, { annotates, title: `Rename \`${name.name}\`` });
}

/** What a word of the language is. */
function meaningOf(word: string): string | undefined {
  if (functionNamed(word) !== undefined) return 'a function';
  if (sourceFormats.has(word)) return 'a data source';
  return typeWords[word] === undefined ? undefined : 'a type';
}

function whyNot(newName: string, renamed: NameFact, snapshot: Snapshot): string | undefined {
  const { tokens } = lex(newName);
  if (tokens.length !== 1 || tokens[0]?.tokenType !== Identifier || tokens[0].image !== newName) {
    return `\`${newName}\` is not a name: a name is letters, digits and _, and begins with no digit`;
  }
  if (keywordTypes.has(newName)) return `\`${newName}\` is a keyword`;
  // Only a function would take the place of the language's: calls of that one would change their meaning.
  if (renamed.definition?.parameters !== undefined && isCallable(newName))
    return `\`${newName}\` is ${meaningOf(newName) ?? 'a function'} of the language, whose place it would take`;
  const other = snapshot.checked.facts.names.find((each) => each.name === newName && each !== renamed);
  if (other === undefined) return undefined;
  const { line } = snapshot.position(other.declared.start);
  return `\`${newName}\` is declared in line ${line + 1} already`;
}
