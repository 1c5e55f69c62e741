/**
 * The derivative of an array expression in one lower unknown z of the same shape, as a sum of chains
 * c F1 F2 … Fm, one for each additive term of the expression: c a signed scalar, each F a fixed matrix
 * or a diagonal. All chains act on the columns of z, or all on its rows. So `z - s * (X' * (X * z - y))`
 * is I − s X'X, and `W' * tanh(W * z)` is W' diag(tanh') W: structure that norms of the parts alone do
 * not see. What is no such sum has no chains.
 */
import type { Expression } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import { divide, multiply, negate, one, value } from '../../atoms/formula.ts';
import { sameShape } from '../../base/dimension.ts';
import { argumentFacts, isFixed } from '../curvature.ts';
import { transposeOf } from './expressions.ts';
import type { Sign } from './terms.ts';
import { lowerNames, signOf } from './terms.ts';

export type ChainFactor =
  | { readonly kind: 'matrix'; readonly matrix: Expression }
  | { readonly kind: 'diagonal'; readonly entries: Expression }
  /** phi' of an entrywise atom at some argument: the derivative of `of`. */
  | { readonly kind: 'slope'; readonly of: Expression & { readonly kind: 'apply' } };

export interface Chain {
  /** Signed: the product of these, each divided by where it says so. */
  readonly scalars: readonly { readonly by: Expression; readonly divides: boolean }[];
  readonly negated: boolean;
  readonly side: 'columns' | 'rows' | 'either';
  readonly factors: readonly ChainFactor[];
}

/** The chains whose sum is the derivative of `e` in `unknown`; undefined when it has no such form. */
export function chainsOf(e: Expression, unknown: string): readonly Chain[] | undefined {
  if (!lowerNames(e).has(unknown)) return [];
  if (e.kind === 'symbol') {
    const { symbol } = e;
    return symbol.name === unknown && symbol.slice === undefined
      ? [{ scalars: [], negated: false, side: 'either', factors: [] }]
      : undefined;
  }
  if (e.kind !== 'apply') return undefined;
  const [a, b] = e.args as readonly [Expression, Expression];
  switch (e.atom.name) {
    case 'add':
    case 'subtract': {
      const isStill = (part: Expression): boolean => !lowerNames(part).has(unknown);
      if (![a, b].every((part) => isStill(part) || sameShape(part.shape, e.shape))) return undefined;
      const [left, right] = [chainsOf(a, unknown), chainsOf(b, unknown)];
      if (left === undefined || right === undefined) return undefined;
      return [...left, ...(e.atom.name === 'add' ? right : right.map(negatedChain))];
    }
    case 'negate':
      return chainsOf(a, unknown)?.map(negatedChain);
    case 'divide':
      if (!isFixed(b) || b.shape.length > 0) return undefined;
      return chainsOf(a, unknown)?.map((chain) => scaled(chain, b, true));
    case 'multiply':
    case 'matmul':
      return productChains(e, a, b, unknown);
    default:
      return functionChains(e, a, unknown);
  }
}

function productChains(
  e: Expression & { kind: 'apply' },
  a: Expression,
  b: Expression,
  unknown: string,
): readonly Chain[] | undefined {
  const [fixed, moving] = isFixed(a) ? [a, b] : [b, a];
  if (!isFixed(fixed)) return undefined;
  const chains = chainsOf(moving, unknown);
  if (chains === undefined) return undefined;
  if (fixed.shape.length === 0) return chains.map((chain) => scaled(chain, fixed, false));
  if (e.atom.name === 'multiply') {
    // Weights of a vector's entries; those of a matrix differ from column to column.
    if (e.shape.length !== 1 || !sameShape(fixed.shape, e.shape)) return undefined;
    return chains.map((chain) => prepended(chain, { kind: 'diagonal', entries: fixed }, 'columns'));
  }
  if (fixed.shape.length !== 2) return undefined;
  // (z B)' = B' z': on rows B acts transposed.
  const side = fixed === a ? 'columns' : 'rows';
  const matrix = fixed === a ? fixed : transposeOf(fixed);
  const found = chains.map((chain) => prepended(chain, { kind: 'matrix', matrix }, side));
  return found.every((chain) => chain.side === side) ? found : undefined;
}

/** phi(inner): entrywise, so its slopes are a diagonal on every column and on every row. */
function functionChains(
  e: Expression & { kind: 'apply' },
  inner: Expression,
  unknown: string,
): readonly Chain[] | undefined {
  if (e.atom.derivativeBound === undefined || e.args.length !== 1) return undefined;
  const chains = chainsOf(inner, unknown);
  // One inner chain: a sum inside would have to be multiplied out.
  if (chains?.length !== 1) return undefined;
  return chains.map((chain) => prepended(chain, { kind: 'slope', of: e }, chain.side));
}

function negatedChain(chain: Chain): Chain {
  return { ...chain, negated: !chain.negated };
}

function scaled(chain: Chain, by: Expression, divides: boolean): Chain {
  return { ...chain, scalars: [...chain.scalars, { by, divides }] };
}

/** A chain that acted on the other side has no common form; the caller sees its side. */
function prepended(chain: Chain, factor: ChainFactor, side: Chain['side']): Chain {
  const clash = chain.side !== 'either' && side !== 'either' && chain.side !== side;
  return { ...chain, side: clash ? chain.side : side, factors: [factor, ...chain.factors] };
}

/** The scalar in front as a signed formula, and its sign where that is known. */
export function coefficientOf({ scalars, negated }: Chain): {
  readonly formula: Formula;
  readonly sign: Sign;
} {
  const formula = scalars.reduce<Formula>(
    (product, { by, divides }) => (divides ? divide(product, value(by)) : multiply(product, value(by))),
    negated ? negate(one) : one,
  );
  const signs = scalars.map(({ by }) => signOf(by));
  if (signs.includes('unknown')) return { formula, sign: 'unknown' };
  const turns = signs.filter((sign) => sign === 'nonpositive').length + (negated ? 1 : 0);
  return { formula, sign: turns % 2 === 0 ? 'nonnegative' : 'nonpositive' };
}

/** Where phi' lies: at least 0 for an increasing phi, at most 0 for a decreasing one. */
export function slopeSign(of: Expression & { kind: 'apply' }): Sign {
  const [move] = of.atom.monotonicity(argumentFacts(of), of.parameters);
  return move === 'increasing' ? 'nonnegative' : move === 'decreasing' ? 'nonpositive' : 'unknown';
}
