/**
 * `with Xv = Xt, yv = yt`: what stands in the place of which names. A dimension of the replaced array that is
 * a name by itself takes the size of the new array, everywhere; the other dimensions must agree.
 */
import type { Dimension, Shape } from '../../base/dimension.ts';
import { formatDimension, formatShape, sameDimension } from '../../base/dimension.ts';
import type { ArraySymbol, Expression } from '../../atoms/expression.ts';
import { Dependence } from '../../graph/primitive.ts';
import type { ReportEntry } from '../../syntax/tree.ts';
import { checkDependence } from '../dependence.ts';
import * as report from '../diagnostics.ts';
import { singleName } from './dimensions.ts';
import { foldNumber } from './fold.ts';
import { inWords } from '../names/kinds.ts';
import { objectivePlace } from './shape.ts';
import type { Typist } from './shape.ts';

type Substitution = ReportEntry['substitutions'][number];

/** Puts the replacements into `own`; false when one has a mistake, which `main` reports. */
export function readSubstitution(substitutions: readonly Substitution[], main: Typist, own: Typist): boolean {
  const seen = new Map<string, Substitution>();
  let whole = true;
  for (const substitution of substitutions) {
    const { name } = substitution;
    const first = seen.get(name.text);
    if (first !== undefined) {
      main.findings.add(report.duplicateEntry(name.span, name.text, first.name.span));
      whole = false;
      continue;
    }
    seen.set(name.text, substitution);
    whole = replace(substitution, main, own) && whole;
  }
  return whole;
}

function replace({ name, value }: Substitution, main: Typist, own: Typist): boolean {
  const { findings } = main;
  if (name.text === '' || value.kind === 'missing') return false;
  const symbol = main.symbols.get(name.text);
  const kind = main.names.get(name.text)?.kind;
  if (symbol === undefined || (symbol.role !== 'data' && symbol.role !== 'upper')) {
    if (kind !== undefined) findings.add(report.notReplaceable(name.span, name.text, inWords(kind)));
    return false;
  }
  const given = main.infer(value, objectivePlace);
  if (given === undefined) return false;
  if (!checkDependence(given, Dependence.data, `what replaces \`${name.text}\``, findings)) return false;
  const expression = filled(given, symbol, main);
  const classes = expression.kind === 'symbol' ? expression.symbol.classes : undefined;
  const sameLabels =
    symbol.classes === undefined
      ? classes === undefined
      : classes !== undefined && main.application.same(symbol.classes, classes);
  if (!sameLabels || !unify(symbol.shape, expression.shape, main, own)) {
    const { reason, related } = main.dimensions.explain([symbol.shape, expression.shape]);
    findings.add(
      report.replacementShape(
        value.span,
        name.text,
        typeWords(symbol.shape, symbol.classes),
        typeWords(expression.shape, classes),
        reason,
        related,
      ),
    );
    return false;
  }
  own.replacements.set(name.text, expression);
  return true;
}

function typeWords(shape: Shape, classes: Dimension | undefined): string {
  if (classes === undefined) return formatShape(shape);
  return `labels[${[...shape, classes].map(formatDimension).join(', ')}]`;
}

/** A number fills the array that it replaces. */
function filled(given: Expression, { shape, classes }: ArraySymbol, typist: Typist): Expression {
  const value = foldNumber(given, typist.dimensions.values);
  return value === undefined || shape.length === 0 || classes !== undefined
    ? given
    : { kind: 'number', value, shape, dependence: given.dependence, span: given.span };
}

function unify(declared: Shape, given: Shape, main: Typist, own: Typist): boolean {
  if (declared.length !== given.length) return false;
  return declared.every((dimension, axis) => {
    const found = given[axis] as Dimension;
    const name = singleName(dimension);
    const before = name === undefined ? undefined : own.renamed.get(name);
    if (before !== undefined) return main.application.same(before, found);
    if (sameDimension(dimension, found)) return true;
    if (name !== undefined) {
      own.renamed.set(name, found);
      return true;
    }
    return main.application.same(dimension, found);
  });
}
