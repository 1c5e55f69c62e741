/**
 * The two levels: unknowns with type, set and start, and the objective. All unknowns of both levels
 * are declared before any start or objective is typed, since each level may name the other's.
 */
import type { Dimension, Shape } from '../../base/dimension.ts';
import { formatShape } from '../../base/dimension.ts';
import type { LowerKind } from '../../base/lower-kind.ts';
import type { Span } from '../../base/span.ts';
import type { ArraySymbol, Expression } from '../../atoms/expression.ts';
import { namesIn, wholeLine } from '../../atoms/expression.ts';
import { broadcastShapes, isShapeProblem } from '../../atoms/shape-rules.ts';
import type { DependenceSet } from '../../graph/primitive.ts';
import { Dependence } from '../../graph/primitive.ts';
import { printExpression } from '../../syntax/print-expression.ts';
import type { Declaration, LevelBlock, Objective } from '../../syntax/tree.ts';
import { isFirst, readType } from './declarations.ts';
import { checkDependence, symbolsIn } from '../dependence.ts';
import * as report from '../diagnostics.ts';
import type { Each } from './each.ts';
import { overProblems, readEach } from './each.ts';
import { readMaps } from './fixed-point.ts';
import { noIndices } from '../typing/index-scope.ts';
import type { CheckedUnknown, PartialLevel, UnknownSet } from '../problem.ts';
import type { ReadSet } from './sets.ts';
import { checkStart, isBox, readSet } from './sets.ts';
import type { Typist } from '../typing/shape.ts';
import { objectivePlace } from '../typing/shape.ts';

/** An unknown whose type and set are known; its start comes later. */
export interface DeclaredUnknown {
  readonly declaration: Declaration;
  readonly symbol: ArraySymbol;
  readonly set?: UnknownSet;
}

/** Types and sets of a level's unknowns; they become symbols for every expression. */
export function declareUnknowns(block: LevelBlock | undefined, typist: Typist): readonly DeclaredUnknown[] {
  const declared: DeclaredUnknown[] = [];
  if (block === undefined) return declared;
  // Inside `lower each` an unknown is one problem's, everywhere else the stack of them.
  const each =
    block.each === undefined ? undefined : typist.indexDimension(block.each.index, block.each.dimension);
  if (block.each !== undefined && each === undefined) return declared;
  const kind = kindOfLevel(block);
  for (const declaration of block.unknowns) {
    const work = (): DeclaredUnknown | undefined =>
      declareUnknown(declaration, block.kind, kind, each, typist);
    const read = each === undefined ? typist.once(declaration, 'unknown', [block.kind, kind], work) : work();
    if (read === undefined) continue;
    const symbol = typist.declare(read.symbol);
    declared.push(symbol === read.symbol ? read : { ...read, symbol });
  }
  return declared;
}

function declareUnknown(
  declaration: Declaration,
  level: 'upper' | 'lower',
  kind: LowerKind,
  each: Dimension | undefined,
  typist: Typist,
): DeclaredUnknown | undefined {
  const { name, type } = declaration;
  if (type === undefined) return undefined;
  const read = readType(type, typist);
  if (read === undefined) return undefined;
  if (read.classes !== undefined) {
    typist.findings.add(report.labelsOnlyData(type.span));
    return undefined;
  }
  const { set, range, norm, semidefinite } = readLevelSet(level, kind, declaration, read.shape, typist);
  const symbol: ArraySymbol = {
    name: name.text,
    role: level,
    shape: each === undefined ? read.shape : [each, ...read.shape],
    range,
    ...(norm === undefined || each !== undefined ? {} : { norm }),
    ...(semidefinite === undefined || each !== undefined ? {} : { semidefinite }),
    declared: name.span,
  };
  if (!isFirst(declaration, typist.names)) return undefined;
  return { declaration, symbol, ...(set === undefined ? {} : { set }) };
}

/** Any set on an upper unknown; on a lower one a box, whose projection is differentiated entry by entry. */
function readLevelSet(
  level: 'upper' | 'lower',
  kind: LowerKind,
  { set }: Declaration,
  shape: Shape,
  typist: Typist,
): ReadSet {
  if (level === 'upper' || set === undefined || set.kind === 'missing') return readSet(set, shape, typist);
  const read = readSet(set, shape, typist);
  if (read.set === undefined) return read;
  // The points of a proximal method may lie outside, so nothing is said of their range.
  if (isBox(read.set)) {
    return kind === 'fixed_point' ? read : { set: read.set, range: wholeLine };
  }
  typist.findings.add(report.setOnLower(set.span));
  return readSet(undefined, shape, typist);
}

/** What the statements of a level make it. */
export function kindOfLevel({ kind, objectives }: LevelBlock): LowerKind {
  return kind === 'lower' && objectives[0]?.kind === 'fixed_point' ? 'fixed_point' : 'minimum';
}

/** Starts and objective of a level. */
export function readLevel(
  block: LevelBlock | undefined,
  declared: readonly DeclaredUnknown[],
  typist: Typist,
): PartialLevel {
  if (block === undefined) return { kind: 'minimum', unknowns: [], sense: 'minimize' };
  const kind = kindOfLevel(block);
  const each = readEach(block, declared, typist);
  if (block.each !== undefined && each === undefined)
    return { kind, unknowns: [], span: block.span, sense: 'minimize' };
  const unknowns = declared.flatMap((unknown) => readUnknown(unknown, block.kind, each, typist));
  if (block.unknowns.length === 0) typist.findings.add(report.missingUnknown(block.keyword, block.kind));
  if (kind === 'fixed_point') {
    const maps = readMaps(block, declared, each, typist);
    return {
      kind,
      unknowns,
      span: block.span,
      sense: 'minimize',
      objectiveKeyword: (block.objectives[0] as Objective).keyword,
      ...(maps === undefined ? {} : { maps }),
    };
  }
  const read = readObjective(block, each, typist);
  return {
    kind,
    unknowns,
    span: block.span,
    sense: read?.objective.kind === 'maximize' ? 'maximize' : 'minimize',
    ...(read === undefined ? {} : { objectiveKeyword: read.objective.keyword }),
    ...(read?.expression === undefined ? {} : { objective: read.expression }),
  };
}

function readUnknown(
  unknown: DeclaredUnknown,
  level: 'upper' | 'lower',
  each: Each | undefined,
  typist: Typist,
): readonly CheckedUnknown[] {
  const { declaration, symbol, set } = unknown;
  const work = (): Expression | undefined => {
    const read = readStart(declaration, symbol, level, each, typist);
    if (read !== undefined && level === 'upper' && declaration.value !== undefined)
      checkStart(read, symbol, set, typist);
    return read;
  };
  const start = each === undefined ? typist.once(declaration, 'start', [level, symbol, set], work) : work();
  if (start === undefined) return [];
  return [{ symbol, start, span: declaration.span, ...(set === undefined ? {} : { set }) }];
}

/** The start of an upper unknown depends on data, of a lower one on upper unknowns too; 0 when not written. */
function readStart(
  declaration: Declaration,
  symbol: ArraySymbol,
  level: 'upper' | 'lower',
  each: Each | undefined,
  typist: Typist,
): Expression | undefined {
  const wanted = each?.scope.slices.get(symbol.name)?.shape ?? symbol.shape;
  const setting = level === 'upper' ? typist.environment.settings?.get(symbol.name) : undefined;
  if (declaration.value === undefined || setting !== undefined) {
    return {
      kind: 'number',
      value: setting ?? 0,
      shape: [],
      dependence: Dependence.none,
      span: declaration.value?.span ?? declaration.name.span,
    };
  }
  const scope = each?.scope ?? noIndices;
  const start = typist.infer(declaration.value, { data: true, expected: wanted, scope });
  if (start === undefined) return undefined;
  const allowed: DependenceSet = level === 'upper' ? Dependence.data : Dependence.data | Dependence.upper;
  const what = `the start of \`${symbol.name}\``;
  if (!checkDependence(start, allowed, what, typist.findings)) return undefined;
  if (start.shape.length > 0 && !fills(start.shape, wanted, typist)) {
    const { reason, related } = typist.dimensions.explain([wanted, start.shape]);
    typist.findings.add(
      report.declaredShape(
        start.span,
        symbol.name,
        formatShape(wanted),
        formatShape(start.shape),
        reason,
        related,
      ),
    );
    return undefined;
  }
  // A start in which the index does not occur is the same for all problems: one number or array spreads.
  if (each === undefined || !namesIn(start).has(each.index)) return start;
  const zeros: Expression = {
    kind: 'number',
    value: 0,
    shape: wanted,
    dependence: Dependence.none,
    span: start.span,
  };
  const whole =
    start.shape.length === wanted.length
      ? start
      : typist.application.apply('add', [zeros, start], {}, start.span);
  return whole && overProblems(whole, 'stack', each);
}

function fills(shape: Shape, target: Shape, typist: Typist): boolean {
  const numeric = typist.dimensions.numeric(target);
  const result = broadcastShapes(typist.dimensions.numeric(shape), numeric);
  return (
    !isShapeProblem(result) &&
    result.length === numeric.length &&
    result.every((dimension, axis) => typist.application.same(dimension, numeric[axis] ?? dimension))
  );
}

interface ReadObjective {
  readonly objective: Objective;
  readonly expression?: Expression;
}

function readObjective(block: LevelBlock, each: Each | undefined, typist: Typist): ReadObjective | undefined {
  const { findings } = typist;
  const [objective, ...others] = block.objectives;
  if (objective === undefined) {
    findings.add(report.missingObjective(block.keyword, block.kind));
    return undefined;
  }
  if (objective.kind === 'fixed_point') {
    findings.add(report.fixedPointAbove(objective.keyword));
    return { objective };
  }
  for (const other of others) {
    findings.add(
      other.kind === 'fixed_point'
        ? report.mixedObjectives(other.keyword, objective.keyword)
        : report.duplicateObjective(other.keyword, block.kind, objective.keyword),
    );
  }
  const scope = each?.scope ?? noIndices;
  const expression = typist.infer(objective.expression, { ...objectivePlace, scope });
  if (expression === undefined) return { objective };
  if (expression.shape.length > 0) {
    findings.add(
      report.objectiveNotScalar(
        objective.expression.span,
        formatShape(expression.shape),
        printExpression(objective.expression),
      ),
    );
    return { objective };
  }
  return { objective, expression: overProblems(expression, 'sum', each) };
}

/** Which unknowns the objectives contain: a lower one must be in the lower objective, an upper one in some. */
export function checkOccurrence(
  upper: PartialLevel,
  lower: PartialLevel,
  unknowns: readonly DeclaredUnknown[],
  written: Span | undefined,
  typist: Typist,
): boolean {
  let determined = true;
  const ofLower =
    lower.objective === undefined
      ? (lower.maps ?? []).map(({ expression }) => expression)
      : [lower.objective];
  if (lower.objective !== undefined) {
    const present = symbolsIn(lower.objective);
    for (const { symbol } of unknowns) {
      if (present.has(symbol.name)) continue;
      determined = false;
      typist.findings.add(report.notDetermined(symbol.declared, symbol.name, written, lower.sense));
    }
  }
  const free = upper.objective !== undefined && (upper.objective.dependence & Dependence.lower) === 0;
  if (free && upper.objectiveKeyword !== undefined && unknowns.length > 0) {
    typist.findings.add(report.levelsApart(upper.objectiveKeyword));
  }
  if (upper.objective !== undefined && ofLower.length > 0) {
    const present = new Set(symbolsIn(upper.objective));
    for (const expression of ofLower) for (const name of symbolsIn(expression)) present.add(name);
    for (const { symbol } of upper.unknowns) {
      if (!present.has(symbol.name)) typist.findings.add(report.noInfluence(symbol.declared, symbol.name));
    }
  }
  return determined;
}
