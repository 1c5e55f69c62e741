/**
 * Strong convexity that no term has alone: terms sum_k w_k phi(e_k) with affine e have Hessians that are at
 * least those of the quadratics sum_k w_k (min phi'' / 2) e_k², and these add up to one quadratic, whose Hessian
 * does not move with x. Its smallest eigenvalue is at least what the terms promise one by one, and can be
 * positive where each of them leaves some unknown alone: ‖u − v‖² + ‖u‖² in (u, v). It is asked for where
 * the terms alone do not show mu > 0 whatever the data, as it costs a factorisation.
 */
import type { ArraySymbol, Expression } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import { add, isZero, largestAbsolute, maximum, minimum } from '../../atoms/formula.ts';
import { over } from '../../atoms/formula-over.ts';
import { sizeOfDimension } from '../../atoms/size.ts';
import { applied } from '../../atoms/definition.ts';
import { add as addAtom } from '../../atoms/add.ts';
import { isSurelySingular } from './generic-rank.ts';
import { negativeOf } from './expressions.ts';
import type { LinearMap } from './linear-map.ts';
import { isIdentity, linearMapOf } from './linear-map.ts';
import { localised, ownsAll } from './localise.ts';
import { isPositive } from './positivity.ts';
import { cellsOf, lowerPieces, overCells } from './pieces.ts';
import type { Contribution } from './strong-convexity.ts';
import type { Term } from './terms.ts';
import { lowerNames, withTerms } from './terms.ts';

/** A term of the objective and what it contributes by itself. */
export interface ContributingTerm {
  readonly term: Term;
  readonly contributions: readonly Contribution[];
}

/** Terms that are connected by the unknowns that occur in them. */
interface Component {
  readonly terms: readonly ContributingTerm[];
  readonly names: ReadonlySet<string>;
}

/** The contributions of all terms, those of some components joined; undefined where that can gain nothing. */
export function jointly(
  objective: Expression,
  unknowns: readonly ArraySymbol[],
  terms: readonly ContributingTerm[],
): readonly Contribution[] | undefined {
  const squares = terms.filter(
    ({ contributions }) =>
      contributions.some(({ square }) => square !== undefined) &&
      contributions.every(
        ({ square, amount, nonConvex }) => square !== undefined || (isZero(amount) && nonConvex !== true),
      ),
  );
  const joined = componentsOf(squares).flatMap((component) => {
    const contribution = jointContribution(objective, unknowns, component);
    return contribution === undefined ? [] : [{ component, contribution }];
  });
  if (joined.length === 0) return undefined;
  const replaced = new Set(joined.flatMap(({ component }) => component.terms));
  return [
    ...terms.filter((each) => !replaced.has(each)).flatMap(({ contributions }) => contributions),
    ...joined.map(({ contribution }) => contribution),
  ];
}

/** By union and find over the terms, in which each name leads to the first term it occurs in. */
function componentsOf(terms: readonly ContributingTerm[]): readonly Component[] {
  const parents = terms.map((_, at) => at);
  const rootOf = (at: number): number => {
    let root = at;
    while (parents[root] !== root) root = parents[root] as number;
    // What was passed points to the root from now on.
    for (let here = at; here !== root;) [parents[here], here] = [root, parents[here] as number];
    return root;
  };
  const firstWith = new Map<string, number>();
  for (const [at, { term }] of terms.entries()) {
    for (const name of lowerNames(term.expression)) {
      const first = firstWith.get(name);
      if (first === undefined) firstWith.set(name, at);
      else parents[rootOf(at)] = rootOf(first);
    }
  }
  const components = new Map<number, { readonly terms: ContributingTerm[]; readonly names: Set<string> }>();
  for (const [at, each] of terms.entries()) {
    const root = rootOf(at);
    const component = components.get(root) ?? { terms: [], names: new Set() };
    components.set(root, component);
    component.terms.push(each);
    for (const name of lowerNames(each.term.expression)) component.names.add(name);
  }
  return [...components.values()];
}

function jointContribution(
  objective: Expression,
  unknowns: readonly ArraySymbol[],
  { terms, names }: Component,
): Contribution | undefined {
  const own = unknowns.filter(({ name }) => names.has(name));
  const apart = terms.flatMap(({ contributions }) => contributions);
  const cells = cellsOf(apart, own, (each) => each);
  const sums = cells.map(({ bounds }) => add(...bounds.map(({ amount }) => amount)));
  if (sums.every(isPositive)) return undefined;
  // What no term moves with stays bare, and several terms are worth more than their sum only where two of them
  // are not the same in all directions.
  if (cells.some(({ bounds }) => bounds.length === 0)) return undefined;
  const isBare = sums.some(isZero);
  const uneven = apart.filter(({ isIsotropic }) => isIsotropic !== true);
  if (!isBare && (terms.length === 1 || (names.size === 1 && uneven.length < 2))) return undefined;
  const quadratic = withTerms(
    objective,
    new Map(terms.map(({ term, contributions }) => [term.expression, squareOf(term, contributions)])),
  );
  if (quadratic === undefined) return undefined;
  const { each, within } = ownProblem(quadratic);
  if (isBare && isSurelySingular(within)) return undefined;
  const amount = each({ kind: 'functional', functional: 'smallest_curvature', args: [within] });
  const apartAmount = overCells(
    cells,
    (bounds) => add(...bounds.map(({ amount: of }) => of)),
    minimum,
    false,
  );
  return {
    pieces: lowerPieces(within).map(({ symbol }) => ({ symbol })),
    amount: isZero(apartAmount) ? amount : maximum(apartAmount, amount),
    strength: 'data',
    term: within,
    isSurelyPositive: terms.every(hasPositiveMultiple) && isDetermined(terms, names),
  };
}

/** Turned so that it stands for the term: below a concave one, whose multiple is not positive. */
function squareOf({ sign }: Term, contributions: readonly Contribution[]): Expression {
  const squares = contributions.flatMap(({ square }) => (square === undefined ? [] : [square()]));
  const sum = squares.reduce((a, b) => applied(addAtom, [a, b], a.span));
  return sign === 'nonpositive' ? negativeOf(sum) : sum;
}

/** Of \`lower each\`, whose problems share no unknown, one problem: its Hessian is a block of the whole. */
function ownProblem(quadratic: Expression): {
  readonly within: Expression;
  readonly each: (amount: Formula) => Formula;
} {
  if (quadratic.kind === 'comprehension' && quadratic.operation === 'sum') {
    const { index, dimension } = quadratic;
    const within = localised(quadratic);
    if (ownsAll(within, 'lower', index)) {
      return {
        within,
        each: (amount) => over('minimum', index, dimension, sizeOfDimension(dimension), amount),
      };
    }
  }
  return { within: quadratic, each: (amount) => amount };
}

function hasPositiveMultiple({ contributions }: ContributingTerm): boolean {
  return contributions.every(({ multiple }) => multiple !== undefined && isPositive(multiple));
}

/**
 * Is 0 the only point at which all squares vanish, whatever the data? Shown by elimination: a square of a sum of
 * unknowns that are 0 already and of one more, as it is, repeated or times a number, makes that one 0.
 */
function isDetermined(terms: readonly ContributingTerm[], names: ReadonlySet<string>): boolean {
  const maps = terms.flatMap(({ contributions }) =>
    contributions.flatMap(({ inner }) => {
      const map = inner === undefined ? undefined : linearMapOf(inner, 'lower');
      return map === undefined ? [] : [map];
    }),
  );
  const vanishing = new Set<string>();
  for (let before = -1; before < vanishing.size;) {
    before = vanishing.size;
    for (const map of maps) {
      const name = lastUnknown(map, vanishing);
      if (name !== undefined) vanishing.add(name);
    }
  }
  return names.isSubsetOf(vanishing);
}

/** The only unknown of the map that is not known to be 0, where the map shows it to be. */
function lastUnknown({ parts, shape }: LinearMap, vanishing: ReadonlySet<string>): string | undefined {
  const [part, ...others] = parts.filter(({ symbol }) => !vanishing.has(symbol.name));
  if (part === undefined || others.length > 0 || !isPositive(part.least)) return undefined;
  const { form, symbol, piece } = part;
  const isRepeated =
    form.kind === 'columns' && form.columns.shape.length === 0 && isPositive(largestAbsolute(form.columns));
  const isOneToOne = isIdentity({ parts: [part], shape }) || (isRepeated && piece.box === undefined);
  return isOneToOne ? symbol.name : undefined;
}
