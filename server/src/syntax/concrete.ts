/**
 * Reading chevrotain's concrete tree: children by label, spans of tokens, names. Where the parser
 * recovered, children may be absent; every accessor says so with `undefined`.
 */
import type { CstElement, CstNode, IToken } from 'chevrotain';
import type { Span } from '../base/span.ts';
import type { Name } from './tree.ts';

export function isToken(element: CstElement): element is IToken {
  return 'image' in element;
}

/** The first token with this label that was really read, not invented by the parser's recovery. */
export function tokenOf(node: CstNode, label: string): IToken | undefined {
  const element = node.children[label]?.[0];
  if (element === undefined || !isToken(element) || element.isInsertedInRecovery === true) return undefined;
  return element;
}

export function tokensOf(node: CstNode, label: string): readonly IToken[] {
  const elements = node.children[label];
  if (elements === undefined) return [];
  return elements.filter(
    (element): element is IToken => isToken(element) && element.isInsertedInRecovery !== true,
  );
}

export function nodeOf(node: CstNode, label: string): CstNode | undefined {
  const element = node.children[label]?.[0];
  return element === undefined || isToken(element) ? undefined : element;
}

export function nodesOf(node: CstNode, label: string): readonly CstNode[] {
  return (node.children[label] ?? none) as readonly CstNode[];
}
const none: readonly CstNode[] = [];

export function spanOf(token: IToken): Span {
  return { start: token.startOffset, end: token.startOffset + token.image.length };
}

/** From this length on V8 keeps a part of a text as a view of it, and with it all of the text. */
const shortestView = 13;

/** A copy, so that what is kept of one version of a text does not keep the whole of it. */
export function ownText(text: string): string {
  return text.length < shortestView ? text : ` ${text}`.slice(1);
}

/** The text of a name in the composed form (NFC), so that equal-looking names are equal. */
export function nameText(image: string): string {
  for (let i = 0; i < image.length; i++) if (image.charCodeAt(i) > 127) return image.normalize('NFC');
  return ownText(image);
}

export function nameOf(token: IToken): Name {
  return { text: nameText(token.image), span: spanOf(token) };
}
