/**
 * Ways through a syntax tree: the children of any node in the order of the text, a walk over all
 * nodes, and the path of nodes at an offset. Nodes without a `kind` of their own get their role here.
 */
import type { Span } from '../base/span.ts';
import type {
  Argument,
  Declaration,
  Expression,
  Item,
  Name,
  Objective,
  Relation,
  ReportEntry,
  SolveEntry,
  Subscript,
  SyntaxTree,
  TypeExpression,
} from './tree.ts';

/** A node with the part it plays. `name` is any name that is not itself an expression. */
export type TreeNode =
  | { readonly role: 'file'; readonly span: Span; readonly node: SyntaxTree }
  | { readonly role: 'item'; readonly span: Span; readonly node: Item }
  | { readonly role: 'declaration'; readonly span: Span; readonly node: Declaration }
  | { readonly role: 'type'; readonly span: Span; readonly node: TypeExpression }
  | { readonly role: 'objective'; readonly span: Span; readonly node: Objective }
  | { readonly role: 'solve-entry'; readonly span: Span; readonly node: SolveEntry }
  | { readonly role: 'relation'; readonly span: Span; readonly node: Relation }
  | { readonly role: 'report-entry'; readonly span: Span; readonly node: ReportEntry }
  | { readonly role: 'argument'; readonly span: Span; readonly node: Argument }
  | { readonly role: 'subscript'; readonly span: Span; readonly node: Subscript }
  | { readonly role: 'expression'; readonly span: Span; readonly node: Expression }
  | { readonly role: 'name'; readonly span: Span; readonly node: Name };

export function rootOf(tree: SyntaxTree): TreeNode {
  return { role: 'file', span: tree.span, node: tree };
}

/** The direct children, ordered by place, disjoint, inside the parent's span. */
export function childrenOf(parent: TreeNode): readonly TreeNode[] {
  const found = unorderedChildren(parent);
  return found.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/** Calls `visit` for every node, parents first; children are skipped when it returns `false`. */
export function walk(
  node: TreeNode,
  visit: (node: TreeNode, depth: number) => boolean | void,
  depth = 0,
): void {
  if (visit(node, depth) === false) return;
  for (const child of childrenOf(node)) walk(child, visit, depth + 1);
}

/**
 * The nodes around an offset, from the file to the innermost. An offset between two nodes that touch
 * belongs to the second; one at the end of a node belongs to it (that is where a cursor stands).
 */
export function nodeAt(tree: SyntaxTree, offset: number): readonly TreeNode[] {
  const path: TreeNode[] = [];
  let node: TreeNode | undefined = rootOf(tree);
  while (node !== undefined) {
    path.push(node);
    const around: TreeNode[] = childrenOf(node).filter(
      ({ span }) => span.start <= offset && offset <= span.end,
    );
    node = around.at(-1);
  }
  return path;
}

const name = (node: Name): TreeNode => ({ role: 'name', span: node.span, node });
const expression = (node: Expression): TreeNode => ({ role: 'expression', span: node.span, node });
const item = (node: Item): TreeNode => ({ role: 'item', span: node.span, node });
const declaration = (node: Declaration): TreeNode => ({ role: 'declaration', span: node.span, node });

function unorderedChildren(parent: TreeNode): TreeNode[] {
  switch (parent.role) {
    case 'file':
      return parent.node.items.map(item);
    case 'item':
      return childrenOfItem(parent.node);
    case 'declaration': {
      const { type, set, value } = parent.node;
      const children = [name(parent.node.name)];
      if (type !== undefined) children.push({ role: 'type', span: type.span, node: type });
      if (set !== undefined) children.push(expression(set));
      if (value !== undefined) children.push(expression(value));
      return children;
    }
    case 'type':
      return [name(parent.node.name), ...parent.node.dimensions.map(expression)];
    case 'objective': {
      const { target } = parent.node;
      return [...(target === undefined ? [] : [name(target)]), expression(parent.node.expression)];
    }
    case 'solve-entry': {
      const { over } = parent.node;
      return [
        name(parent.node.name),
        ...(over === undefined ? [] : [name(over)]),
        expression(parent.node.value),
      ];
    }
    case 'relation':
      return [expression(parent.node.left), expression(parent.node.right)];
    case 'report-entry':
      return [
        name(parent.node.name),
        expression(parent.node.value),
        ...parent.node.substitutions.flatMap((part) => [name(part.name), expression(part.value)]),
      ];
    case 'argument': {
      const option = parent.node.name;
      return [...(option === undefined ? [] : [name(option)]), expression(parent.node.value)];
    }
    case 'subscript':
      return parent.node.kind === 'all' ? [] : [expression(parent.node.value)];
    case 'expression':
      return childrenOfExpression(parent.node);
    case 'name':
      return [];
  }
}

function childrenOfItem(node: Item): TreeNode[] {
  switch (node.kind) {
    case 'problem':
      return [];
    case 'data':
      return [...node.declarations.map(declaration), ...node.lets.map(item)];
    case 'upper':
    case 'lower':
      return [
        ...(node.each === undefined ? [] : [name(node.each.index), name(node.each.dimension)]),
        ...node.unknowns.map(declaration),
        ...node.lets.map(item),
        ...node.objectives.map((part): TreeNode => ({ role: 'objective', span: part.span, node: part })),
      ];
    case 'solve':
      return node.entries.map((part): TreeNode => ({ role: 'solve-entry', span: part.span, node: part }));
    case 'expect':
      return node.relations.map((part): TreeNode => ({ role: 'relation', span: part.span, node: part }));
    case 'report':
      return node.entries.map((part): TreeNode => ({ role: 'report-entry', span: part.span, node: part }));
    case 'let':
      return [name(node.name), ...(node.parameters ?? []).map(name), expression(node.value)];
  }
}

function childrenOfExpression(node: Expression): TreeNode[] {
  switch (node.kind) {
    case 'number':
    case 'string':
    case 'name':
    case 'missing':
      return [];
    case 'call':
      return [
        name(node.callee),
        ...node.arguments.map((part): TreeNode => ({ role: 'argument', span: part.span, node: part })),
      ];
    case 'unary':
    case 'transpose':
      return [expression(node.operand)];
    case 'binary':
      return [expression(node.left), expression(node.right)];
    case 'index':
      return [
        expression(node.base),
        ...node.subscripts.map((part): TreeNode => ({ role: 'subscript', span: part.span, node: part })),
      ];
    case 'range':
      return [expression(node.from), expression(node.to)];
    case 'list':
      return node.items.map(expression);
    case 'comprehension':
      return [name(node.callee), name(node.index), name(node.dimension), expression(node.body)];
    case 'group':
      return [expression(node.inner)];
  }
}
