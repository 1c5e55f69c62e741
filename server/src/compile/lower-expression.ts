/**
 * Typed expressions to graph nodes: numbers and dimensions become literals, symbols the nodes they are
 * bound to, and every application the nodes of its atom. Each expression is lowered once and remembered,
 * so that a value can be traced back to the place in the text that it comes from. The body of a
 * comprehension is lowered once for each value of its index; what the index does not occur in, once in all.
 */
import type { Dimension, Shape } from '../base/dimension.ts';
import { evaluateDimension, formatDimension } from '../base/dimension.ts';
import type { ComprehensionTerm, Expression } from '../atoms/expression.ts';
import { namesIn } from '../atoms/expression.ts';
import type { Graph } from '../graph/graph.ts';
import type { NodeId } from '../graph/primitive.ts';
import { sizeOf } from '../graph/shapes.ts';

export interface Bindings {
  /** Values of the dimension names. */
  readonly dimensions: ReadonlyMap<string, number>;
  /** Nodes of data arrays and unknowns by name. */
  readonly symbols: ReadonlyMap<string, NodeId>;
  /** Node of a data source. */
  readonly source: (term: Extract<Expression, { kind: 'source' }>) => NodeId;
}

export class ExpressionLowering {
  readonly graph: Graph;
  private readonly bindings: Bindings;
  private readonly known = new Map<Expression, NodeId>();
  private readonly children = new Map<string, ExpressionLowering>();
  /** Where an index has a value: the lowering outside, for all that the index does not occur in. */
  private readonly outside: { readonly index: string; readonly lowering: ExpressionLowering } | undefined;

  constructor(
    graph: Graph,
    bindings: Bindings,
    outside?: { readonly index: string; readonly lowering: ExpressionLowering },
  ) {
    this.graph = graph;
    this.bindings = bindings;
    this.outside = outside;
  }

  /** The lowering in which the index of a comprehension has this value, counted from 1. */
  within(index: string, value: number): ExpressionLowering {
    const key = `${index} ${value}`;
    let child = this.children.get(key);
    if (child === undefined) {
      const dimensions = new Map(this.bindings.dimensions).set(index, value);
      child = new ExpressionLowering(this.graph, { ...this.bindings, dimensions }, { index, lowering: this });
      this.children.set(key, child);
    }
    return child;
  }

  /** The lowerings for every value of the index. */
  forEach({
    index,
    dimension,
  }: Pick<ComprehensionTerm, 'index' | 'dimension'>): readonly ExpressionLowering[] {
    return Array.from({ length: this.dimension(dimension) }, (_, k) => this.within(index, k + 1));
  }

  /** The node of an expression. Throws when a name is unbound: the checker lets no such file through. */
  lower(expression: Expression): NodeId {
    const { outside } = this;
    if (outside !== undefined && !namesIn(expression).has(outside.index))
      return outside.lowering.lower(expression);
    const known = this.known.get(expression);
    if (known !== undefined) return known;
    const node = this.lowerTerm(expression);
    this.known.set(expression, node);
    return node;
  }

  /** The node of an expression spread over a concrete shape, as starts and bounds are. */
  lowerTo(expression: Expression, shape: readonly number[]): NodeId {
    const node = this.lower(expression);
    const own = this.graph.shape(node);
    const same = sizeOf(own) === sizeOf(shape) && own.length !== shape.length;
    return same ? this.graph.reshape(node, shape) : this.graph.broadcast(node, shape);
  }

  /** The size of a dimension. */
  dimension(dimension: Dimension): number {
    const value = evaluateDimension(dimension, this.bindings.dimensions);
    if (value === undefined) throw new Error(`dimension ${formatDimension(dimension)} has no value`);
    return value;
  }

  shape(shape: Shape): number[] {
    return shape.map((dimension) => this.dimension(dimension));
  }

  private lowerTerm(expression: Expression): NodeId {
    switch (expression.kind) {
      case 'number':
        return this.graph.filled(expression.value, this.shape(expression.shape));
      case 'dimension': {
        const value = this.bindings.dimensions.get(expression.name);
        if (value === undefined) throw new Error(`dimension ${expression.name} has no value`);
        return this.graph.constant(value);
      }
      case 'symbol': {
        const node = this.bindings.symbols.get(expression.symbol.name);
        if (node === undefined) throw new Error(`${expression.symbol.name} is not bound to a node`);
        const { slice } = expression.symbol;
        return slice === undefined ? node : this.sliceAt(node, slice.index);
      }
      case 'source':
        return this.bindings.source(expression);
      case 'apply':
        return expression.atom.lower(
          this.graph,
          expression.args.map((argument) => this.lower(argument)),
          expression.parameters,
          (dimension) => this.dimension(dimension),
        );
      case 'comprehension':
        return this.comprehension(expression);
    }
  }

  /** The entry of the first axis at the value that the index has here. */
  private sliceAt(stack: NodeId, index: string): NodeId {
    const { graph } = this;
    const [, ...rest] = graph.shape(stack);
    const at = this.bindings.dimensions.get(index);
    if (at === undefined) throw new Error(`the index ${index} has no value`);
    const first = graph.slice(stack, [at - 1, ...rest.map(() => 0)], [at, ...rest]);
    return graph.reshape(first, rest);
  }

  private comprehension(term: ComprehensionTerm): NodeId {
    const { graph } = this;
    const parts = this.forEach(term).map((lowering) => lowering.lower(term.body));
    const [first] = parts as [NodeId];
    const stacked = graph.concatenate(
      parts.map((part) => graph.reshape(part, [1, ...graph.shape(first)])),
      0,
    );
    if (term.operation === 'stack') return stacked;
    const sum = graph.sum(stacked, [0]);
    return term.operation === 'sum' ? sum : graph.divide(sum, graph.filled(parts.length, graph.shape(sum)));
  }
}
