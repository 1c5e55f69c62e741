/**
 * Which suggestions fit by their shape: the place of the cursor is filled with each shape in turn and typed upwards
 * by the atoms' own rules, as far as what stands beside it is known. What fits up to the statement comes first.
 * Where nothing is typed yet the text is read
 * with a placeholder in it, so that the gap cannot break its surroundings.
 */
import type { Shape } from '../../base/dimension.ts';
import { fixedDimension, formatShape, sameShape } from '../../base/dimension.ts';
import type { Atom } from '../../atoms/atom.ts';
import { productOfShapes } from '../../atoms/batched-matmul.ts';
import { atomNamed, functionNamed } from '../../atoms/index.ts';
import { isShapeProblem } from '../../atoms/shape-rules.ts';
import type { Span } from '../../base/span.ts';
import { expressionOf, functionOf } from '../../check/facts.ts';
import type { NameFact } from '../../check/facts.ts';
import type { Objective, Subscript } from '../../syntax/tree.ts';
import { nodeAt } from '../../syntax/walk.ts';
import type { TreeNode } from '../../syntax/walk.ts';
import type { Snapshot } from '../../workspace/document.ts';

/** 3: fits up to the statement. 2: fits as far as is known. 1: fits where it stands only. 0: does not fit. */
export type Fit = 0 | 1 | 2 | 3;

export interface ShapeFits {
  readonly ofName: (name: NameFact) => Fit;
  /** Half a step less where it depends on the arguments. */
  readonly ofFunction: (atom: Atom) => number;
}

/** In longer texts the order is that of the declarations: typing must not wait. */
const longestRanked = 150_000;
/** Functions of two arrays are tried on the pairs of this many shapes. */
const mostPaired = 5;

export function shapeFitsAt(snapshot: Snapshot, word: Span): ShapeFits | undefined {
  const { text } = snapshot;
  if (text.length > longestRanked) return undefined;
  // What is typed of a word stands for it; where nothing is yet, a placeholder does.
  const filled =
    word.end > word.start
      ? snapshot
      : snapshot.withText(`${text.slice(0, word.start)}placeholder_${text.slice(word.end)}`);
  const path = nodeAt(filled.parsed.tree, word.start + 1);
  // Of a function's name: the place is that of its call.
  const node = path.findLastIndex(({ role }) => role === 'expression');
  if (node < 0) return undefined;
  const climb = new Climb(filled, path.slice(0, node + 1));
  const memory = new Map<string, Fit>();
  const fit = (shape: Shape, isLabels: boolean): Fit => {
    const key = `${formatShape(shape)} ${isLabels}`;
    let known = memory.get(key);
    if (known === undefined) {
      known = climb.fit(shape, isLabels);
      memory.set(key, known);
    }
    return known;
  };
  const shapes = distinctShapes(snapshot);
  return {
    ofName: (name) => {
      const shape = shapeOfName(snapshot, name);
      return shape === undefined ? 2 : fit(shape, name.symbol?.classes !== undefined);
    },
    ofFunction: (atom) => {
      const fits = resultsOf(atom, shapes).map((shape) => fit(shape, false));
      if (fits.length === 0) return 2;
      const best = Math.max(...fits);
      return Math.min(...fits) === best ? best : best - 0.5;
    },
  };
}

/** Of arrays and scalars; undefined for a function of the author's own, and where a mistake hides it. */
function shapeOfName(
  { checked }: Snapshot,
  { kind, symbol, definition, value }: NameFact,
): Shape | undefined {
  if (symbol !== undefined) return symbol.shape;
  if (kind === 'dimension' || value !== undefined) return [];
  if (definition === undefined || definition.parameters !== undefined) return undefined;
  return expressionOf(checked.facts, definition.value.span)?.shape;
}

function distinctShapes({ checked }: Snapshot): readonly Shape[] {
  const shapes = new Map<string, Shape>([['scalar', []]]);
  for (const { symbol } of checked.facts.names) {
    if (symbol !== undefined) shapes.set(formatShape(symbol.shape), symbol.shape);
  }
  return [...shapes.values()];
}

/** What the function makes of the shapes in the file. */
function resultsOf(atom: Atom, shapes: readonly Shape[]): readonly Shape[] {
  const few = shapes.slice(0, mostPaired);
  const [least] = atom.arity;
  const tries = least <= 1 ? shapes.map((shape) => [shape]) : few.flatMap((a) => few.map((b) => [a, b]));
  return tries.flatMap((args) => {
    const shape = shapeBy(atom, args);
    return shape === undefined ? [] : [shape];
  });
}

/** Undefined where the shapes do not fit, or the rule needs more than shapes. */
function shapeBy(atom: Atom | undefined, args: readonly Shape[]): Shape | undefined {
  try {
    const shape = atom?.shape(args, {});
    return shape === undefined || isShapeProblem(shape) ? undefined : shape;
  } catch {
    return undefined;
  }
}

const operators: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'subtract',
  '.*': 'multiply',
  '/': 'divide',
  './': 'divide',
};

/** `'unknown'`: what is around does not tell. */
type Step = Shape | 'unknown' | 'wrong';

class Climb {
  private readonly filled: Snapshot;
  /** From the file to the expression that is to be filled. */
  private readonly path: readonly TreeNode[];

  constructor(filled: Snapshot, path: readonly TreeNode[]) {
    this.filled = filled;
    this.path = path;
  }

  fit(shape: Shape, isLabels: boolean): Fit {
    let current = shape;
    let labels = isLabels;
    let steps = 0;
    let node = this.path.at(-1) as TreeNode;
    for (const parent of this.path.slice(0, -1).toReversed()) {
      if (parent.role === 'argument' || parent.role === 'subscript') continue;
      const step = this.step(node, parent, current, labels);
      if (step === 'unknown') return 2;
      if (step === 'wrong') return steps === 0 ? 0 : 1;
      if (step === 'end') return 3;
      if (parent.role === 'expression' && parent.node.kind !== 'group') {
        steps++;
        labels = false;
      }
      current = step;
      node = parent;
    }
    return 2;
  }

  private step(node: TreeNode, parent: TreeNode, shape: Shape, isLabels: boolean): Step | 'end' {
    switch (parent.role) {
      case 'objective':
        return sameShape(shape, this.shapeOfObjective(parent.node)) ? 'end' : 'wrong';
      case 'relation':
      case 'solve-entry':
        return shape.length === 0 ? 'end' : 'wrong';
      case 'declaration': {
        const declared = this.shapeOfDeclared(parent.node.name.span);
        if (parent.node.set === node.node || declared === undefined) return 'unknown';
        return sameShape(shape, declared) || shape.length === 0 ? 'end' : 'wrong';
      }
      case 'expression':
        return this.inExpression(node, parent, shape, isLabels);
      default:
        return 'unknown';
    }
  }

  private inExpression(
    node: TreeNode,
    { node: parent }: TreeNode & { readonly role: 'expression' },
    shape: Shape,
    isLabels: boolean,
  ): Step {
    switch (parent.kind) {
      case 'group':
      case 'unary':
        return shape;
      case 'transpose':
        return shapeBy(atomNamed('transpose'), [shape]) ?? 'wrong';
      case 'binary': {
        const isLeft = parent.left === node.node;
        if (isLabels) return 'wrong';
        if (parent.operator === '^' || parent.operator === '.^') {
          if (!isLeft) return shape.length === 0 ? 'unknown' : 'wrong';
          return parent.operator === '^' && shape.length > 0 ? 'wrong' : shape;
        }
        const other = this.shapeAt(isLeft ? parent.right.span : parent.left.span);
        if (other === undefined) return 'unknown';
        const args = isLeft ? [shape, other] : [other, shape];
        const [left, right] = args as [Shape, Shape];
        const product = parent.operator === '*' ? productOfShapes(left, right) : undefined;
        return shapeBy(product ?? atomNamed(operators[parent.operator] ?? ''), args) ?? 'wrong';
      }
      case 'index': {
        // A subscript is an expression below the index, as its base is.
        if (parent.base !== node.node) return shape.length === 0 ? 'unknown' : 'wrong';
        if (shape.length < parent.subscripts.length) return 'wrong';
        return parent.subscripts.every(isEntry) ? shape.slice(parent.subscripts.length) : 'unknown';
      }
      case 'call': {
        const { text } = parent.callee;
        const own = functionOf(this.filled.checked.facts, text);
        const atom = own === undefined ? functionNamed(text) : undefined;
        const position = parent.arguments.findIndex(({ value }) => value === node.node);
        if (atom === undefined) return 'unknown';
        // Of what is written as `name = …`, or after the arrays, numbers are made.
        if (parent.arguments[position]?.name !== undefined || position >= atom.arity[1]) {
          return shape.length === 0 ? 'unknown' : 'wrong';
        }
        if ((atom.labels?.argument === position) !== isLabels) return 'wrong';
        return this.called(
          atom,
          position,
          shape,
          parent.arguments.map(({ value }) => value.span),
        );
      }
      default:
        return 'unknown';
    }
  }

  private called(atom: Atom, position: number, shape: Shape, spans: readonly Span[]): Step {
    const args: Shape[] = [];
    for (const [at, span] of spans.slice(0, atom.arity[1]).entries()) {
      const known = at === position ? shape : this.shapeAt(span);
      if (known === undefined) return 'unknown';
      args.push(known);
    }
    if (args.length < atom.arity[0]) return 'unknown';
    return shapeBy(atom, args) ?? 'wrong';
  }

  private shapeAt(span: Span): Shape | undefined {
    return expressionOf(this.filled.checked.facts, span)?.shape;
  }

  /** A number, or what a fixed point is of. */
  private shapeOfObjective({ kind, target }: Objective): Shape {
    if (kind !== 'fixed_point') return [];
    return this.filled.checked.facts.names.find(({ name }) => name === target?.text)?.symbol?.shape ?? [];
  }

  private shapeOfDeclared({ start }: Span): Shape | undefined {
    const { names } = this.filled.checked.facts;
    const symbol = names.find(({ declared }) => declared.start === start)?.symbol;
    // A value that could not be read leaves its declaration without a symbol; its type says the same.
    if (symbol !== undefined) return symbol.shape;
    const declaration = this.path.find(({ role }) => role === 'declaration');
    const type = declaration?.role === 'declaration' ? declaration.node.type : undefined;
    if (type?.name.text === 'scalar') return [];
    const sizes = type?.dimensions.map((size) =>
      size.kind === 'name'
        ? new Map([[size.text, 1]])
        : size.kind === 'number'
          ? fixedDimension(size.value)
          : undefined,
    );
    if (sizes === undefined || sizes.some((size) => size === undefined)) return undefined;
    return sizes as Shape;
  }
}

function isEntry(subscript: Subscript): boolean {
  return subscript.kind === 'expression' && subscript.value.kind !== 'range';
}
