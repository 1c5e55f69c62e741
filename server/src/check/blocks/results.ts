/**
 * Names of results in `expect` and `report`. A side of a relation is arithmetic over parts: names of results, by
 * themselves or inside `estimated(…)`, names of the file, and expressions of numbers that are known before a run.
 */
import { expectableQuantities } from '../../base/method-catalogue.ts';
import type { BinaryOperator, CallExpression, Expression, Name, Relation } from '../../syntax/tree.ts';
import { isFunction } from '../names/kinds.ts';
import type { ExpectedQuantity } from '../problem.ts';
import type { DeclaredName } from '../names/resolve.ts';
import { ungrouped } from '../syntax-walk.ts';

type Names = ReadonlyMap<string, DeclaredName>;

export type ResultOperation =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'power'
  | 'negate'
  | 'abs'
  | 'sqrt';

const operations: Partial<Record<BinaryOperator, ResultOperation>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '^': 'power',
};

/** What a side of a relation is before its names are looked at. */
export type Side =
  | { readonly kind: 'part'; readonly syntax: Expression; readonly acceptsEstimate: boolean }
  | { readonly kind: 'operation'; readonly operation: ResultOperation; readonly args: readonly Side[] };

export function sideOf(syntax: Expression, names: Names, acceptsEstimate = false): Side {
  const inner = ungrouped(syntax);
  const side = (each: Expression): Side => sideOf(each, names, acceptsEstimate);
  switch (inner.kind) {
    case 'unary':
      return inner.operator === '+'
        ? side(inner.operand)
        : { kind: 'operation', operation: 'negate', args: [side(inner.operand)] };
    case 'binary': {
      const operation = operations[inner.operator];
      if (operation === undefined) break;
      return { kind: 'operation', operation, args: [side(inner.left), side(inner.right)] };
    }
    case 'call': {
      const argument = onlyArgument(inner);
      if (argument === undefined) break;
      const { text } = inner.callee;
      if (text === 'estimated') return sideOf(argument, names, true);
      if ((text === 'abs' || text === 'sqrt') && !isFunction(names.get(text)))
        return { kind: 'operation', operation: text, args: [side(argument)] };
      break;
    }
    default:
  }
  return { kind: 'part', syntax: inner, acceptsEstimate };
}

function onlyArgument({ arguments: args }: CallExpression): Expression | undefined {
  const [only, ...others] = args;
  return others.length > 0 || only?.name !== undefined ? undefined : only?.value;
}

export function partsOf(side: Side): readonly Extract<Side, { kind: 'part' }>[] {
  return side.kind === 'part' ? [side] : side.args.flatMap(partsOf);
}

/**
 * Tells what result a part of a relation names, if one. A name of both a result and something of the file is the
 * file's where the relation has another result: in `lower_error <= mu` with a `let mu`.
 */
export function resultsIn(
  relation: Relation,
  names: Names,
): (part: Extract<Side, { kind: 'part' }>) => ExpectedQuantity | undefined {
  const isReported = (name: string): boolean => names.get(name)?.kind === 'report';
  const hasOther = [relation.left, relation.right]
    .flatMap((side) => partsOf(sideOf(side, names)))
    .some(
      ({ syntax, acceptsEstimate }) =>
        syntax.kind === 'name' &&
        (isReported(syntax.text) ||
          (isResultName(syntax.text) && (acceptsEstimate || !names.has(syntax.text)))),
    );
  return ({ syntax, acceptsEstimate }) => {
    if (syntax.kind !== 'name') return undefined;
    const { text } = syntax;
    const isResult = isResultName(text) && (acceptsEstimate || !names.has(text) || !hasOther);
    return isResult || isReported(text) ? { quantity: text, acceptsEstimate } : undefined;
  };
}

/** The name that an expression consists of, by itself or inside `estimated(…)`, whatever it means. */
export function quantityOf(
  syntax: Expression,
): { readonly name: Name; readonly acceptsEstimate: boolean } | undefined {
  const inner = ungrouped(syntax);
  if (inner.kind === 'name') return { name: inner, acceptsEstimate: false };
  if (inner.kind !== 'call' || inner.callee.text !== 'estimated') return undefined;
  const argument = onlyArgument(inner);
  const name = argument === undefined ? undefined : ungrouped(argument);
  return name?.kind === 'name' ? { name, acceptsEstimate: true } : undefined;
}

export function isResultName(name: string): boolean {
  return expectableQuantities.some((each) => each.name === name);
}

/** The results as names that a reported value may use, as far as the file does not mean others by them. */
export function namesOfResults(declared: Names): Names {
  const names = new Map<string, DeclaredName>();
  for (const { name } of expectableQuantities) {
    if (declared.has(name)) continue;
    names.set(name, { name, kind: 'report', declared: { start: 0, end: 0 } });
  }
  return names;
}
