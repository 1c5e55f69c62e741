/**
 * Numbers for the tests of constants: values of formulas by dense linear algebra (Jacobi rotations),
 * and H, J, f_x, f_theta of expressions by automatic differentiation on the reference interpreter.
 */
import type { ArraySymbol, Expression } from '../../../server/src/atoms/expression.ts';
import { partsOf } from '../../../server/src/atoms/expression.ts';
import type { Formula } from '../../../server/src/atoms/formula.ts';
import { gradient } from '../../../server/src/autodiff/reverse.ts';
import { pushForward } from '../../../server/src/autodiff/forward.ts';
import type { Shape } from '../../../server/src/base/dimension.ts';
import { evaluateDimension } from '../../../server/src/base/dimension.ts';
import { Graph } from '../../../server/src/graph/graph.ts';
import type { NodeId } from '../../../server/src/graph/primitive.ts';
import { convolutionNormBounds } from '../../../server/src/kernels/convolution-norm.ts';
import { interpret } from '../../../server/src/kernels/reference.ts';
import type { DoubleDouble } from '../../support/double-double.ts';
import { interpretExactly } from '../../support/double-double-interpreter.ts';

export type Values = ReadonlyMap<string, Float64Array>;
export type Sizes = ReadonlyMap<string, number>;

export function concrete(shape: Shape, sizes: Sizes): number[] {
  return shape.map((dimension) => evaluateDimension(dimension, sizes) as number);
}

export function lower(
  graph: Graph,
  e: Expression,
  sizes: Sizes,
  known = new Map<Expression, NodeId>(),
): NodeId {
  const found = known.get(e);
  if (found !== undefined) return found;
  let id: NodeId;
  if (e.kind === 'number') id = graph.filled(e.value, concrete(e.shape, sizes));
  else if (e.kind === 'dimension') id = graph.constant(sizes.get(e.name) as number);
  else if (e.kind === 'symbol') id = lowerSymbol(graph, e.symbol, e.dependence, sizes);
  else if (e.kind === 'comprehension') {
    // Plainly one body after another, with nothing kept between them.
    const parts = Array.from({ length: evaluateDimension(e.dimension, sizes) as number }, (_, k) =>
      lower(graph, e.body, new Map(sizes).set(e.index, k + 1)),
    );
    const count = parts.length;
    if (e.operation === 'stack') {
      id = graph.concatenate(
        parts.map((part) => graph.reshape(part, [1, ...graph.shape(part)])),
        0,
      );
    } else {
      const sum = parts.reduce((total, part) => graph.add(total, part));
      id = e.operation === 'sum' ? sum : graph.scale(sum, 1 / count);
    }
  } else if (e.kind === 'apply') {
    const args = e.args.map((argument) => lower(graph, argument, sizes, known));
    id = e.atom.lower(
      graph,
      args,
      e.parameters,
      (dimension) => evaluateDimension(dimension, sizes) as number,
    );
  } else throw new Error('a source');
  known.set(e, id);
  return id;
}

function lowerSymbol(graph: Graph, symbol: ArraySymbol, dependence: number, sizes: Sizes): NodeId {
  const { slice } = symbol;
  if (slice === undefined) return graph.input(symbol.name, concrete(symbol.shape, sizes), dependence);
  const stack = graph.input(symbol.name, concrete(slice.stack.shape, sizes), dependence);
  const [, ...rest] = graph.shape(stack);
  const at = sizes.get(slice.index) as number;
  return graph.reshape(graph.slice(stack, [at - 1, ...rest.map(() => 0)], [at, ...rest]), rest);
}

interface MatrixOf<Entries> {
  readonly rows: number;
  readonly columns: number;
  /** Row-major. */
  readonly at: Entries;
}

export type Matrix = MatrixOf<Float64Array>;
export type ExactMatrix = MatrixOf<readonly DoubleDouble[]>;

/** Eigenvalues of a symmetric matrix, ascending, by cyclic Jacobi rotations. */
export function eigenvalues(matrix: Matrix): number[] {
  const n = matrix.rows;
  const a = Float64Array.from(matrix.at);
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const apq = a[p * n + q] as number;
        off += apq * apq;
        if (Math.abs(apq) < 1e-300) continue;
        const tau = ((a[q * n + q] as number) - (a[p * n + p] as number)) / (2 * apq);
        const t = Math.sign(tau || 1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
        const c = 1 / Math.sqrt(1 + t * t);
        const s = t * c;
        for (let k = 0; k < n; k++) {
          const akp = a[k * n + p] as number;
          const akq = a[k * n + q] as number;
          a[k * n + p] = c * akp - s * akq;
          a[k * n + q] = s * akp + c * akq;
        }
        for (let k = 0; k < n; k++) {
          const apk = a[p * n + k] as number;
          const aqk = a[q * n + k] as number;
          a[p * n + k] = c * apk - s * aqk;
          a[q * n + k] = s * apk + c * aqk;
        }
      }
    }
    if (off < 1e-30) break;
  }
  return Array.from({ length: n }, (_, k) => a[k * n + k] as number).sort((x, y) => x - y);
}

/** A'A */
export function gram({ rows, columns, at }: Matrix): Matrix {
  const out = new Float64Array(columns * columns);
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < rows; k++) sum += (at[k * columns + i] as number) * (at[k * columns + j] as number);
      out[i * columns + j] = sum;
    }
  }
  return { rows: columns, columns, at: out };
}

/** A'B */
export function product(a: Matrix, b: Matrix): Matrix {
  const at = new Float64Array(a.columns * b.columns);
  for (let i = 0; i < a.columns; i++) {
    for (let j = 0; j < b.columns; j++) {
      let sum = 0;
      for (let k = 0; k < a.rows; k++)
        sum += (a.at[k * a.columns + i] as number) * (b.at[k * b.columns + j] as number);
      at[i * b.columns + j] = sum;
    }
  }
  return { rows: a.columns, columns: b.columns, at };
}

export function spectralNorm(matrix: Matrix): number {
  return Math.sqrt(Math.max(0, eigenvalues(gram(matrix)).at(-1) ?? 0));
}

function rowNorms({ rows, columns, at }: Matrix): number[] {
  return Array.from({ length: rows }, (_, i) => Math.hypot(...at.subarray(i * columns, (i + 1) * columns)));
}

/** Evaluates formulas at one point; `radius` is that of the ball. */
export class FormulaEvaluator {
  private readonly values: Values;
  private readonly sizes: Sizes;
  private readonly radius: number;

  constructor(values: Values, sizes: Sizes, radius: number) {
    this.values = values;
    this.sizes = sizes;
    this.radius = radius;
  }

  evaluate(formula: Formula): number {
    switch (formula.kind) {
      case 'number':
        return formula.value;
      case 'radius':
        return this.radius;
      case 'functional':
        return this.functional(formula.functional, formula.args);
      case 'operation':
        return this.operation(
          formula.operation,
          formula.args.map((argument) => this.evaluate(argument)),
        );
      case 'over': {
        const { index, dimension, reduce, body } = formula;
        const values = Array.from({ length: evaluateDimension(dimension, this.sizes) as number }, (_, k) =>
          new FormulaEvaluator(this.values, new Map(this.sizes).set(index, k + 1), this.radius).evaluate(
            body,
          ),
        );
        if (reduce === 'sum') return values.reduce((sum, each) => sum + each, 0);
        return reduce === 'maximum' ? Math.max(...values) : Math.min(...values);
      }
    }
  }

  private operation(
    operation: (Formula & { kind: 'operation' })['operation'],
    args: readonly number[],
  ): number {
    const [a, b] = args as readonly [number, number];
    switch (operation) {
      case 'add':
        return args.reduce((sum, each) => sum + each, 0);
      case 'multiply':
        return args.includes(0) ? 0 : args.reduce((product, each) => product * each, 1);
      case 'divide':
        return a === 0 ? 0 : (a / Math.abs(b)) * Math.sign(b || 1);
      case 'maximum':
        return Math.max(...args);
      case 'minimum':
        return Math.min(...args);
      case 'sqrt':
        return Math.sqrt(a);
      case 'exp':
        return Math.exp(a);
      case 'log':
        return Math.log(Math.max(0, a));
      case 'negate':
        return -a;
      case 'power':
        return a ** b;
    }
  }

  private array(e: Expression): { shape: number[]; at: Float64Array } {
    const graph = new Graph();
    const id = lower(graph, e, this.sizes);
    return { shape: [...graph.shape(id)], at: interpret(graph, [id], this.values)[0] as Float64Array };
  }

  private sideBySide(args: readonly Expression[]): Matrix {
    const arrays = args.map((argument) => this.array(argument));
    const rows = Math.max(...arrays.map(({ shape }) => (shape.length === 0 ? 1 : (shape[0] as number))));
    const widths = arrays.map(({ shape }) => (shape.length < 2 ? 1 : (shape[1] as number)));
    const columns = widths.reduce((sum, width) => sum + width, 0);
    const at = new Float64Array(rows * columns);
    for (let i = 0; i < rows; i++) {
      let offset = 0;
      for (const [index, { shape, at: values }] of arrays.entries()) {
        const width = widths[index] as number;
        for (let j = 0; j < width; j++) {
          at[i * columns + offset + j] = (shape.length === 0 ? values[0] : values[i * width + j]) as number;
        }
        offset += width;
      }
    }
    return { rows, columns, at };
  }

  private functional(
    name: (Formula & { kind: 'functional' })['functional'],
    args: readonly Expression[],
  ): number {
    if (name === 'spectral_norm') return spectralNorm(this.sideBySide(args));
    if (name === 'smallest_eigenvalue') return (eigenvalues(this.sideBySide(args))[0] as number) - 1e-12;
    if (name === 'smallest_gram_eigenvalue')
      return Math.max(0, (eigenvalues(gram(this.sideBySide(args)))[0] as number) - 1e-12);
    if (name === 'smallest_curvature') {
      const [quadratic] = args as readonly [Expression];
      const unknowns = lowerSymbols(quadratic);
      const { H } = new Derivatives(quadratic, unknowns, [], this.sizes).at(this.values);
      return Math.max(0, (eigenvalues(H)[0] as number) - 1e-12 * (1 + Math.hypot(...H.at)));
    }
    if (name === 'largest_row_norm') {
      const [first] = args;
      if (args.length === 1 && first !== undefined && first.shape.length > 2) {
        const { shape, at } = this.array(first);
        const columns = shape.at(-1) as number;
        return Math.max(...rowNorms({ rows: at.length / columns, columns, at }));
      }
      return Math.max(...rowNorms(this.sideBySide(args)));
    }
    const { at, shape: shapeOfFirst } = this.array(args[0] as Expression);
    if (name === 'convolution_norm') return convolutionNormBounds(shapeOfFirst, at).upper;
    const absolute = Array.from(at, Math.abs);
    switch (name) {
      case 'largest':
        return Math.max(...at);
      case 'smallest':
        return Math.min(...at);
      case 'largest_absolute':
        return Math.max(...absolute);
      case 'sum_absolute':
        return absolute.reduce((sum, each) => sum + each, 0);
      case 'norm':
        return Math.hypot(...at);
      case 'value':
        return at[0] as number;
    }
  }
}

/** One occurrence of each lower unknown. */
function lowerSymbols(e: Expression): readonly Expression[] {
  if (e.kind === 'symbol') return e.symbol.role === 'lower' ? [e] : [];
  const all = partsOf(e).flatMap(lowerSymbols);
  return [...new Map(all.map((each) => [each.kind === 'symbol' ? each.symbol.name : '', each])).values()];
}

/** Derivatives of a scalar expression at points, by automatic differentiation. */
export class Derivatives {
  private readonly graph = new Graph();
  private readonly columns: NodeId[][];
  private readonly mixed: NodeId[][];
  private readonly lengths: number[];

  /** `lowerSymbols` and `upperSymbols`: all unknowns, laid end to end. */
  constructor(
    e: Expression,
    lowerSymbols: readonly Expression[],
    upperSymbols: readonly Expression[],
    sizes: Sizes,
  ) {
    const { graph } = this;
    const output = lower(graph, e, sizes);
    const inputs = lowerSymbols.map((each) => lower(graph, each, sizes));
    const upper = upperSymbols.map((each) => lower(graph, each, sizes));
    this.lengths = inputs.map((id) => graph.shape(id).reduce((product, length) => product * length, 1));
    const slopes = gradient(graph, output, inputs);
    const along = (moved: readonly NodeId[]): NodeId[][] =>
      moved.flatMap((id) => {
        const shape = graph.shape(id);
        const length = shape.reduce((product, each) => product * each, 1);
        return Array.from({ length }, (_, k) => {
          const unit = graph.reshape(graph.pad(graph.filled(1, [1]), [k], [length - k - 1]), shape);
          return pushForward(graph, slopes, new Map([[id, unit]]));
        });
      });
    this.columns = along(inputs);
    this.mixed = along(upper);
  }

  /** H (d x d) and J (d x p). */
  at(values: Values): { readonly H: Matrix; readonly J: Matrix } {
    const { H, J } = this.assembled(interpret(this.graph, this.nodes(), values));
    return { H: { ...H, at: Float64Array.from(H.at) }, J: { ...J, at: Float64Array.from(J.at) } };
  }

  /** The same in double-double arithmetic. */
  exactlyAt(values: Values): { readonly H: ExactMatrix; readonly J: ExactMatrix } {
    return this.assembled(interpretExactly(this.graph, this.nodes(), values));
  }

  private nodes(): NodeId[] {
    return [...this.columns, ...this.mixed].flat();
  }

  private assembled<Entry>(flat: readonly Iterable<Entry>[]): {
    readonly H: MatrixOf<readonly Entry[]>;
    readonly J: MatrixOf<readonly Entry[]>;
  } {
    const d = this.lengths.reduce((sum, each) => sum + each, 0);
    const assemble = (first: number, columns: number): MatrixOf<readonly Entry[]> => {
      const at = new Array<Entry>(d * columns);
      for (let column = 0; column < columns; column++) {
        let row = 0;
        for (let block = 0; block < this.lengths.length; block++) {
          for (const entry of flat[(first + column) * this.lengths.length + block] as Iterable<Entry>) {
            at[row * columns + column] = entry;
            row++;
          }
        }
      }
      return { rows: d, columns, at };
    };
    return { H: assemble(0, d), J: assemble(d, this.mixed.length) };
  }
}
