/**
 * `expect`: one result against a number. `estimated(name) <= …` accepts a number that is not
 * certified. A relation written the other way round is turned.
 */
import { expectableQuantities } from '../base/method-catalogue.ts';
import type { ExpectBlock, Expression as Syntax, Name, Relation } from '../syntax/tree.ts';
import { Dependence } from '../graph/primitive.ts';
import * as report from './diagnostics.ts';
import { nearNames } from '../base/near-names.ts';
import type { Expectation } from './problem.ts';
import type { Typist } from './shape.ts';
import { ungrouped } from './syntax-walk.ts';

interface Quantity {
  readonly name: Name;
  readonly acceptsEstimate: boolean;
}

const turned = { '<=': '>=', '>=': '<=', '<': '>', '>': '<', '==': '==' } as const;

export function readExpectations(blocks: readonly ExpectBlock[], typist: Typist): readonly Expectation[] {
  const expectations: Expectation[] = [];
  for (const block of blocks) {
    for (const relation of block.relations) {
      const expectation = readRelation(relation, typist);
      if (expectation !== undefined) expectations.push(expectation);
    }
  }
  return expectations;
}

function readRelation(relation: Relation, typist: Typist): Expectation | undefined {
  if (relation.left.kind === 'missing' || relation.right.kind === 'missing') return undefined;
  const known = expectableQuantities.map(({ name }) => name);
  const onLeft = quantityOf(relation.left);
  const onRight = quantityOf(relation.right);
  const turn = onLeft === undefined || (onRight !== undefined && known.includes(onRight.name.text));
  const quantity = turn ? onRight : onLeft;
  const bound = turn ? relation.left : relation.right;
  if (quantity === undefined) {
    typist.findings.add(report.badExpectation(relation.span));
    return undefined;
  }
  const { name, acceptsEstimate } = quantity;
  if (!known.includes(name.text)) {
    typist.findings.add(report.unknownQuantity(name.span, name.text, nearNames(name.text, known), known));
    return undefined;
  }
  const before = typist.findings.count;
  const value = typist.number(bound);
  if (value === undefined || Number.isNaN(value)) {
    if (typist.findings.count === before) typist.findings.add(report.badExpectation(relation.span));
    return undefined;
  }
  return {
    quantity: name.text,
    operator: turn ? turned[relation.operator] : relation.operator,
    value: { kind: 'number', value, shape: [], dependence: Dependence.none, span: bound.span },
    acceptsEstimate,
    span: relation.span,
  };
}

/** A result by its name, or `estimated(name)`. */
function quantityOf(syntax: Syntax): Quantity | undefined {
  const inner = ungrouped(syntax);
  if (inner.kind === 'name') return { name: { text: inner.text, span: inner.span }, acceptsEstimate: false };
  if (inner.kind !== 'call' || inner.callee.text !== 'estimated') return undefined;
  const [argument] = inner.arguments;
  const name = argument === undefined ? undefined : ungrouped(argument.value);
  if (name?.kind !== 'name' || inner.arguments.length !== 1) return undefined;
  return { name: { text: name.text, span: name.span }, acceptsEstimate: true };
}
