/**
 * The paths of data files that a text names, from its tree alone: also those of files that are missing.
 */
import { sourceFormats } from '../check/blocks/source-formats.ts';
import type { StringExpression, SyntaxTree } from '../syntax/tree.ts';
import { rootOf, walk } from '../syntax/walk.ts';

/** The first arguments of calls of formats that read files. */
export function sourcePaths(tree: SyntaxTree): readonly StringExpression[] {
  const paths: StringExpression[] = [];
  walk(rootOf(tree), (node) => {
    if (node.role !== 'expression' || node.node.kind !== 'call') return;
    const path = node.node.arguments[0]?.value;
    const format = sourceFormats.get(node.node.callee.text);
    if (format?.positional === 'path' && path?.kind === 'string' && path.value !== '') paths.push(path);
  });
  return paths;
}
