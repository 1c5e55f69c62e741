/**
 * The pipeline from a checked problem to something that can be solved, readable from top to bottom:
 * data and dimensions; layouts; graph of both objectives; derivatives; constants; staged evaluators.
 * What does not fit once the data is known becomes diagnostics; nothing throws on what a user wrote.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Qualified } from '../base/certainty.ts';
import type { Expression } from '../atoms/expression.ts';
import type {
  CheckedLevel,
  CheckedLower,
  CheckedProblem,
  ConstantName,
  LowerDependence,
} from '../check/problem.ts';
import { Graph } from '../graph/graph.ts';
import { Dependence } from '../graph/primitive.ts';
import type { LipschitzName } from '../base/bilevel-problem.ts';
import type { NodeId } from '../graph/primitive.ts';
import { Evaluator } from '../kernels/evaluator.ts';
import { RoundingAnalysis } from '../kernels/rounding.ts';
import { DataStage } from './data-stage.ts';
import type { ConcreteArray, SourceLoader } from './data-stage.ts';
import { layOut, part } from './layout.ts';
import type { Layout } from './layout.ts';
import { ExpressionLowering } from './lower-expression.ts';
import { LoweredShares } from './finite-part.ts';
import { lowerFormula } from './lower-formula.ts';
import type { LoweredFormula } from './lower-formula.ts';
import { findNonFiniteIn } from './non-finite.ts';
import type { NonFinite } from './non-finite.ts';
import { CompiledProblem } from './problem.ts';
import { Quantity } from './quantity.ts';
import type { QuantityValue } from './quantity.ts';
import { boxOfLower, distanceMoved, projectorOfLevel } from './sets.ts';
import { buildStages, unknownInputs } from './stages.ts';

export type { ConcreteArray, LoadFailure, SourceLoader } from './data-stage.ts';
export type { Layout, UnknownPlace } from './layout.ts';
export type { NonFinite } from './non-finite.ts';

export interface Compiled {
  readonly problem: CompiledProblem;
  readonly dimensions: ReadonlyMap<string, number>;
  readonly data: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly density: number;
  }[];
  readonly upperLayout: Layout;
  readonly lowerLayout: Layout;
  /** Upper unknowns whose written start was projected, and how far that was. */
  readonly movedStarts: readonly { readonly name: string; readonly distance: number }[];
  /** -1 when the upper level maximises (the problem's f is negated then), else 1. */
  readonly upperSign: 1 | -1;
  /** The same of the lower level and g. */
  readonly lowerSign: 1 | -1;
  /** The value of an expression over data, dimensions and, at the given point, the unknowns. */
  evaluate(
    expression: Expression,
    at?: { readonly theta: Float64Array; readonly x: Float64Array },
  ): ConcreteArray;
  /** A reported expression, whose value at a point comes with its error. */
  quantity(expression: Expression, dependence: LowerDependence): PlacedQuantity;
  /** The problem with another lower level on the same data, and nothing to minimise above it. */
  again(lower: LowerAgain): Compilation;
  /** Where a value or derivative that is not finite arises at this point; undefined: nowhere. */
  findNonFinite(theta: Float64Array, x: Float64Array): NonFinite | undefined;
}

/** The value at a point whose x is within `distance` of the lower solution. */
export type PlacedQuantity = (theta: Float64Array, x: Float64Array, distance: Qualified) => QuantityValue;

export type LowerAgain = Pick<CheckedProblem, 'lower' | 'constants' | 'lowerIsQuadratic'>;

/** Exactly one of the two is there: the compiled problem, or at least one error. */
export type Compilation =
  | { readonly compiled: Compiled; readonly diagnostics: readonly Diagnostic[] }
  | { readonly compiled?: undefined; readonly diagnostics: readonly Diagnostic[] };

const constantNames: readonly ConstantName[] = ['mu', 'L', 'L_H', 'L_J', 'L_fx', 'L_ftheta', 'jacobianNorm'];

/** Compiles a problem without error diagnostics; `load` reads its sources. */
export function compile(checked: CheckedProblem, load: SourceLoader): Compilation {
  // Data: sources read, dimensions bound, arrays computed.
  const data = new DataStage(checked, load);
  return data.diagnostics.length > 0 ? { diagnostics: data.diagnostics } : compileOn(checked, data);
}

function compileOn(checked: CheckedProblem, data: DataStage): Compilation {
  // Layouts, starts and sets of the unknowns.
  const upperLayout = layoutOf(checked.upper, data);
  const lowerLayout = layoutOf(checked.lower, data);
  if (upperLayout === undefined || lowerLayout === undefined) return { diagnostics: data.diagnostics };
  const upperStart = upperStartOf(checked.upper, upperLayout, data);
  const projector = projectorOfLevel(checked.upper, upperLayout, upperStart, data);
  const lowerBox = boxOfLower(checked.lower, lowerLayout, data);
  if (data.diagnostics.length > 0) return { diagnostics: data.diagnostics };

  // Graph: data, unknowns, objectives, derivatives.
  const graph = new Graph();
  const inputs: [NodeId, Float64Array][] = [];
  const dataInput = (name: string, { shape, values }: ConcreteArray): NodeId => {
    const node = graph.input(name, shape, Dependence.data);
    inputs.push([node, values]);
    return node;
  };
  const unknowns = unknownInputs(graph, upperLayout, lowerLayout);
  const symbols = new Map(unknowns);
  if (checked.lower.kind === 'proximal') bindMagnitudes(graph, lowerLayout, symbols);
  for (const [name, array] of data.arrays) symbols.set(name, dataInput(`data ${name}`, array));
  const lowering = new ExpressionLowering(graph, {
    dimensions: data.dimensions,
    symbols,
    source: (term) =>
      dataInput(
        `source at ${term.span.start}`,
        data.loadSource(term) ?? { shape: [], values: Float64Array.of(NaN) },
      ),
  });
  const stages = buildStages(
    checked,
    lowering,
    unknowns,
    upperLayout,
    lowerLayout,
    lowerBox && {
      box: lowerBox,
      input: (name, array) => dataInput(`end ${name}`, array),
    },
  );
  const lowerStarts = checked.lower.unknowns.map(({ start }, k) =>
    lowering.lowerTo(start, lowerLayout.unknowns[k]?.shape ?? []),
  );
  if (data.diagnostics.length > 0) return { diagnostics: data.diagnostics };

  // Evaluators and constants.
  const evaluator = new Evaluator(graph);
  for (const [node, values] of inputs) evaluator.setInput(node, values);
  const analysis = new RoundingAnalysis(graph, evaluator);
  const constants = Object.fromEntries(
    constantNames.map((name) => [name, lowerFormula(checked.constants[name].formula, lowering, analysis)]),
  ) as Record<ConstantName, LoweredFormula>;
  const shares = new Map<LipschitzName, LoweredShares | undefined>();
  const sharesOf = (name: LipschitzName): LoweredShares | undefined => {
    if (!shares.has(name)) {
      const found = checked.constants[name].shares?.();
      shares.set(name, found && new LoweredShares(found, lowering, analysis));
    }
    return shares.get(name);
  };
  const problem = new CompiledProblem({
    checked,
    stages,
    evaluator,
    analysis,
    upperLayout,
    lowerLayout,
    upperStart,
    projector,
    lowerBox,
    lowerStarts,
    constants,
    sharesOf,
  });
  const moveTo = (theta: Float64Array, x: Float64Array) => {
    problem.moveTo(theta);
    problem.moveLower(x);
  };
  return {
    diagnostics: [],
    compiled: {
      problem,
      dimensions: data.dimensions,
      data: [...data.arrays].map(([name, { shape, values }]) => ({
        name,
        shape,
        density: densityOf(values),
      })),
      upperLayout,
      lowerLayout,
      movedStarts: movedStartsOf(checked.upper, upperLayout, upperStart, problem.upperStart),
      upperSign: checked.upper.sense === 'maximize' ? -1 : 1,
      lowerSign: checked.lower.sense === 'maximize' ? -1 : 1,
      evaluate: (expression, at) => {
        if (at !== undefined) moveTo(at.theta, at.x);
        const node = lowering.lower(expression);
        const [values] = evaluator.evaluate(evaluator.plan([node])) as [Float64Array];
        return { shape: graph.shape(node), values: values.slice() };
      },
      quantity: (expression, dependence) => {
        const quantity = new Quantity(expression, dependence, stages.x, lowering, analysis);
        return (theta, x, distance) => {
          moveTo(theta, x);
          return quantity.within(distance);
        };
      },
      again: (lower) => {
        const { span } = lower.lower;
        const nothing: Expression = { kind: 'number', value: 0, shape: [], dependence: 0, span };
        const upper: CheckedLevel = { ...checked.upper, objective: nothing, sense: 'minimize' };
        return compileOn({ ...checked, ...lower, upper }, data);
      },
      findNonFinite: (theta, x) => {
        moveTo(theta, x);
        return (
          lowerExpressions(checked.lower)
            .map((expression) => findNonFiniteIn(expression, 'lower', lowering, evaluator))
            .find((found) => found !== undefined) ??
          findNonFiniteIn(checked.upper.objective, 'upper', lowering, evaluator)
        );
      },
    },
  };
}

/** The stand-ins for |x| in proximal terms, see check/proximal.ts. */
function bindMagnitudes(graph: Graph, { unknowns }: Layout, symbols: Map<string, NodeId>): void {
  for (const { name, shape } of unknowns) {
    symbols.set(`|${name}|`, graph.input(`magnitude ${name}`, shape, Dependence.lower));
  }
}

function lowerExpressions(lower: CheckedLower): readonly Expression[] {
  return lower.kind === 'fixed_point' ? lower.maps.map(({ expression }) => expression) : [lower.objective];
}

function layoutOf(level: CheckedLevel | CheckedLower, data: DataStage): Layout | undefined {
  const unknowns: { name: string; shape: readonly number[] }[] = [];
  for (const { symbol, span } of level.unknowns) {
    const shape = data.shapeOf(symbol, span);
    if (shape !== undefined) unknowns.push({ name: symbol.name, shape });
  }
  return unknowns.length === level.unknowns.length ? layOut(unknowns) : undefined;
}

function upperStartOf(level: CheckedLevel, layout: Layout, data: DataStage): Float64Array {
  const start = new Float64Array(layout.size);
  level.unknowns.forEach(({ symbol, start: expression }, k) => {
    const place = layout.unknowns[k];
    if (place === undefined) return;
    const values = data.evaluateFor(expression, symbol, place.shape, expression.span);
    if (values !== undefined) part(start, place).set(values);
  });
  return start;
}

/** Beyond what rounding moves; a start that nobody wrote is nobody's concern. */
function movedStartsOf(
  level: CheckedLevel,
  layout: Layout,
  written: Float64Array,
  start: Float64Array,
): Compiled['movedStarts'] {
  const isWritten = new Map(
    level.unknowns.map(({ symbol, start: { span } }) => [symbol.name, span.start !== symbol.declared.start]),
  );
  return movedUnknowns(layout, written, start).filter(({ name }) => isWritten.get(name) === true);
}

/** Which unknowns two points differ in beyond rounding, and by how much. */
export function movedUnknowns(layout: Layout, from: Float64Array, to: Float64Array): Compiled['movedStarts'] {
  return layout.unknowns.flatMap((place) => {
    const { name } = place;
    const distance = distanceMoved(part(from, place), { point: part(to, place), error: 0 });
    return distance === 0 ? [] : [{ name, distance }];
  });
}

function densityOf(values: Float64Array): number {
  let nonzeros = 0;
  for (const value of values) if (value !== 0) nonzeros++;
  return values.length === 0 ? 1 : nonzeros / values.length;
}
