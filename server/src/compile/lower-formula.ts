/**
 * Formulas of constants to intervals. The functionals of a formula are lowered to the graph and evaluated
 * together with a bound of their rounding error; the operations around them run in interval arithmetic.
 * So the lower end bounds a constant such as mu from below and the upper end L, L_H, … from above, with
 * every rounding counted in. Functionals of data alone are evaluated once, those of theta once per theta.
 */
import type { Expression } from '../atoms/expression.ts';
import { partsOf } from '../atoms/expression.ts';
import type { Formula, FormulaOperation, Functional } from '../atoms/formula.ts';
import { hessianMatrix } from '../autodiff/hessian.ts';
import type { Graph } from '../graph/graph.ts';
import { Dependence } from '../graph/primitive.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { RoundingAnalysis } from '../kernels/rounding.ts';
import {
  addIntervals,
  divideIntervals,
  everything,
  exponentialInterval,
  logarithmInterval,
  maximumInterval,
  minimumInterval,
  multiplyIntervals,
  negateInterval,
  point,
  powerInterval,
  squareRootInterval,
} from './interval.ts';
import type { Interval } from './interval.ts';
import type { ExpressionLowering } from './lower-expression.ts';

/** More columns than this and the Gram matrix is not formed: 0 is a valid bound there. */
const largestGram = 1500;

/** As that, where it is formed again at every theta. */
const largestMovingHessian = 400;
/** Entries of one array behind a Hessian: 128 MB. */
const mostEntries = 2 ** 24;

/** The functionals that may be negative. */
const signed: ReadonlySet<Functional> = new Set(['value', 'largest', 'smallest', 'smallest_eigenvalue']);

/** A formula made ready: its functionals are graph nodes, those over an index one for each value. */
export interface LoweredFormula {
  /** True when the value moves with the lower point. */
  readonly needsCentre: boolean;
  /** Bounds of the value at the current inputs, on a ball of this radius (Infinity: everywhere). */
  evaluate(radius: number, centreGiven: boolean): Interval;
}

export function lowerFormula(
  formula: Formula,
  lowering: ExpressionLowering,
  rounding: RoundingAnalysis,
): LoweredFormula {
  switch (formula.kind) {
    case 'number': {
      const value = Number.isNaN(formula.value) ? everything : point(formula.value);
      return { needsCentre: false, evaluate: () => value };
    }
    case 'radius':
      return { needsCentre: false, evaluate: (radius) => point(radius) };
    case 'functional':
      return lowerFunctional(formula, lowering, rounding);
    case 'operation': {
      const args = formula.args.map((argument) => lowerFormula(argument, lowering, rounding));
      return combined(args, (intervals) => applyOperation(formula.operation, intervals));
    }
    case 'over': {
      const values = lowering.forEach(formula).map((each) => lowerFormula(formula.body, each, rounding));
      const combine = { maximum: maximumInterval, minimum: minimumInterval, sum: addIntervals }[
        formula.reduce
      ];
      return combined(values, (intervals) => intervals.reduce(combine));
    }
  }
}

function combined(
  parts: readonly LoweredFormula[],
  combine: (intervals: readonly Interval[]) => Interval,
): LoweredFormula {
  return {
    needsCentre: parts.some(({ needsCentre }) => needsCentre),
    evaluate: (radius, centreGiven) => combine(parts.map((part) => part.evaluate(radius, centreGiven))),
  };
}

function lowerFunctional(
  { functional, args }: Extract<Formula, { kind: 'functional' }>,
  lowering: ExpressionLowering,
  rounding: RoundingAnalysis,
): LoweredFormula {
  const { graph } = lowering;
  const nodes = args.map((argument) => lowering.lower(argument));
  const node =
    functional === 'smallest_curvature'
      ? smallestCurvatureNode(lowering, args[0] as Expression)
      : functionalNode(graph, functional, nodes, args);
  const needsCentre = (graph.node(node).dependence & Dependence.lower) !== 0;
  const range = signed.has(functional) ? everything : { lower: 0, upper: Infinity };
  return {
    needsCentre,
    evaluate: (_, centreGiven) => {
      if (!centreGiven && needsCentre) return range;
      const { values, errors } = rounding.evaluate([node]);
      const interval = around(values[0]?.[0] ?? NaN, errors[0]?.[0] ?? Infinity);
      return { lower: Math.max(range.lower, interval.lower), upper: interval.upper };
    },
  };
}

function around(value: number, error: number): Interval {
  if (Number.isNaN(value)) return everything;
  if (error === 0) return point(value);
  // Two more roundings: of the difference and of the sum.
  return addIntervals(point(value), { lower: -error, upper: error });
}

function applyOperation(operation: FormulaOperation, args: readonly Interval[]): Interval {
  const [first, second] = args as readonly [Interval, Interval];
  switch (operation) {
    case 'add':
      return args.reduce(addIntervals);
    case 'multiply':
      return args.some((argument) => argument.lower === 0 && argument.upper === 0)
        ? point(0)
        : args.reduce(multiplyIntervals);
    case 'maximum':
      return args.reduce(maximumInterval);
    case 'minimum':
      return args.reduce(minimumInterval);
    case 'divide':
      return divideIntervals(first, second);
    case 'negate':
      return negateInterval(first);
    case 'sqrt':
      return squareRootInterval(first);
    case 'log':
      return logarithmInterval(first);
    case 'exp':
      return exponentialInterval(first);
    case 'power':
      return powerInterval(first, second.lower);
  }
}

/** 0, which is always valid, where the Hessian would be too large. */
function smallestCurvatureNode(lowering: ExpressionLowering, quadratic: Expression): NodeId {
  const { graph } = lowering;
  const unknowns = [...new Set(lowerSymbols(quadratic).map((symbol) => lowering.lower(symbol)))];
  const hessian = hessianMatrix(graph, lowering.lower(quadratic), unknowns, mostEntries);
  if (hessian === undefined) return graph.constant(0);
  const { shape, dependence } = graph.node(hessian);
  const isOfData = (dependence & (Dependence.upper | Dependence.lower)) === 0;
  const most = isOfData ? largestGram : largestMovingHessian;
  return (shape[0] as number) > most ? graph.constant(0) : graph.smallestEigenvalue(hessian);
}

function lowerSymbols(e: Expression): readonly Expression[] {
  if (e.kind === 'symbol') return e.symbol.role === 'lower' ? [e] : [];
  return partsOf(e).flatMap(lowerSymbols);
}

function functionalNode(
  graph: Graph,
  functional: Exclude<Functional, 'smallest_curvature'>,
  args: readonly NodeId[],
  expressions: readonly Expression[],
): NodeId {
  const [only] = args;
  if (only === undefined || expressions.length !== args.length)
    throw new Error(`${functional} without an argument`);
  switch (functional) {
    case 'value':
      return graph.shape(only).length === 0 ? only : graph.reshape(only, []);
    case 'largest':
      return graph.largest(only);
    case 'smallest':
      return graph.negate(graph.largest(graph.negate(only)));
    case 'largest_absolute':
      return graph.largest(graph.unary('absolute', only));
    case 'sum_absolute':
      return graph.sum(graph.unary('absolute', only));
    case 'norm':
      return graph.unary('sqrt', graph.sum(graph.power(only, 2)));
    case 'largest_row_norm': {
      const rows = sideBySide(graph, args);
      const squares = graph.sum(graph.power(rows, 2), [graph.shape(rows).length - 1]);
      return graph.unary('sqrt', graph.largest(squares));
    }
    case 'spectral_norm':
      return graph.spectralNorm(sideBySide(graph, args));
    case 'convolution_norm':
      return graph.convolutionNorm(only);
    case 'smallest_eigenvalue':
      // All eigenvalues lie in [-‖S‖, ‖S‖].
      return (graph.shape(only)[0] ?? 0) > largestGram
        ? graph.negate(graph.spectralNorm(only))
        : graph.smallestEigenvalue(only);
    case 'smallest_gram_eigenvalue': {
      const matrix = sideBySide(graph, args);
      const [rows, columns] = graph.shape(matrix) as readonly [number, number];
      // With fewer rows than columns A'A is singular.
      if (columns > largestGram || rows < columns) return graph.constant(0);
      return graph.smallestEigenvalue(graph.matmul(matrix, matrix, { transposeA: true }));
    }
  }
}

/** [A1, A2, …]: a vector is one column, a scalar a column that repeats it; a tensor stands alone. */
function sideBySide(graph: Graph, args: readonly NodeId[]): NodeId {
  const [only] = args as readonly [NodeId];
  if (args.length === 1 && graph.shape(only).length > 1) return only;
  const rows = Math.max(...args.map((id) => graph.shape(id)[0] ?? 1));
  const columns = args.map((id) => {
    const shape = graph.shape(id);
    if (shape.length === 2) return id;
    return shape.length === 1 ? graph.reshape(id, [rows, 1]) : graph.broadcast(id, [rows, 1]);
  });
  return graph.concatenate(columns, 1);
}
