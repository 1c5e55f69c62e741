/**
 * Matrices that are symmetric and have no negative eigenvalue by the way they are written: unknowns and data in
 * `psd`, identities, kernels, products with the own transpose, and sums, multiples, entrywise products (Schur) and
 * inverses of those. Systems with them are solved by Cholesky's method; of others nothing is assumed.
 */
import type { Expression } from './expression.ts';
import { expressionKey } from './formula-key.ts';
import { isNonNegativeExpression } from './formula.ts';

export function isSemidefinite(e: Expression): boolean {
  if (e.shape.length === 0) return isNonNegativeExpression(e);
  if (e.shape.length !== 2) return false;
  if (e.kind === 'symbol') return e.symbol.semidefinite === true;
  if (e.kind === 'source') return e.source.format === 'eye';
  if (e.kind === 'comprehension') return e.operation !== 'stack' && isSemidefinite(e.body);
  if (e.kind !== 'apply') return false;
  const [a, b] = e.args as readonly [Expression, Expression];
  switch (e.atom.name) {
    case 'add':
    case 'kron':
      return isSemidefinite(a) && isSemidefinite(b);
    case 'transpose':
    case 'inv':
      return isSemidefinite(a);
    case 'diag':
      return a.shape.length === 1 && isNonNegativeExpression(a);
    case 'rbf_kernel':
    case 'outer':
      return isSame(a, b);
    case 'divide':
      return isSemidefinite(a) && isWeight(b);
    case 'multiply':
      return isSemidefinite(a) ? isSemidefinite(b) || isWeight(b) : isWeight(a) && isSemidefinite(b);
    case 'matmul':
      if (a.shape.length === 0) return isWeight(a) && isSemidefinite(b);
      return b.shape.length === 0 ? isWeight(b) && isSemidefinite(a) : isSandwich(factorsOf(e));
    default:
      return false;
  }
}

function isWeight(e: Expression): boolean {
  return e.shape.length === 0 && isNonNegativeExpression(e);
}

function isSame(a: Expression, b: Expression): boolean {
  return a === b || expressionKey(a) === expressionKey(b);
}

/** P Q … of products of arrays, however they are bracketed. */
function factorsOf(e: Expression): readonly Expression[] {
  if (e.kind !== 'apply' || e.atom.name !== 'matmul') return [e];
  return e.args.some(({ shape }) => shape.length === 0) ? [e] : e.args.flatMap(factorsOf);
}

/** A' M A with nothing or a semidefinite matrix in the middle. */
function isSandwich(factors: readonly Expression[]): boolean {
  const [first, ...others] = factors;
  const last = others.at(-1);
  if (first === undefined) return true;
  if (last === undefined) return isSemidefinite(first);
  return isTransposeOf(first, last) && isSandwich(others.slice(0, -1));
}

function isTransposeOf(a: Expression, b: Expression): boolean {
  const inner = (e: Expression): Expression | undefined =>
    e.kind === 'apply' && e.atom.name === 'transpose' ? e.args[0] : undefined;
  const [ofA, ofB] = [inner(a), inner(b)];
  if (ofA !== undefined && isSame(ofA, b)) return true;
  if (ofB !== undefined && isSame(a, ofB)) return true;
  return isSemidefinite(a) && isSame(a, b);
}
