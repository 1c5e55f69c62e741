/**
 * The checker: a syntax tree and what is known of its data files in, a problem with every expression
 * typed and every constant as a formula out. Stages, each of which reports and goes on:
 *   resolve (names) → data (types, sources, dimensions) → levels (unknowns, sets, starts, objectives)
 *   → solve and expect → occurrence and dependence → curvature and constants → report.
 * Never throws on any tree; one mistake gives one diagnostic; equal inputs give equal outputs.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';
import type { Expression } from '../atoms/expression.ts';
import { isInfinite } from '../atoms/formula.ts';
import type { LetDefinition, SyntaxTree } from '../syntax/tree.ts';
import { deriveConstants } from './constants/derive.ts';
import { deriveFixedPointConstants } from './constants/fixed-point.ts';
import { readData } from './blocks/declarations.ts';
import * as report from './diagnostics.ts';
import { Dimensions } from './typing/dimensions.ts';
import type { Environment } from './environment.ts';
import { readExpectations } from './blocks/expect.ts';
import { readReports } from './blocks/report-block.ts';
import { readSamples } from './blocks/sample.ts';
import type { CheckFacts, Facts, NameFact } from './facts.ts';
import { Findings } from './facts.ts';
import { foldNumber } from './typing/fold.ts';
import { givenConstants } from './blocks/given-constants.ts';
import { CheckMemory } from './memory/check-memory.ts';
import { sizesAlike } from './typing/numeric-sizes.ts';
import { WatchedMap } from './memory/watched-map.ts';
import type { DeclaredUnknown } from './blocks/levels.ts';
import { checkOccurrence, declareUnknowns, readLevel } from './blocks/levels.ts';
import { nearNames } from '../base/near-names.ts';
import type { CheckedLevel, CheckedLower, CheckedProblem, PartialLevel, PartialProblem } from './problem.ts';
import type { DeclaredName, Scope } from './names/resolve.ts';
import { resolve } from './names/resolve.ts';
import { Typist, objectivePlace } from './typing/shape.ts';
import { minimised, withProximalTerms } from './blocks/proximal.ts';
import { readSolveBlock } from './blocks/solve-block.ts';

export interface CheckResult {
  /** Present exactly when no diagnostic is an error. */
  readonly problem?: CheckedProblem;
  /** What could be understood in any case. */
  readonly partial: PartialProblem;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  readonly facts: CheckFacts;
}

/** `memory`: of the check of the version of this text before, where there was one; it changes no result. */
export function check(
  tree: SyntaxTree,
  environment: Environment,
  memory: CheckMemory = new CheckMemory(),
): CheckResult {
  const findings = new Findings();
  const dimensions = new Dimensions(findings);
  const scope = resolve(tree, findings, memory.visits);
  for (const name of scope.names.all.values()) {
    if (name.kind === 'dimension')
      dimensions.declare(name.name, name.declared, 'size that its data file gives');
  }
  const indices = scope.parameters.filter(({ kind }) => kind === 'index');
  const typist = new Typist(
    scope.names,
    dimensions,
    findings,
    environment,
    new WatchedMap(indices.map(({ name }) => [name, true])),
    memory,
  );
  checkSettings(scope, typist);
  const { blocks } = scope;
  const data = readData(
    blocks.data.flatMap((block) => block.declarations),
    typist,
  );
  const upperUnknowns = declareUnknowns(blocks.upper, typist);
  const lowerUnknowns = declareUnknowns(blocks.lower, typist);
  const upper = readLevel(blocks.upper, upperUnknowns, typist);
  const lower = withProximalTerms(readLevel(blocks.lower, lowerUnknowns, typist), typist.application);
  checkBlocks(tree, scope, typist);
  typeUnusedLets(scope, typist);
  const options = readSolveBlock(blocks.solve, lower.kind, typist);
  const derived = derive(
    { upper, lower, options },
    [...upperUnknowns, ...lowerUnknowns],
    scope,
    typist,
    tree.source,
  );
  const reports = readReports(blocks.report, {
    typist,
    upperBlock: blocks.upper,
    lowerBlock: blocks.lower,
    upper,
    lower,
    lowerUnknowns,
    complete: (levels, unknowns, own) => {
      const other = derive({ ...levels, options }, [...upperUnknowns, ...unknowns], scope, own, tree.source);
      const { constants, lowerIsQuadratic } = other;
      const whole = completeLower(levels.lower);
      if (whole === undefined || constants === undefined || lowerIsQuadratic === undefined) return undefined;
      return { lower: whole, constants, lowerIsQuadratic };
    },
  });
  const expectations = readExpectations(blocks.expect, reports, upper.objective, typist);
  const partial: PartialProblem = {
    dimensions: dimensions.facts,
    data,
    upper,
    lower,
    options,
    given: givenConstants(blocks.solve, options, findings),
    expectations,
    reports,
    samples: readSamples(blocks.solve, { upper, lower, lowerBlock: blocks.lower }, typist),
    ...(blocks.title === undefined ? {} : { title: blocks.title }),
    ...derived,
  };
  memory.sweep(typist);
  return new Checked(partial, scope, typist);
}

/**
 * A class, since a getter that belongs to one object would be kept, with all that it can see, until the next full
 * collection of garbage.
 */
class Checked implements CheckResult {
  readonly partial: PartialProblem;
  readonly problem?: CheckedProblem;
  readonly diagnostics: readonly Diagnostic[];
  private readonly scope: Scope;
  private readonly typist: Typist;
  private known: CheckFacts | undefined;

  constructor(partial: PartialProblem, scope: Scope, typist: Typist) {
    this.partial = partial;
    this.diagnostics = typist.findings.diagnostics;
    this.scope = scope;
    this.typist = typist;
    const problem = this.diagnostics.some(({ severity }) => severity === 'error')
      ? undefined
      : complete(partial);
    if (problem !== undefined) this.problem = problem;
  }

  /** For diagnostics nobody asks. */
  get facts(): CheckFacts {
    return (this.known ??= new KnownFacts(this.scope, this.typist));
  }
}

/** Blocks that must be there. */
function checkBlocks(tree: SyntaxTree, scope: Scope, typist: Typist): void {
  const { findings } = typist;
  for (const level of ['upper', 'lower'] as const) {
    // What is there shows what is not; nothing at all is one mistake, at the beginning.
    const [first] = tree.items;
    if (scope.blocks[level] !== undefined) continue;
    const other = scope.blocks.upper ?? scope.blocks.lower;
    const begun = first?.kind === 'problem' ? first.titleSpan : first?.keyword;
    const place = other?.keyword ?? begun ?? { start: 0, end: 0 };
    findings.add(report.missingBlock(place, level));
  }
}

/** A `let` that nothing uses is typed for its own mistakes, as far as its parameters allow. */
function typeUnusedLets(scope: Scope, typist: Typist): void {
  for (const declared of scope.names.all.values()) {
    const { definition, recursive } = declared;
    if (definition === undefined || recursive === true || scope.uses.has(declared)) continue;
    if (definition.parameters === undefined) typist.infer(definition.value, objectivePlace);
  }
}

/** `--set` must name a `let` without parameters or an upper unknown. */
function checkSettings(scope: Scope, typist: Typist): void {
  const { settings } = typist.environment;
  if (settings === undefined) return;
  const settable = [...scope.names.all.values()]
    .filter(
      ({ kind, definition }) => kind === 'upper' || (kind === 'let' && definition?.parameters === undefined),
    )
    .map(({ name }) => name);
  for (const [name, value] of settings) {
    if (settable.includes(name) && Number.isFinite(value)) continue;
    const near = nearNames(name, settable);
    const choices = near.length > 0 ? near : settable;
    const list = choices.map((each) => `\`${each}\``).join(', ');
    typist.findings.add(
      settable.includes(name)
        ? report.adjustment(
            { start: 0, end: 0 },
            `\`${name}\` cannot be set to ${value}`,
            'give a finite number',
          )
        : report.adjustment(
            { start: 0, end: 0 },
            `nothing that can be set from outside is called \`${name}\``,
            choices.length === 0
              ? 'a `let` and an upper unknown can be set; this file has neither'
              : `a \`let\` or an upper unknown can be set, such as ${list}`,
          ),
    );
  }
}

function derive(
  { upper, lower, options }: Pick<PartialProblem, 'upper' | 'lower' | 'options'>,
  unknowns: readonly DeclaredUnknown[],
  scope: Scope,
  typist: Typist,
  source: string,
): Pick<PartialProblem, 'constants' | 'lowerIsQuadratic'> {
  const lowerUnknowns = unknowns.filter(({ symbol }) => symbol.role === 'lower');
  const written = scope.blocks.lower?.objectives[0]?.expression.span;
  const determined = checkOccurrence(upper, lower, lowerUnknowns, written, typist);
  const poisoned = lowerUnknowns.length < (scope.blocks.lower?.unknowns.length ?? 0);
  if (upper.objective === undefined || !determined || poisoned) return {};
  const typed = [upper, lower].flatMap(({ objective, maps = [] }) => [
    ...(objective === undefined ? [] : [objective]),
    ...maps.map((map) => map.expression),
  ]);
  const sizes = sizesAlike(typed, typist.dimensions);
  const upperObjective = sizes.expression(upper.objective);
  if (lower.maps !== undefined) {
    const { constants, lowerIsQuadratic, diagnostics } = deriveFixedPointConstants(
      lower.maps.map((map) => ({
        symbol: sizes.symbol(map.symbol),
        expression: sizes.expression(map.expression),
      })),
      upperObjective,
      {
        isGiven: options.lower.q !== undefined,
        free: placesForSets(unknowns),
      },
    );
    for (const diagnostic of diagnostics) typist.findings.add(diagnostic);
    return { constants, lowerIsQuadratic };
  }
  if (lower.objective === undefined) return {};
  const { proximal } = lower;
  const { constants, lowerIsQuadratic, diagnostics } = deriveConstants(
    sizes.expression(proximal?.smooth ?? minimised(lower.objective, lower.sense, typist.application)),
    upperObjective,
    lowerUnknowns.map((unknown) => sizes.symbol(unknown.symbol)),
    written ?? lower.objective.span,
    lower.sense,
    source,
    proximal?.magnitudes && sizes.expression(proximal.magnitudes),
  );
  for (const diagnostic of diagnostics) typist.findings.add(diagnostic);
  if (proximal === undefined) return { constants, lowerIsQuadratic };
  if (isInfinite(constants.L.formula)) typist.findings.add(report.proximalNeedsL(constants.L.from));
  return { constants, lowerIsQuadratic: false };
}

/** Upper unknowns without a set, and where one could be written. */
function placesForSets(unknowns: readonly DeclaredUnknown[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const { declaration, symbol, set } of unknowns) {
    if (symbol.role !== 'upper' || set !== undefined || declaration.type === undefined) continue;
    places.set(symbol.name, declaration.type.span.end);
  }
  return places;
}

function complete(partial: PartialProblem): CheckedProblem | undefined {
  const { constants, lowerIsQuadratic } = partial;
  const upper = completeLevel(partial.upper);
  const lower = completeLower(partial.lower);
  if (constants === undefined || lowerIsQuadratic === undefined) return undefined;
  if (upper === undefined || lower === undefined) return undefined;
  return { ...partial, upper, lower, constants, lowerIsQuadratic };
}

function completeLower(level: PartialLevel): CheckedLower | undefined {
  const { kind, maps, span, objectiveKeyword, unknowns, sense } = level;
  if (kind !== 'fixed_point') {
    const whole = completeLevel(level);
    return whole && { ...whole, kind, ...(level.proximal === undefined ? {} : { proximal: level.proximal }) };
  }
  if (maps === undefined || span === undefined || objectiveKeyword === undefined) return undefined;
  return { kind: 'fixed_point', unknowns, span, objectiveKeyword, sense, maps };
}

function completeLevel(level: PartialLevel): CheckedLevel | undefined {
  const { objective, span, objectiveKeyword } = level;
  if (objective === undefined || span === undefined || objectiveKeyword === undefined) return undefined;
  return { ...level, objective, span, objectiveKeyword };
}

class KnownFacts implements CheckFacts {
  readonly names: readonly NameFact[];
  private readonly found: Facts;

  constructor(scope: Scope, typist: Typist) {
    this.names = namesOf(scope, typist);
    this.found = typist.findings.facts;
  }

  get expressions(): CheckFacts['expressions'] {
    return this.found.expressions;
  }

  get calls(): CheckFacts['calls'] {
    return this.found.calls;
  }

  get sources(): CheckFacts['sources'] {
    return this.found.sources;
  }
}

function namesOf(scope: Scope, typist: Typist): readonly NameFact[] {
  const declared = [...scope.names.all.values(), ...scope.parameters];
  const values = new Map<Span, Expression | undefined>();
  for (const { definition } of declared)
    if (definition !== undefined) values.set(definition.value.span, undefined);
  typist.findings.forEachExpression(({ span, expression }) => {
    if (values.has(span) && values.get(span) === undefined) values.set(span, expression);
  });
  return declared
    .map((name) => nameFact(name, scope.uses.of(name), values, typist))
    .sort((a, b) => a.declared.start - b.declared.start);
}

function nameFact(
  { name, kind, declared, definition, over }: DeclaredName,
  uses: readonly Span[],
  values: ReadonlyMap<Span, Expression | undefined>,
  typist: Typist,
): NameFact {
  const fact: { -readonly [Key in keyof NameFact]: NameFact[Key] } = { name, kind, declared, uses };
  const symbol = kind === 'parameter' || kind === 'index' ? undefined : typist.symbols.get(name);
  const value =
    kind === 'let' || kind === 'dimension' ? valueOf(name, definition, values, typist) : undefined;
  if (symbol !== undefined) fact.symbol = symbol;
  if (definition !== undefined) fact.definition = definition;
  if (over !== undefined) fact.over = over;
  if (value !== undefined) fact.value = value;
  return fact;
}

/** Of a dimension, or of a `let` by its definition. */
function valueOf(
  name: string,
  definition: LetDefinition | undefined,
  values: ReadonlyMap<Span, Expression | undefined>,
  typist: Typist,
): number | undefined {
  if (definition === undefined) return typist.dimensions.facts.get(name)?.value;
  if (definition.parameters !== undefined) return undefined;
  const setting = typist.environment.settings?.get(name);
  if (setting !== undefined) return setting;
  const expression = values.get(definition.value.span);
  return expression === undefined ? undefined : foldNumber(expression, typist.dimensions.values);
}
