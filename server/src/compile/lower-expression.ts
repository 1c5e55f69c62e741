/**
 * Typed expressions to graph nodes: numbers and dimensions become literals, symbols the nodes they are
 * bound to, and every application the nodes of its atom. Each expression is lowered once and remembered,
 * so that a value can be traced back to the place in the text that it comes from.
 */
import type { Dimension, Shape } from '../base/dimension.ts';
import { evaluateDimension, formatDimension } from '../base/dimension.ts';
import type { Expression } from '../atoms/expression.ts';
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

  constructor(graph: Graph, bindings: Bindings) {
    this.graph = graph;
    this.bindings = bindings;
  }

  /** The node of an expression. Throws when a name is unbound: the checker lets no such file through. */
  lower(expression: Expression): NodeId {
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
        return node;
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
    }
  }
}
