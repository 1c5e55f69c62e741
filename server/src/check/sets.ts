/**
 * The set after `in`: a box `[lo, hi]` or `nonneg`. Bounds are numbers or arrays of the unknown's
 * shape that depend on data at most; the numbers also bound the range of the unknown.
 */
import type { Shape } from '../base/dimension.ts';
import { formatShape } from '../base/dimension.ts';
import type { Span } from '../base/span.ts';
import type { Expression, Interval } from '../atoms/expression.ts';
import { wholeLine } from '../atoms/expression.ts';
import { broadcastShapes, isShapeProblem } from '../atoms/shape-rules.ts';
import { Dependence } from '../graph/primitive.ts';
import type { Expression as Syntax } from '../syntax/tree.ts';
import { checkDependence } from './dependence.ts';
import * as report from './diagnostics.ts';
import { foldNumber } from './fold.ts';
import type { UnknownSet } from './problem.ts';
import type { Typist } from './shape.ts';
import { ungrouped } from './syntax-walk.ts';

export interface ReadSet {
  readonly set?: UnknownSet;
  readonly range: Interval;
}

const free: ReadSet = { range: wholeLine };
const laterSets = new Map([
  ['simplex', 'use a softmax of a free unknown in the expressions'],
  ['ball', 'use a box `in [lo, hi]`'],
  ['spectral_ball', 'use a box `in [lo, hi]` on the entries'],
  ['rows', 'use a box `in [lo, hi]`'],
]);

/** The set of an unknown of this shape; the whole space where the set has a mistake. */
export function readSet(syntax: Syntax | undefined, shape: Shape, typist: Typist): ReadSet {
  if (syntax === undefined) return free;
  const set = ungrouped(syntax);
  if (set.kind === 'missing') return free;
  if (set.kind === 'name' && set.text === 'nonneg') {
    return {
      set: box(constant(0, set.span), constant(Infinity, set.span)),
      range: { lower: 0, upper: Infinity },
    };
  }
  if (set.kind === 'list') return readBox(set.items, set.span, shape, typist);
  const name = set.kind === 'name' ? set.text : set.kind === 'call' ? set.callee.text : undefined;
  const instead = name === undefined ? undefined : laterSets.get(name);
  if (name !== undefined && instead !== undefined) {
    typist.findings.add(report.notSupported(set.span, `the set \`${name}\``, instead));
  } else if (set.kind === 'binary' && set.operator === '&') {
    typist.findings.add(
      report.notSupported(set.span, 'an intersection of sets', 'write one box `in [lo, hi]`'),
    );
  } else {
    typist.findings.add(
      report.badSet(set.span, name === undefined ? 'this is no set' : `there is no set \`${name}\``),
    );
  }
  return free;
}

function readBox(items: readonly Syntax[], span: Span, shape: Shape, typist: Typist): ReadSet {
  const [lowerSyntax, upperSyntax] = items;
  if (lowerSyntax === undefined || upperSyntax === undefined || items.length > 2) {
    if (!items.some((item) => item.kind === 'missing')) {
      typist.findings.add(report.badSet(span, 'a box has two ends'));
    }
    return free;
  }
  const lower = readEnd(lowerSyntax, shape, typist);
  const upper = readEnd(upperSyntax, shape, typist);
  if (lower === undefined || upper === undefined) return free;
  const sizes = typist.dimensions.values;
  const least = foldNumber(lower, sizes);
  const most = foldNumber(upper, sizes);
  if (least !== undefined && most !== undefined && least > most) {
    typist.findings.add(report.emptySet(span, least, most));
    return free;
  }
  return {
    set: box(lower, upper),
    range: { lower: least ?? -Infinity, upper: most ?? Infinity },
  };
}

function readEnd(syntax: Syntax, shape: Shape, typist: Typist): Expression | undefined {
  // `inf` is no name of the language: an open side is written with the other end's set.
  const end = typist.infer(syntax, { data: false });
  if (end === undefined) return undefined;
  if (!checkDependence(end, Dependence.data, 'the end of a set', typist.findings)) return undefined;
  const numeric = (each: Shape): Shape => typist.dimensions.numeric(each);
  const fits = broadcastShapes(numeric(end.shape), numeric(shape));
  if (isShapeProblem(fits) || fits.length !== shape.length) {
    const { reason, related } = typist.dimensions.explain([shape, end.shape]);
    typist.findings.add(
      report.shapeMismatch(
        syntax.span,
        `the end of a set is a number or as large as its unknown, ${formatShape(shape)}, not ${formatShape(end.shape)}`,
        reason,
        undefined,
        related,
        [],
      ),
    );
    return undefined;
  }
  return end;
}

function constant(value: number, span: Span): Expression {
  return { kind: 'number', value, shape: [], dependence: Dependence.none, span };
}

function box(lower: Expression, upper: Expression): UnknownSet {
  return { kind: 'box', lower, upper };
}
