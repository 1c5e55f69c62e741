/**
 * The nodes that a bilevel problem is made of, in one graph: both objectives, their gradients, and the
 * three products as tangents of gradients (forward over reverse). What each depends on decides when it
 * is evaluated: data once, theta per upper iterate, (theta, x) per linearisation, tangents per product.
 */
import type { CheckedProblem } from '../check/problem.ts';
import { pushForward } from '../autodiff/forward.ts';
import { gradient } from '../autodiff/reverse.ts';
import type { Graph } from '../graph/graph.ts';
import { Dependence } from '../graph/primitive.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Layout } from './layout.ts';
import type { ExpressionLowering } from './lower-expression.ts';

export interface Stages {
  /** Inputs, one per unknown. */
  readonly theta: readonly NodeId[];
  readonly x: readonly NodeId[];
  /** Directions: of x (v, q) and of theta (u). */
  readonly tangentX: readonly NodeId[];
  readonly tangentTheta: readonly NodeId[];
  /** g and f, each negated where its level maximises. */
  readonly lowerObjective: NodeId;
  readonly upperObjective: NodeId;
  readonly lowerGradient: readonly NodeId[];
  readonly upperGradientX: readonly NodeId[];
  readonly upperGradientTheta: readonly NodeId[];
  /** H v, J' q and J u. */
  readonly hessianProduct: readonly NodeId[];
  readonly jacobianTransposeProduct: readonly NodeId[];
  readonly jacobianProduct: readonly NodeId[];
}

/** Inputs for the unknowns of both levels, by name, before any expression is lowered. */
export function unknownInputs(graph: Graph, upper: Layout, lower: Layout): Map<string, NodeId> {
  const inputs = new Map<string, NodeId>();
  for (const { name, shape } of upper.unknowns)
    inputs.set(name, graph.input(`upper ${name}`, shape, Dependence.upper));
  for (const { name, shape } of lower.unknowns)
    inputs.set(name, graph.input(`lower ${name}`, shape, Dependence.lower));
  return inputs;
}

export function buildStages(
  checked: CheckedProblem,
  lowering: ExpressionLowering,
  inputs: ReadonlyMap<string, NodeId>,
  upper: Layout,
  lower: Layout,
): Stages {
  const { graph } = lowering;
  const theta = upper.unknowns.map(({ name }) => inputs.get(name) as NodeId);
  const x = lower.unknowns.map(({ name }) => inputs.get(name) as NodeId);
  const tangents = (layout: Layout) =>
    layout.unknowns.map(({ name, shape }) => graph.input(`tangent ${name}`, shape, Dependence.tangent));
  const tangentTheta = tangents(upper);
  const tangentX = tangents(lower);

  const f = lowering.lowerTo(checked.upper.objective, []);
  const upperObjective = checked.upper.sense === 'maximize' ? graph.negate(f) : f;
  const g = lowering.lowerTo(checked.lower.objective, []);
  const lowerObjective = checked.lower.sense === 'maximize' ? graph.negate(g) : g;

  const lowerGradient = gradient(graph, lowerObjective, x);
  const mixedGradient = gradient(graph, lowerObjective, theta);
  const along = (outputs: readonly NodeId[], from: readonly NodeId[], tangent: readonly NodeId[]) =>
    pushForward(graph, outputs, new Map(from.map((input, k) => [input, tangent[k] as NodeId])));
  return {
    theta,
    x,
    tangentX,
    tangentTheta,
    lowerObjective,
    upperObjective,
    lowerGradient,
    upperGradientX: gradient(graph, upperObjective, x),
    upperGradientTheta: gradient(graph, upperObjective, theta),
    hessianProduct: along(lowerGradient, x, tangentX),
    jacobianTransposeProduct: along(mixedGradient, x, tangentX),
    jacobianProduct: along(lowerGradient, theta, tangentTheta),
  };
}
