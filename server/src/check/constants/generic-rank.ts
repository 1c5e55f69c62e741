/**
 * Is the Hessian of a quadratic singular whatever the data are? Tried on random data in small instances: a
 * matrix of polynomials in the data has the same rank almost everywhere, so that one that is singular at
 * random points is singular at all of these sizes. It decides what to tell the author, never a bound.
 */
import type { ArraySymbol, Expression } from '../../atoms/expression.ts';
import { namesIn, partsOf } from '../../atoms/expression.ts';
import { hessianMatrix } from '../../autodiff/hessian.ts';
import type { Dimension, Shape } from '../../base/dimension.ts';
import { dimensionNames, evaluateDimension } from '../../base/dimension.ts';
import { Graph } from '../../graph/graph.ts';
import type { NodeId } from '../../graph/primitive.ts';
import { Dependence } from '../../graph/primitive.ts';
import { sizeOf } from '../../graph/shapes.ts';
import { interpret } from '../../kernels/reference.ts';

/** Of the unknowns, and of the others: what is data may have more rows than there are unknowns. */
const instances: readonly (readonly [number, number])[] = [
  [2, 7],
  [3, 3],
];
const mostUnknowns = 100;
const mostEntries = 100_000;
/** Relative to the largest entry: far above rounding, far below what random data leave. */
const singular = 1e-11;

const known = new WeakMap<Expression, boolean>();

/** True where no instance that could be tried has a positive smallest eigenvalue, and one could be. */
export function isSurelySingular(quadratic: Expression): boolean {
  let found = known.get(quadratic);
  if (found === undefined) {
    const tried = instances.map(([own, others]) => smallestOf(quadratic, own, others));
    found = tried.some((each) => each !== undefined) && tried.every((each) => (each ?? 0) <= singular);
    known.set(quadratic, found);
  }
  return found;
}

/** The smallest eigenvalue relative to the largest entry of the Hessian; undefined where there is no such instance. */
function smallestOf(quadratic: Expression, own: number, others: number): number | undefined {
  try {
    const instance = new RandomInstance(quadratic, own, others);
    const { graph, unknowns } = instance;
    const hessian = hessianMatrix(graph, instance.output, unknowns, mostEntries);
    const [size = 0] = hessian === undefined ? [] : graph.shape(hessian);
    if (hessian === undefined || size > mostUnknowns) return undefined;
    const outputs = [graph.smallestEigenvalue(hessian), graph.largest(graph.unary('absolute', hessian))];
    const [smallest, largest] = interpret(graph, outputs, instance.values).map(([value = NaN]) => value) as [
      number,
      number,
    ];
    return largest === 0 ? 0 : smallest / largest;
  } catch {
    // Subscripts beyond the size, shapes that only other sizes give.
    return undefined;
  }
}

class RandomInstance {
  readonly graph = new Graph();
  readonly values = new Map<string, Float64Array>();
  readonly output: NodeId;
  readonly unknowns: readonly NodeId[];
  private readonly sizes: Map<string, number>;
  private seed = 1;

  constructor(quadratic: Expression, own: number, others: number) {
    const symbols = symbolsOf(quadratic);
    const ofUnknowns = symbols
      .filter(({ role }) => role === 'lower')
      .flatMap(({ shape }) => shape.flatMap((dimension) => [...dimensionNames(dimension)]));
    const names = new Set([
      ...namesIn(quadratic),
      ...symbols.flatMap(({ shape }) => shape.flatMap((dimension) => [...dimensionNames(dimension)])),
    ]);
    this.sizes = new Map([...names].map((name) => [name, ofUnknowns.includes(name) ? own : others]));
    // An index that the whole is inside of has some value.
    for (const { slice } of symbols) if (slice !== undefined) this.sizes.set(slice.index, 1);
    this.output = this.lower(quadratic, this.sizes);
    this.unknowns = [
      ...new Set(
        symbols.filter(({ role }) => role === 'lower').map((symbol) => this.symbol(symbol, this.sizes)),
      ),
    ];
  }

  private lower(e: Expression, sizes: ReadonlyMap<string, number>): NodeId {
    const { graph } = this;
    const dimension = (d: Dimension): number => {
      const value = evaluateDimension(d, sizes);
      if (value === undefined) throw new Error('a dimension without a size');
      return value;
    };
    switch (e.kind) {
      case 'number':
        return graph.filled(e.value, e.shape.map(dimension));
      case 'dimension':
        return graph.constant(sizes.get(e.name) ?? 1);
      case 'symbol':
        return this.symbol(e.symbol, sizes);
      case 'source':
        throw new Error('a source has no entries before it is read');
      case 'apply':
        return e.atom.lower(
          graph,
          e.args.map((argument) => this.lower(argument, sizes)),
          e.parameters,
          dimension,
        );
      case 'comprehension': {
        const parts = Array.from({ length: dimension(e.dimension) }, (_, k) => {
          const part = this.lower(e.body, new Map(sizes).set(e.index, k + 1));
          return graph.reshape(part, [1, ...graph.shape(part)]);
        });
        const stack = graph.concatenate(parts, 0);
        if (e.operation === 'stack') return stack;
        const sum = graph.sum(stack, [0]);
        return e.operation === 'sum' ? sum : graph.scale(sum, 1 / parts.length);
      }
    }
  }

  private symbol(symbol: ArraySymbol, sizes: ReadonlyMap<string, number>): NodeId {
    const { graph } = this;
    const { slice } = symbol;
    if (slice === undefined) return this.input(symbol.name, symbol, symbol.shape, sizes);
    const stack = this.input(symbol.name, symbol, slice.stack.shape, sizes);
    const [, ...rest] = graph.shape(stack);
    const at = sizes.get(slice.index) ?? 1;
    return graph.reshape(graph.slice(stack, [at - 1, ...rest.map(() => 0)], [at, ...rest]), rest);
  }

  private input(
    name: string,
    { role, range }: ArraySymbol,
    shape: Shape,
    sizes: ReadonlyMap<string, number>,
  ): NodeId {
    const lengths = shape.map((dimension) => evaluateDimension(dimension, sizes) ?? 1);
    if (sizeOf(lengths) > mostEntries) throw new Error('too many entries for an instance');
    const least = Math.max(range.lower, -1);
    const most = Math.min(range.upper, Math.max(1, least + 1));
    if (!this.values.has(name)) {
      this.values.set(
        name,
        Float64Array.from({ length: sizeOf(lengths) }, () => least + (most - least) * this.random()),
      );
    }
    return this.graph.input(name, lengths, Dependence[role]);
  }

  /** Evenly in (0, 1): Lehmer's generator. */
  private random(): number {
    this.seed = (this.seed * 48_271) % 2_147_483_647;
    return this.seed / 2_147_483_647;
  }
}

function symbolsOf(e: Expression): readonly ArraySymbol[] {
  return e.kind === 'symbol' ? [e.symbol] : partsOf(e).flatMap(symbolsOf);
}
