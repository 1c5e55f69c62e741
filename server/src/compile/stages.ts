/**
 * The nodes that a bilevel problem is made of, in one graph: the upper objective with its gradients, the
 * lower residual, and the products with its derivatives: of a minimum the gradient and its tangents
 * (forward over reverse), of a fixed point x − P(Phi(x)) and its own. What each depends on decides when it
 * is evaluated: data once, theta per upper iterate, (theta, x) per linearisation, tangents per product.
 */
import type { CheckedProblem } from '../check/problem.ts';
import { pushForward } from '../autodiff/forward.ts';
import { gradient } from '../autodiff/reverse.ts';
import type { Graph } from '../graph/graph.ts';
import { Dependence } from '../graph/primitive.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Expression } from '../atoms/expression.ts';
import type { Box } from '../sets/set.ts';
import type { ConcreteArray } from './data-stage.ts';
import type { Layout, UnknownPlace } from './layout.ts';
import { part } from './layout.ts';
import type { ExpressionLowering } from './lower-expression.ts';

export interface Stages {
  /** Inputs, one per unknown. */
  readonly theta: readonly NodeId[];
  readonly x: readonly NodeId[];
  /** Directions: of x (v, q) and of theta (u). */
  readonly tangentX: readonly NodeId[];
  readonly tangentTheta: readonly NodeId[];
  /** g, 0 for a fixed point, and f, each negated where its level maximises. */
  readonly lowerObjective: NodeId;
  readonly upperObjective: NodeId;
  /** The residual R; for a minimum g_x. */
  readonly lowerGradient: readonly NodeId[];
  readonly upperGradientX: readonly NodeId[];
  readonly upperGradientTheta: readonly NodeId[];
  /** H v, H' v where H is not symmetric, J' q and J u. */
  readonly hessianProduct: readonly NodeId[];
  readonly transposedHessianProduct?: readonly NodeId[];
  readonly jacobianTransposeProduct: readonly NodeId[];
  readonly jacobianProduct: readonly NodeId[];
  /** Of proximal terms: the weights w, (dw/dtheta)' v and (dw/dtheta) u. */
  readonly weights?: {
    readonly values: readonly NodeId[];
    readonly transposeProduct: readonly NodeId[];
    readonly product: readonly NodeId[];
  };
  /** Phi(x), where it is projected onto a box afterwards. */
  readonly projected?: readonly NodeId[];
}

/** The box of the lower unknowns, and how its ends become inputs. */
export interface LowerBox {
  readonly box: Box;
  readonly input: (name: string, array: ConcreteArray) => NodeId;
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
  lowerBox: LowerBox | undefined,
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
  const shared = {
    theta,
    x,
    tangentX,
    tangentTheta,
    upperObjective,
    upperGradientX: gradient(graph, upperObjective, x),
    upperGradientTheta: gradient(graph, upperObjective, theta),
  };
  const along = (outputs: readonly NodeId[], from: readonly NodeId[], tangent: readonly NodeId[]) =>
    pushForward(graph, outputs, new Map(from.map((input, k) => [input, tangent[k] as NodeId])));

  if (checked.lower.kind === 'fixed_point') {
    const maps = checked.lower.maps.map(({ expression }, k) =>
      lowering.lowerTo(expression, lower.unknowns[k]?.shape ?? []),
    );
    const images = lowerBox === undefined ? maps : clipped(graph, maps, lower, lowerBox);
    const residual = images.map((image, k) => graph.subtract(x[k] as NodeId, image));
    // <v, R> in x and theta: the transposed products by one reverse sweep each.
    const weighted = residual
      .map((node, k) => graph.sum(graph.multiply(node, tangentX[k] as NodeId)))
      .reduce((sum, node) => graph.add(sum, node));
    return {
      ...shared,
      lowerObjective: graph.constant(0),
      lowerGradient: residual,
      hessianProduct: along(residual, x, tangentX),
      transposedHessianProduct: gradient(graph, weighted, x),
      jacobianTransposeProduct: gradient(graph, weighted, theta),
      jacobianProduct: along(residual, theta, tangentTheta),
      ...(lowerBox === undefined ? {} : { projected: maps }),
    };
  }

  const { proximal, sense } = checked.lower;
  const g = lowering.lowerTo(proximal?.smooth ?? checked.lower.objective, []);
  // Proximal terms are split off what is minimised, the sign of a level that maximises included.
  const lowerObjective = sense === 'maximize' && proximal === undefined ? graph.negate(g) : g;
  const lowerGradient = gradient(graph, lowerObjective, x);
  const mixedGradient = gradient(graph, lowerObjective, theta);
  return {
    ...shared,
    lowerObjective,
    lowerGradient,
    hessianProduct: along(lowerGradient, x, tangentX),
    jacobianTransposeProduct: along(mixedGradient, x, tangentX),
    jacobianProduct: along(lowerGradient, theta, tangentTheta),
    ...(proximal?.magnitudes === undefined ? {} : { weights: weightStages(proximal.magnitudes) }),
  };

  function weightStages(magnitudes: Expression): NonNullable<Stages['weights']> {
    const stands = lower.unknowns.map(({ name, shape }) =>
      graph.input(`magnitude ${name}`, shape, Dependence.lower),
    );
    const values = gradient(graph, lowering.lowerTo(magnitudes, []), stands);
    const weighted = values
      .map((node, k) => graph.sum(graph.multiply(node, tangentX[k] as NodeId)))
      .reduce((sum, node) => graph.add(sum, node));
    return {
      values,
      transposeProduct: gradient(graph, weighted, theta),
      product: along(values, theta, tangentTheta),
    };
  }
}

/** min(max(y, lower end), upper end); open ends cost nothing. */
function clipped(
  graph: Graph,
  maps: readonly NodeId[],
  { unknowns }: Layout,
  { box, input }: LowerBox,
): readonly NodeId[] {
  return maps.map((map, k) => {
    const place = unknowns[k] as UnknownPlace;
    const end = (side: 'lower' | 'upper'): NodeId | undefined => {
      const values = part(box[side], place);
      if (values.every((value) => Math.abs(value) === Infinity)) return undefined;
      return input(`${side} ${place.name}`, { shape: place.shape, values });
    };
    const [lower, upper] = [end('lower'), end('upper')];
    const above = lower === undefined ? map : graph.binary('maximum', map, lower);
    return upper === undefined ? above : graph.binary('minimum', above, upper);
  });
}
