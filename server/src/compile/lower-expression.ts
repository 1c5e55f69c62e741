/**
 * Typed expressions to graph nodes: numbers and dimensions become literals, symbols the nodes they are
 * bound to, and every application the nodes of its atom. Each expression is lowered once and remembered,
 * so that a value can be traced back to the place in the text that it comes from. The body of a
 * comprehension is lowered once and batched over its index where the index only takes slices (slots.ts),
 * otherwise once for each value; what the index does not occur in is lowered once in all.
 */
import type { Dimension, Shape } from '../base/dimension.ts';
import { evaluateDimension, formatDimension } from '../base/dimension.ts';
import type { ComprehensionTerm, Expression } from '../atoms/expression.ts';
import { namesIn } from '../atoms/expression.ts';
import { batched } from '../autodiff/batch.ts';
import type { Graph } from '../graph/graph.ts';
import type { NodeId } from '../graph/primitive.ts';
import { sizeOf } from '../graph/shapes.ts';
import { allEntries, hasSlotsOnly } from './slots.ts';
import type { Running } from './slots.ts';

export interface Bindings {
  /** Values of the dimension names. */
  readonly dimensions: ReadonlyMap<string, number>;
  /** Nodes of data arrays and unknowns by name. */
  readonly symbols: ReadonlyMap<string, NodeId>;
  /** Node of a data source. */
  readonly source: (term: Extract<Expression, { kind: 'source' }>) => NodeId;
}

/** What a lowering inside a comprehension knows of the place that it is in. */
interface Outside extends Running {
  /** For all that the index does not occur in. */
  readonly lowering: ExpressionLowering;
  /** Slots and their stacks, where the body is lowered for all values of the index at once. */
  readonly slots?: Map<NodeId, NodeId>;
}

export class ExpressionLowering {
  readonly graph: Graph;
  private readonly bindings: Bindings;
  private readonly known = new Map<Expression, NodeId>();
  private readonly children = new Map<string, ExpressionLowering>();
  private readonly outside: Outside | undefined;
  /** False where every value of an index is wanted by itself. */
  private readonly batches: boolean;

  constructor(graph: Graph, bindings: Bindings, outside?: Outside, batches = true) {
    this.graph = graph;
    this.bindings = bindings;
    this.outside = outside;
    this.batches = batches;
  }

  /** A lowering in which what stands in a comprehension has a node of its own for each value of the index. */
  oneByOne(): ExpressionLowering {
    return new ExpressionLowering(this.graph, this.bindings, this.outside, false);
  }

  /** The lowering in which the index of a comprehension has this value, counted from 1. */
  private within({ index, dimension }: Running, value: number): ExpressionLowering {
    const key = `${index} ${value}`;
    let child = this.children.get(key);
    if (child === undefined) {
      const dimensions = new Map(this.bindings.dimensions).set(index, value);
      const bindings = { ...this.bindings, dimensions };
      child = new ExpressionLowering(
        this.graph,
        bindings,
        { index, dimension, lowering: this },
        this.batches,
      );
      this.children.set(key, child);
    }
    return child;
  }

  /** The lowerings for every value of the index. */
  forEach(running: Running): readonly ExpressionLowering[] {
    return Array.from({ length: this.dimension(running.dimension) }, (_, k) => this.within(running, k + 1));
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
    const stack = this.stackOf(expression);
    if (stack !== undefined) return this.slotFor(stack);
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

  /** The values of a slot for all values of the index, one after another. */
  private stackOf(expression: Expression): NodeId | undefined {
    const { graph, outside } = this;
    if (outside?.slots === undefined) return undefined;
    const { index, dimension, lowering } = outside;
    if (expression.kind === 'dimension') {
      const count = lowering.dimension(dimension);
      const numbers = Array.from({ length: count }, (_, k) => graph.reshape(graph.constant(k + 1), [1]));
      return graph.concatenate(numbers, 0);
    }
    if (expression.kind === 'symbol') return this.bindings.symbols.get(expression.symbol.name);
    const entries = allEntries(expression, { index, dimension });
    if (entries === undefined) return undefined;
    const all = lowering.lower(entries.all);
    const axes = graph.shape(all).map((_, axis) => axis);
    return graph.transpose(all, [entries.axis, ...axes.toSpliced(entries.axis, 1)]);
  }

  private slotFor(stack: NodeId): NodeId {
    const { graph } = this;
    const [, ...shape] = graph.shape(stack);
    const slot = graph.input(
      `${this.outside?.index ?? ''} of node ${stack}`,
      shape,
      graph.node(stack).dependence,
    );
    this.outside?.slots?.set(slot, stack);
    return slot;
  }

  private comprehension(term: ComprehensionTerm): NodeId {
    const { graph } = this;
    const stacked = this.stacked(term);
    if (term.operation === 'stack') return stacked;
    const sum = graph.sum(stacked, [0]);
    const [count = 1] = graph.shape(stacked);
    return term.operation === 'sum' ? sum : graph.divide(sum, graph.filled(count, graph.shape(sum)));
  }

  /** The values of the body, along a first axis. */
  private stacked({ index, dimension, body }: ComprehensionTerm): NodeId {
    const { graph } = this;
    if (!namesIn(body).has(index)) {
      const one = this.lower(body);
      return graph.broadcast(one, [this.dimension(dimension), ...graph.shape(one)]);
    }
    if (this.batches && hasSlotsOnly(body, index)) {
      const slots = new Map<NodeId, NodeId>();
      const inside = new ExpressionLowering(graph, this.bindings, {
        index,
        dimension,
        lowering: this,
        slots,
      });
      const output = inside.lower(body);
      return batched(graph, [output], slots)[0] as NodeId;
    }
    const parts = this.forEach({ index, dimension }).map((lowering) => lowering.lower(body));
    return graph.concatenate(
      parts.map((part) => graph.reshape(part, [1, ...graph.shape(part)])),
      0,
    );
  }
}
