/**
 * `fixed_point z = …`, one for each lower unknown: the map has the shape of its unknown and may contain
 * all of them. What a minimisation says has no place beside it.
 */
import { formatShape } from '../../base/dimension.ts';
import { nearNames } from '../../base/near-names.ts';
import type { LevelBlock, Objective } from '../../syntax/tree.ts';
import * as report from '../diagnostics.ts';
import type { Each } from './each.ts';
import { overProblems } from './each.ts';
import { noIndices } from '../typing/index-scope.ts';
import type { DeclaredUnknown } from './levels.ts';
import type { FixedPointMap } from '../problem.ts';
import type { Typist } from '../typing/shape.ts';

/** The maps in the order of the unknowns; undefined where an unknown has none that could be read. */
export function readMaps(
  block: LevelBlock,
  declared: readonly DeclaredUnknown[],
  each: Each | undefined,
  typist: Typist,
): readonly FixedPointMap[] | undefined {
  const { findings } = typist;
  const first = new Map<string, Objective>();
  const known = block.unknowns.map(({ name }) => name.text);
  const targets = block.objectives.map(({ target }) => target?.text ?? '');
  const without = known.filter((name) => !targets.includes(name));
  for (const objective of block.objectives) {
    const { kind, target, keyword } = objective;
    if (kind !== 'fixed_point') {
      findings.add(report.mixedObjectives(keyword, (block.objectives[0] as Objective).keyword));
      continue;
    }
    if (target === undefined || target.text === '') continue;
    const before = first.get(target.text);
    if (!known.includes(target.text)) {
      findings.add(report.unknownTarget(target.span, target.text, nearNames(target.text, without), known));
    } else if (before === undefined) first.set(target.text, objective);
    else findings.add(report.duplicateMap(keyword, target.text, before.keyword));
  }
  const maps: FixedPointMap[] = [];
  for (const { symbol } of declared) {
    const objective = first.get(symbol.name);
    if (objective === undefined) {
      const end = block.objectives.at(-1)?.span.end ?? block.span.end;
      // A target that is no unknown may well be this one, misspelt.
      if (targets.every((target) => known.includes(target))) {
        findings.add(report.missingMap(symbol.declared, symbol.name, end));
      }
      continue;
    }
    const map = readMap(objective, symbol, each, typist);
    if (map !== undefined) maps.push(map);
  }
  return maps.length === declared.length && maps.length > 0 ? maps : undefined;
}

function readMap(
  { expression: written }: Objective,
  symbol: DeclaredUnknown['symbol'],
  each: Each | undefined,
  typist: Typist,
): FixedPointMap | undefined {
  const scope = each?.scope ?? noIndices;
  const shape = scope.slices.get(symbol.name)?.shape ?? symbol.shape;
  const expression = typist.infer(written, { data: false, expected: shape, scope });
  if (expression === undefined) return undefined;
  const sizes = [shape, expression.shape].map((each_) => typist.dimensions.numeric(each_));
  const [wanted, found] = sizes as [typeof shape, typeof shape];
  const fits =
    wanted.length === found.length &&
    wanted.every((dimension, axis) => typist.application.same(dimension, found[axis] ?? dimension));
  if (!fits) {
    const { reason, related } = typist.dimensions.explain([shape, expression.shape]);
    typist.findings.add(
      report.mapShape(
        written.span,
        symbol.name,
        formatShape(shape),
        formatShape(expression.shape),
        reason,
        related,
      ),
    );
    return undefined;
  }
  return { symbol, expression: overProblems(expression, 'stack', each) };
}
