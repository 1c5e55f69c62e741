/**
 * `sample n = 128`: minibatches of 128 rows over n. Allowed where each objective that uses n is a mean over n of
 * terms of single rows, plus terms free of n; then a mean over some rows estimates it. Upper unknowns over
 * n go with the rows; lower unknowns over n must be separable by rows, which is the same condition. The terms
 * of `lower each i in n` belong to problems of their own, so there the sum needs no division.
 */
import type { Expression } from '../../atoms/expression.ts';
import { partsOf } from '../../atoms/expression.ts';
import { formatExpression } from '../../atoms/formula-text.ts';
import type { LevelBlock, SolveBlock, SolveEntry } from '../../syntax/tree.ts';
import * as report from '../diagnostics.ts';
import { namesOf } from '../typing/dimensions.ts';
import type { PartialLevel, SampledDimension } from '../problem.ts';
import { rowRoleOf } from './row-structure.ts';
import { isNumberLike } from '../typing/expected-shape.ts';
import { nearNames } from '../../base/near-names.ts';
import type { Typist } from '../typing/shape.ts';

interface Levels {
  readonly upper: PartialLevel;
  readonly lower: PartialLevel;
  readonly lowerBlock: LevelBlock | undefined;
}

/** The dimensions that are sampled; what cannot be sampled is reported. */
export function readSamples(
  block: SolveBlock | undefined,
  levels: Levels,
  typist: Typist,
): readonly SampledDimension[] {
  const samples: SampledDimension[] = [];
  const seen = new Set<string>();
  for (const entry of block?.entries ?? []) {
    // A second one has been reported with the other entries.
    if (entry.over === undefined || seen.has(entry.over.text)) continue;
    seen.add(entry.over.text);
    const sample = readSample(entry, levels, typist);
    if (sample !== undefined) samples.push(sample);
  }
  return samples;
}

function readSample(entry: SolveEntry, levels: Levels, typist: Typist): SampledDimension | undefined {
  const { over, value, span } = entry;
  const { findings, dimensions, names } = typist;
  if (over === undefined || over.text === '' || value.kind === 'missing') return undefined;
  const dimension = over.text;
  if (!dimensions.facts.has(dimension)) {
    const known = [...names.all.values()].filter(({ kind }) => kind === 'dimension').map(({ name }) => name);
    findings.add(
      names.get(dimension)?.kind === 'let'
        ? report.numberWithoutRows(over.span, dimension)
        : report.notADimension(over.span, dimension, nearNames(dimension, known)),
    );
    return undefined;
  }
  const before = findings.count;
  const size = typist.number(value);
  if (size === undefined || !Number.isSafeInteger(size) || size < 1) {
    if (findings.count === before || isNumberLike(value)) {
      findings.add(
        report.optionValue(value.span, `sample ${dimension}`, 'a whole number of at least 1', 'all rows'),
      );
    }
    return undefined;
  }
  const rows = dimensions.values.get(dimension);
  if (rows !== undefined && size > rows) {
    findings.add(report.sampleTooLarge(value.span, dimension, size, rows));
    return undefined;
  }
  const parts = [
    ...partsOfLevel(levels.upper, false),
    ...partsOfLevel(levels.lower, levels.lowerBlock?.each !== undefined),
  ];
  if (!parts.every((part) => canSample(part, dimension, typist))) return undefined;
  const arrays = [...new Set(parts.flatMap(({ expression }) => arraysOver(expression, dimension)))];
  if (arrays.length === 0) {
    // Objectives that have mistakes have been reported.
    if (parts.length > 1) findings.add(report.nothingToSample(over.span, dimension));
    return undefined;
  }
  findings.add(report.sampleUsesAllRows(span, dimension, size, arrays));
  return { dimension, size, arrays, span };
}

interface Part {
  readonly expression: Expression;
  /** A sum over the rows is good enough: its terms are problems of their own. */
  readonly isSeparate: boolean;
  readonly isMap: boolean;
}

function partsOfLevel({ objective, maps = [] }: PartialLevel, isSeparate: boolean): readonly Part[] {
  const found = maps.map(({ expression }): Part => ({ expression, isSeparate, isMap: true }));
  return objective === undefined ? found : [...found, { expression: objective, isSeparate, isMap: false }];
}

function canSample(
  { expression, isSeparate, isMap }: Part,
  dimension: string,
  { findings }: Typist,
): boolean {
  const role = rowRoleOf(expression, dimension);
  switch (role.kind) {
    case 'free':
    case 'count':
    case 'mean':
      return true;
    case 'rows':
      if (isMap) return true;
      break;
    case 'sum':
      if (isSeparate) return true;
      findings.add(report.sampledSum(role.term.span, dimension, formatExpression(role.term)));
      return false;
    case 'coupled':
      findings.add(
        report.sampledCoupling(role.expression.span, dimension, formatExpression(role.expression), role.why),
      );
      return false;
  }
  return false;
}

/** The arrays of the file with this dimension, in the order in which they occur. */
function arraysOver(expression: Expression, dimension: string): readonly string[] {
  if (expression.kind === 'symbol') {
    const { symbol } = expression;
    const { shape } = symbol.slice?.stack ?? symbol;
    return shape.some((size) => namesOf(size).includes(dimension)) ? [symbol.name] : [];
  }
  return partsOf(expression).flatMap((part) => arraysOver(part, dimension));
}
