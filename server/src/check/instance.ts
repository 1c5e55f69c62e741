/**
 * A small instance of an expression: every dimension name has the same small size, and all entries of an array
 * are equal, so that a point is one number for each array. Values and second derivatives at such points are
 * evaluated by the primitives' own meaning; they make examples for messages and decide nothing.
 */
import type { ArraySymbol, Expression } from '../atoms/expression.ts';
import { partsOf } from '../atoms/expression.ts';
import { pushForward } from '../autodiff/forward.ts';
import type { Dimension, Shape } from '../base/dimension.ts';
import { dimensionNames, evaluateDimension } from '../base/dimension.ts';
import { Graph } from '../graph/graph.ts';
import type { NodeId } from '../graph/primitive.ts';
import { Dependence } from '../graph/primitive.ts';
import { sizeOf } from '../graph/shapes.ts';
import { interpret } from '../kernels/reference.ts';

/** Entries of an array by its name, all equal. */
export type Point = ReadonlyMap<string, number>;

/** How each array moves: all its entries alike, or the first one alone. */
export interface Direction {
  readonly along: Point;
  readonly firstEntryOnly: boolean;
}

/** More entries than a message needs; fixed sizes such as `matrix[784, 10]` may be large. */
const mostEntries = 200;

export class Instance {
  readonly symbols: readonly ArraySymbol[];
  /** The names that have the size of the instance. */
  readonly names: readonly string[];
  readonly size: number;
  private readonly graph = new Graph();
  private readonly inputs = new Map<string, readonly number[]>();
  private readonly output: NodeId;
  private readonly second: NodeId;

  /** Undefined where the sizes of the expression do not allow so small an instance. */
  static of(expression: Expression, size: number): Instance | undefined {
    try {
      return new Instance(expression, size);
    } catch {
      // Subscripts beyond the size, shapes that only other sizes give: there is no such instance.
      return undefined;
    }
  }

  private constructor(expression: Expression, size: number) {
    this.size = size;
    const found = new Map<string, ArraySymbol>();
    const names = new Set<string>();
    collect(expression, found, names);
    this.symbols = [...found.values()];
    this.names = [...names];
    this.output = this.lower(expression);
    const tangents = new Map<NodeId, NodeId>();
    for (const symbol of this.symbols) {
      if (symbol.role === 'data' && symbol.classes !== undefined) continue;
      tangents.set(this.inputOf(symbol.name, symbol), this.inputOf(tangentOf(symbol.name), symbol));
    }
    const [first] = pushForward(this.graph, [this.output], tangents) as [NodeId];
    const [second] = pushForward(this.graph, [first], tangents) as [NodeId];
    this.second = second;
  }

  /** The entries of the value at a point; arrays without a number there are 0. */
  valueAt(point: Point): Float64Array {
    return this.evaluate(this.output, point, { along: new Map(), firstEntryOnly: false });
  }

  /** The second derivatives of the entries along a direction at a point. */
  secondAt(point: Point, direction: Direction): Float64Array {
    return this.evaluate(this.second, point, direction);
  }

  private evaluate(node: NodeId, point: Point, { along, firstEntryOnly }: Direction): Float64Array {
    const values = new Map<string, Float64Array>();
    for (const { name } of this.symbols) {
      const count = sizeOf(this.inputs.get(name) ?? []);
      values.set(name, new Float64Array(count).fill(point.get(name) ?? 0));
      const tangent = new Float64Array(count);
      tangent.fill(along.get(name) ?? 0, 0, firstEntryOnly ? 1 : count);
      values.set(tangentOf(name), tangent);
    }
    const [result] = interpret(this.graph, [node], values) as [Float64Array];
    return result;
  }

  private inputOf(name: string, { shape, role }: ArraySymbol): NodeId {
    const sizes = this.sizesOf(shape);
    this.inputs.set(name, sizes);
    return this.graph.input(name, sizes, Dependence[role]);
  }

  private sizesOf(shape: Shape): readonly number[] {
    const sizes = shape.map((dimension) => this.dimension(dimension));
    if (sizeOf(sizes) > mostEntries) throw new Error('too many entries for an example');
    return sizes;
  }

  private dimension(dimension: Dimension): number {
    const bindings = new Map([...dimensionNames(dimension)].map((name) => [name, this.size]));
    return evaluateDimension(dimension, bindings) ?? this.size;
  }

  private lower(expression: Expression): NodeId {
    const { graph } = this;
    switch (expression.kind) {
      case 'number':
        return graph.filled(expression.value, this.sizesOf(expression.shape));
      case 'dimension':
        return graph.constant(this.size);
      case 'symbol':
        return this.inputOf(expression.symbol.name, expression.symbol);
      case 'apply': {
        const args = expression.args.map((argument) => this.lower(argument));
        this.sizesOf(expression.shape);
        return expression.atom.lower(graph, args, expression.parameters, (dimension) =>
          this.dimension(dimension),
        );
      }
      case 'comprehension': {
        // With one value of the index, a sum and a mean are their body.
        if (this.size !== 1 || expression.operation === 'stack')
          throw new Error('several values of an index');
        return this.lower(expression.body);
      }
      case 'source':
        throw new Error('a source has no entries before it is read');
    }
  }
}

function tangentOf(name: string): string {
  return `tangent ${name}`;
}

function collect(expression: Expression, symbols: Map<string, ArraySymbol>, names: Set<string>): void {
  if (expression.kind === 'symbol') symbols.set(expression.symbol.name, expression.symbol);
  if (expression.kind === 'dimension') names.add(expression.name);
  for (const dimension of expression.shape) for (const name of dimensionNames(dimension)) names.add(name);
  for (const part of partsOf(expression)) collect(part, symbols, names);
}
