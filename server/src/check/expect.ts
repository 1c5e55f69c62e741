/**
 * `expect`: numbers of the result against numbers or against each other. `estimated(name) <= …` accepts a
 * number that is not certified. A relation written the other way round is turned. Where a name is that of a
 * result and of a `let` or dimension too, it is the file's if the other side is a result.
 */
import { expectableQuantities } from '../base/method-catalogue.ts';
import type { Shape } from '../base/dimension.ts';
import { formatShape } from '../base/dimension.ts';
import { nearNames } from '../base/near-names.ts';
import type { ExpectBlock, Expression as Syntax, Name, Relation } from '../syntax/tree.ts';
import * as report from './diagnostics.ts';
import type { Expectation, ExpectedQuantity, ReportedValue } from './problem.ts';
import { isResultName, quantityOf } from './results.ts';
import type { Typist } from './shape.ts';

interface NamedQuantity extends ExpectedQuantity {
  readonly name: Name;
}

const turned = { '<=': '>=', '>=': '<=', '<': '>', '>': '<', '==': '==' } as const;

export function readExpectations(
  blocks: readonly ExpectBlock[],
  reports: readonly ReportedValue[],
  typist: Typist,
): readonly Expectation[] {
  const expectations: Expectation[] = [];
  const arrays = new Map<string, Shape>(
    reports.flatMap((each) =>
      each.kind === 'expression' && each.expression.shape.length > 0
        ? [[each.name, each.expression.shape] as const]
        : [],
    ),
  );
  for (const block of blocks) {
    for (const relation of block.relations) {
      const expectation = readRelation(relation, typist);
      if (expectation === undefined) continue;
      const { quantity, value, span } = expectation;
      const names = [quantity, ...(typeof value === 'number' ? [] : [value.quantity])];
      const array = names.find((name) => arrays.has(name));
      if (array === undefined) expectations.push(expectation);
      else typist.findings.add(report.arrayExpected(span, array, formatShape(arrays.get(array) ?? [])));
    }
  }
  return expectations;
}

function readRelation(relation: Relation, typist: Typist): Expectation | undefined {
  const { operator, span } = relation;
  if (relation.left.kind === 'missing' || relation.right.kind === 'missing') return undefined;
  const left = side(relation.left, relation.right, typist);
  const right = side(relation.right, relation.left, typist);
  if (left !== undefined && right !== undefined) {
    return { ...plain(left), operator, value: plain(right), span };
  }
  const quantity = left ?? right;
  const bound = left === undefined ? relation.left : relation.right;
  if (quantity === undefined) {
    const [name] = [relation.left, relation.right].map(unknownName).filter((each) => each !== undefined);
    typist.findings.add(reportOf(name, typist) ?? report.badExpectation(span));
    return undefined;
  }
  const before = typist.findings.count;
  const value = typist.number(bound);
  if (value === undefined || Number.isNaN(value)) {
    if (typist.findings.count === before) {
      typist.findings.add(reportOf(unknownName(bound), typist) ?? report.badExpectation(span));
    }
    return undefined;
  }
  return { ...plain(quantity), operator: left === undefined ? turned[operator] : operator, value, span };
}

function plain({ quantity, acceptsEstimate }: NamedQuantity): ExpectedQuantity {
  return { quantity, acceptsEstimate };
}

/** The quantity that a side names, unless the file means something else by the name. */
function side(syntax: Syntax, other: Syntax, typist: Typist): NamedQuantity | undefined {
  const found = quantityOf(syntax);
  if (found === undefined) return undefined;
  const isReported = typist.names.get(found.name.text)?.kind === 'report';
  if (isReported) return { ...found, quantity: found.name.text };
  if (!isResultName(found.name.text)) return undefined;
  const isOwn = typist.names.has(found.name.text) && !found.acceptsEstimate;
  const otherName = quantityOf(other)?.name.text ?? '';
  const otherIsResult = isResultName(otherName) && !typist.names.has(otherName);
  if (isOwn && otherIsResult) return undefined;
  return { ...found, quantity: found.name.text };
}

/** A name that means nothing: most likely a result was meant. */
function unknownName(syntax: Syntax): Name | undefined {
  return quantityOf(syntax)?.name;
}

function reportOf(
  name: Name | undefined,
  typist: Typist,
): ReturnType<typeof report.unknownQuantity> | undefined {
  if (name === undefined || typist.names.has(name.text)) return undefined;
  const known = expectableQuantities.map((each) => each.name);
  const numbers = [...typist.names.values()].filter(({ kind }) => kind === 'let' || kind === 'dimension');
  const candidates = nearNames(name.text, [...known, ...numbers.map((each) => each.name)]);
  return report.unknownQuantity(name.span, name.text, candidates, known);
}
