/**
 * Builds the atoms that act on each entry of one array by a real function phi. An atom's file gives
 * the facts about phi; shape, range, monotonicity and curvature of the array function follow.
 */
import type { Shape } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Graph } from '../graph/graph.ts';
import type { Atom, AtomConstant, AtomCurvature, DomainRule, Monotonicity, Parameters } from './atom.ts';
import type { Interval } from './expression.ts';
import { wholeLine } from './expression.ts';
import type { Formula } from './formula.ts';

export interface ScalarFunction {
  readonly name: string;
  readonly documentation: Atom['documentation'];
  readonly constants?: readonly AtomConstant[];
  readonly domain?: (parameters: Parameters) => DomainRule | undefined;
  readonly range: (t: Interval, parameters: Parameters) => Interval;
  readonly monotonicity: (t: Interval, parameters: Parameters) => Monotonicity;
  readonly curvature: (t: Interval, parameters: Parameters) => AtomCurvature;
  readonly smoothness: number;
  readonly derivativeBound: NonNullable<Atom['derivativeBound']>;
  readonly leastCurvature?: (lower: Formula, upper: Formula, parameters: Parameters) => Formula;
  readonly bend?: NonNullable<Atom['bend']>;
  readonly lower: (graph: Graph, t: NodeId, parameters: Parameters) => NodeId;
}

export function elementwiseAtom(phi: ScalarFunction): Atom {
  return {
    name: phi.name,
    documentation: phi.documentation,
    arity: [1, 1],
    ...(phi.constants === undefined ? {} : { constants: phi.constants }),
    shape: ([shape]) => shape as Shape,
    ...(phi.domain === undefined ? {} : { domain: (parameters) => [phi.domain?.(parameters)] }),
    range: ([t], parameters) => phi.range(t?.range ?? wholeLine, parameters),
    monotonicity: ([t], parameters) => [phi.monotonicity(t?.range ?? wholeLine, parameters)],
    curvature: ([t], parameters) => phi.curvature(t?.range ?? wholeLine, parameters),
    smoothness: phi.smoothness,
    derivativeBound: phi.derivativeBound,
    ...(phi.leastCurvature === undefined ? {} : { leastCurvature: phi.leastCurvature }),
    ...(phi.bend === undefined ? {} : { bend: phi.bend }),
    lower: (graph, [t], parameters) => phi.lower(graph, t as NodeId, parameters),
  };
}

/** A number parameter that the checker has put in; absent only when an atom is misused. */
export function numberParameter(parameters: Parameters, name: string): number {
  const value = parameters[name];
  return typeof value === 'number' ? value : NaN;
}
