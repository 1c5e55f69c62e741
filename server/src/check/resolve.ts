/**
 * Names: which blocks and names a file declares, what each name in an expression means, what is
 * declared twice, what is never used. One namespace for the whole file: no shadowing, no order.
 * Invariant: later stages never meet a name that is not resolved here, and report none themselves.
 */
import type { Span } from '../base/span.ts';
import { cover } from '../base/span.ts';
import { functionNamed, functionNames } from '../atoms/index.ts';
import type {
  Declaration,
  Expression,
  LetDefinition,
  LevelBlock,
  Name,
  Relation,
  SolveBlock,
  ExpectBlock,
  DataBlock,
  ReportBlock,
  ReportEntry,
  SyntaxTree,
} from '../syntax/tree.ts';
import { isTextArgument, mentionsIn } from './mentions.ts';
import { sourceFormats } from './source-formats.ts';
import * as report from './diagnostics.ts';
import type { Findings, NameKind } from './facts.ts';
import { nearNames } from '../base/near-names.ts';
import { inWords, isCallable, isFunction, isUsedBySelf } from './name-kinds.ts';
import { namesOfResults, partsOf, resultsIn, sideOf } from './results.ts';
import { checkRecursion } from './recursion.ts';
import { childrenOf } from './syntax-walk.ts';
import type { Visit, VisitMemory } from './visits.ts';
import { Uses } from './visits.ts';
import { WatchedMap } from './watched-map.ts';

export interface DeclaredName {
  readonly name: string;
  readonly kind: NameKind;
  readonly declared: Span;
  readonly declaration?: Declaration;
  readonly definition?: LetDefinition;
  /** Of an index: the dimension that it runs over. */
  readonly over?: string;
  /** Of a `let`: it takes part in a circle of definitions. */
  recursive?: boolean;
  /** Of an array: the types of data use the name as a dimension, which is reported. */
  clashes?: boolean;
}

export interface Blocks {
  readonly title?: string;
  readonly data: readonly DataBlock[];
  readonly upper?: LevelBlock;
  readonly lower?: LevelBlock;
  readonly solve?: SolveBlock;
  readonly expect: readonly ExpectBlock[];
  readonly report: readonly ReportBlock[];
}

const nothingLocal: ReadonlyMap<string, DeclaredName> = new Map();

export interface Scope {
  readonly blocks: Blocks;
  readonly names: WatchedMap<DeclaredName>;
  /** Parameters of lets and indices are names of their own, visible in one body only. */
  readonly parameters: readonly DeclaredName[];
  readonly uses: Uses;
}

/** Suggestions cost the product of the names; who has so many unknown ones has another mistake. */
const mostSuggested = 100;

/** Declares and resolves every name of the tree; reports into `findings`. */
export function resolve(tree: SyntaxTree, findings: Findings, memory: VisitMemory): Scope {
  const resolver = new Resolver(findings, memory);
  const blocks = resolver.collect(tree);
  memory.begin(resolver.names.all);
  resolver.visit(tree);
  const parameters = resolver.resolveIndices();
  resolver.checkRecursion();
  const uses = new Uses(resolver.visits, resolver.names.all);
  // In a half-written file most names are not used yet.
  const { upper, lower } = blocks;
  const whole = (level?: LevelBlock): boolean => (level?.objectives.length ?? 0) > 0;
  if (tree.incomplete !== true && whole(upper) && whole(lower)) resolver.reportUnused(parameters, uses);
  return { blocks, names: resolver.names, parameters, uses };
}

class Resolver {
  readonly names = new WatchedMap<DeclaredName>();
  readonly visits: Visit[] = [];
  private readonly findings: Findings;
  private readonly memory: VisitMemory;
  /** Of the statement that is being gone through. */
  private uses: (readonly [string | DeclaredName, Span])[] = [];
  private mentions = new Set<string>();
  private parameters: DeclaredName[] = [];
  /** Names that nothing declares where they stand. */
  private readonly unresolved: { name: string; span: Span; candidates: readonly string[] }[] = [];
  /** Some part of the file is refused as a whole and was not looked into. */
  private unread = false;

  constructor(findings: Findings, memory: VisitMemory) {
    this.findings = findings;
    this.memory = memory;
  }

  /** Blocks and declarations; of two equal ones the first counts. */
  collect(tree: SyntaxTree): Blocks {
    let title: { text: string; span: Span } | undefined;
    let upper: LevelBlock | undefined;
    let lower: LevelBlock | undefined;
    let solve: SolveBlock | undefined;
    const data: DataBlock[] = [];
    const expect: ExpectBlock[] = [];
    const reports: ReportBlock[] = [];
    const twice = (first: { readonly keyword: Span }, again: Span, block: string): void =>
      this.findings.add(report.duplicateBlock(again, block, first.keyword));
    for (const item of tree.items) {
      switch (item.kind) {
        case 'problem':
          if (title !== undefined) {
            this.findings.add(report.duplicateBlock(item.titleSpan, 'a title', title.span));
          } else title = { text: item.title, span: item.titleSpan };
          break;
        case 'data':
          data.push(item);
          for (const declaration of item.declarations) this.declareArray(declaration, 'data');
          this.declareLets(item.lets);
          break;
        case 'upper':
        case 'lower': {
          const first = item.kind === 'upper' ? upper : lower;
          if (first !== undefined)
            twice(first, item.keyword, `${item.kind === 'upper' ? 'an upper' : 'a lower'} level`);
          else if (item.kind === 'upper') upper = item;
          else lower = item;
          for (const unknown of item.unknowns) this.declareArray(unknown, item.kind);
          this.declareLets(item.lets);
          break;
        }
        case 'solve':
          if (solve !== undefined) twice(solve, item.keyword, 'a `solve` block');
          else solve = item;
          break;
        case 'expect':
          expect.push(item);
          break;
        case 'let':
          this.declareLets([item]);
          break;
        case 'report':
          reports.push(item);
          for (const { name } of item.entries) this.declareName(name, 'report', {});
          break;
      }
    }
    for (const block of data) {
      for (const declaration of block.declarations) this.declareDimensions(declaration);
    }
    return {
      data,
      expect,
      report: reports,
      ...(title === undefined ? {} : { title: title.text }),
      ...(upper === undefined ? {} : { upper }),
      ...(lower === undefined ? {} : { lower }),
      ...(solve === undefined ? {} : { solve }),
    };
  }

  private declareLets(lets: readonly LetDefinition[]): void {
    for (const definition of lets) this.declareName(definition.name, 'let', { definition });
  }

  private declareArray(declaration: Declaration, kind: 'data' | 'upper' | 'lower'): void {
    this.declareName(declaration.name, kind, { declaration });
  }

  private declareName(
    name: Name,
    kind: NameKind,
    what: { readonly declaration?: Declaration; readonly definition?: LetDefinition },
  ): void {
    if (name.text === '') return;
    const before = this.names.get(name.text);
    if (before !== undefined) {
      this.findings.add(report.duplicateName(name.span, name.text, inWords(before.kind), before.declared));
      return;
    }
    this.names.set(name.text, { name: name.text, kind, declared: name.span, ...what });
  }

  /** The names in the types of data are dimensions, unless they are lets. */
  private declareDimensions(declaration: Declaration): void {
    const visit = (expression: Expression): void => {
      if (expression.kind === 'name') {
        const before = this.names.get(expression.text);
        if (before === undefined) {
          this.names.set(expression.text, {
            name: expression.text,
            kind: 'dimension',
            declared: expression.span,
          });
        } else if (before.kind !== 'dimension' && before.kind !== 'let' && before.clashes !== true) {
          before.clashes = true;
          this.findings.add(
            report.duplicateName(expression.span, expression.text, inWords(before.kind), before.declared),
          );
        }
      }
      for (const child of childrenOf(expression)) visit(child);
    };
    for (const dimension of declaration.type?.dimensions ?? []) visit(dimension);
  }

  /** Every expression of the file, each name counted as a use of what it means. */
  visit(tree: SyntaxTree): void {
    for (const item of tree.items) {
      switch (item.kind) {
        case 'data':
          for (const declaration of item.declarations) this.visitDeclaration(declaration);
          for (const definition of item.lets) this.visitLet(definition);
          break;
        case 'upper':
        case 'lower':
          this.visitLevel(item);
          break;
        case 'let':
          this.visitLet(item);
          break;
        case 'expect':
          for (const relation of item.relations) this.visited(() => this.visitRelation(relation));
          break;
        case 'report':
          for (const entry of item.entries) this.visited(() => this.visitReport(entry));
          break;
        case 'problem':
        case 'solve':
          break;
      }
    }
  }

  private visitLevel({ each, unknowns, lets, objectives }: LevelBlock): void {
    const local = new Map<string, DeclaredName>();
    if (each !== undefined) this.visited(() => this.declareIndex(each.index, each.dimension, local));
    for (const declaration of unknowns) this.visitDeclaration(declaration, local);
    for (const definition of lets) this.visitLet(definition);
    for (const objective of objectives) {
      const { target, expression } = objective;
      const work = (): void => {
        // Whether it is an unknown of the level is looked at with the fixed point.
        if (target !== undefined) this.use(target.text, target.span);
        this.visitExpression(expression, local);
      };
      if (each === undefined) this.visitOnce(objective, undefined, work);
      else this.visited(work);
    }
  }

  /** Goes through a statement, or takes over what that found in the version before. */
  private visitOnce(statement: object, name: Name | undefined, work: () => void): void {
    const before = this.memory.visit(statement);
    if (before !== undefined) {
      this.visits.push(before);
      return;
    }
    const { attempts } = this.findings;
    const unresolved = this.unresolved.length;
    const asked = new Map<string, DeclaredName | undefined>();
    this.names.watch(asked);
    const visit = this.visited(work, this.isOf(name, statement) ? name?.text : undefined);
    this.names.watch(undefined);
    // What was wrong has to be told again.
    const isClean = this.findings.attempts === attempts && this.unresolved.length === unresolved;
    if (isClean && !this.unread) this.memory.keep(statement, visit, asked);
  }

  /** Whether the name is a definition's, and this is the statement that counts. */
  private isOf(name: Name | undefined, statement: object): boolean {
    const declared = name === undefined ? undefined : this.names.get(name.text);
    return (
      declared?.definition === statement || (declared?.kind === 'data' && declared.declaration === statement)
    );
  }

  private visited(work: () => void, owner?: string): Visit {
    [this.uses, this.mentions, this.parameters] = [[], new Set(), []];
    work();
    const { uses, mentions, parameters } = this;
    const used = new Set(uses.map(([name]) => name));
    const visit = { uses, used, mentions, parameters, ...(owner === undefined ? {} : { owner }) };
    this.visits.push(visit);
    return visit;
  }

  /** An index, visible in one body; the dimension that it runs over is a use of that. */
  private declareIndex(index: Name, dimension: Name, local: Map<string, DeclaredName>): void {
    const parameter = local.get(dimension.text);
    if (parameter !== undefined) this.uses.push([parameter, dimension.span]);
    else if (dimension.text !== '') this.use(dimension.text, dimension.span);
    if (index.text === '') return;
    if (this.isReversed(index, dimension, local)) {
      this.findings.add(report.indexReversed(cover(index.span, dimension.span), index.text, dimension.text));
      this.use(index.text, index.span);
      local.set(dimension.text, { name: dimension.text, kind: 'index', declared: dimension.span });
      return;
    }
    const before = local.get(index.text) ?? this.names.get(index.text);
    if (before !== undefined) {
      this.findings.add(report.duplicateName(index.span, index.text, inWords(before.kind), before.declared));
    }
    const declared: DeclaredName = {
      name: index.text,
      kind: 'index',
      declared: index.span,
      over: dimension.text,
    };
    local.set(index.text, declared);
    this.parameters.push(declared);
  }

  /** `s in i`, where s is what can be run over and i is nothing yet. */
  private isReversed(index: Name, dimension: Name, local: ReadonlyMap<string, DeclaredName>): boolean {
    const kind = this.names.get(index.text)?.kind;
    const isSize = kind === 'dimension' || kind === 'let';
    return isSize && dimension.text !== '' && !this.names.has(dimension.text) && !local.has(dimension.text);
  }

  /** Names of results are no names of the file; unknown ones are told with the expectations. */
  private visitRelation(relation: Relation): void {
    const parts = [relation.left, relation.right].flatMap((side) => partsOf(sideOf(side, this.names.all)));
    const resultOf = resultsIn(relation, this.names.all);
    const found = parts.map((part) => ({ part, result: resultOf(part) }));
    // Without a result the whole is refused, whatever else stands in it.
    if (found.every(({ result }) => result === undefined)) return;
    for (const {
      part: { syntax },
      result,
    } of found) {
      if (syntax.kind === 'name' && this.names.has(syntax.text)) {
        const isReported = this.names.get(syntax.text)?.kind === 'report';
        if (isReported) this.use(syntax.text, syntax.span);
        else if (result === undefined) this.visitExpression(syntax, new Map());
      } else if (syntax.kind !== 'name') this.visitExpression(syntax, new Map());
    }
  }

  /** Results may be named in a reported value; what is replaced is a name of the file. */
  private visitReport({ value, substitutions }: ReportEntry): void {
    this.visitExpression(value, namesOfResults(this.names.all));
    for (const { name, value: replacement } of substitutions) {
      if (name.text !== '') this.visitName(name.text, name.span, new Map());
      this.visitExpression(replacement, new Map());
    }
  }

  private visitDeclaration(
    declaration: Declaration,
    local: ReadonlyMap<string, DeclaredName> = nothingLocal,
  ): void {
    const { name, type, set, value } = declaration;
    const work = (): void => {
      for (const dimension of type?.dimensions ?? []) this.visitTypeDimension(dimension);
      if (set !== undefined) this.visitSet(set);
      // A promise of data may be made of the data.
      this.mentions.clear();
      if (value !== undefined && value.kind !== 'number') this.visitExpression(value, local);
    };
    if (local.size === 0) this.visitOnce(declaration, name, work);
    else this.visited(work);
  }

  /** In a type a name is a dimension; one that nothing binds is reported by the shape stage. */
  private visitTypeDimension(expression: Expression): void {
    if (expression.kind === 'name') {
      this.use(expression.text, expression.span);
      return;
    }
    for (const child of childrenOf(expression)) this.visitTypeDimension(child);
  }

  /** Names of sets are words of the language; their arguments are expressions. */
  private visitSet(set: Expression): void {
    if (set.kind === 'list') for (const item of set.items) this.visitExpression(item, nothingLocal);
    else if (set.kind === 'group') this.visitSet(set.inner);
    else if (set.kind === 'binary') for (const part of [set.left, set.right]) this.visitSet(part);
    else if (set.kind === 'call') {
      for (const { value } of set.arguments) {
        if (set.callee.text === 'rows') this.visitSet(value);
        else this.visitExpression(value, nothingLocal);
      }
    }
  }

  private visitLet(definition: LetDefinition): void {
    const { name, parameters = [], value } = definition;
    this.visitOnce(definition, name, () => {
      const local = new Map<string, DeclaredName>();
      for (const { text, span } of parameters) {
        if (text === '') continue;
        const before = local.get(text) ?? this.names.get(text);
        if (before !== undefined) {
          this.findings.add(report.duplicateName(span, text, inWords(before.kind), before.declared));
        }
        const declared: DeclaredName = { name: text, kind: 'parameter', declared: span };
        local.set(text, declared);
        this.parameters.push(declared);
      }
      this.visitExpression(value, local);
    });
  }

  private use(name: string, span: Span): DeclaredName | undefined {
    const found = this.names.get(name);
    // The first mention of a dimension is its declaration.
    if (found !== undefined && found.declared.start !== span.start) this.uses.push([name, span]);
    return found;
  }

  private visitExpression(expression: Expression, local: ReadonlyMap<string, DeclaredName>): void {
    const mentions = mentionsIn(expression);
    if (mentions !== undefined) {
      for (const { text, span, isCalled } of mentions) {
        if (isCalled) this.visitCallee({ text, span }, local);
        else this.visitName(text, span, local);
      }
      return;
    }
    const visit = (child: Expression, names = local): void => this.visitExpression(child, names);
    switch (expression.kind) {
      case 'call': {
        const { callee } = expression;
        const isOwn = this.visitCallee(callee, local);
        for (const argument of expression.arguments) {
          // A name where a text belongs is told once, where the source or the option is read.
          if (isOwn || !isTextArgument(callee.text, argument)) visit(argument.value);
        }
        return;
      }
      case 'comprehension': {
        const inner = new Map(local);
        this.declareIndex(expression.index, expression.dimension, inner);
        visit(expression.body, inner);
        return;
      }
      default:
        for (const child of childrenOf(expression)) visit(child);
    }
  }

  /** A function of the file goes before one of the language, and that before anything that is none; true for the first. */
  private visitCallee(
    callee: Pick<Name, 'text' | 'span'>,
    local: ReadonlyMap<string, DeclaredName>,
  ): boolean {
    const { text, span } = callee;
    if (isFunction(this.names.get(text))) {
      const found = this.use(text, span);
      if (found !== undefined) this.mention(found);
      return true;
    }
    if (text === '' || isCallable(text)) return false;
    const found = local.get(text) ?? this.use(text, span);
    if (found !== undefined) {
      this.findings.add(report.notAFunction(span, text, inWords(found.kind)));
      return false;
    }
    const known = [...functionNames, ...sourceFormats.keys(), ...this.definedFunctions()];
    this.findings.add(report.unknownFunction(span, text, nearNames(text, known)));
    return false;
  }

  private visitName(name: string, span: Span, local: ReadonlyMap<string, DeclaredName>): void {
    if (name === '') return;
    const parameter = local.get(name);
    if (parameter !== undefined) {
      this.uses.push([parameter, span]);
      return;
    }
    const found = this.use(name, span);
    if (found !== undefined) {
      if (found.kind === 'report') this.findings.add(report.reportedInExpression(span, name));
      this.mention(found);
      return;
    }
    const atom = functionNamed(name);
    if (atom !== undefined) {
      this.findings.add(report.functionWithoutArguments(span, name, atom.documentation.signature));
      return;
    }
    const candidates =
      this.unresolved.length < mostSuggested ? [...local.keys(), ...this.names.all.keys()] : [];
    this.unresolved.push({ name, span, candidates });
  }

  /**
   * Inside a `let` an index is that of the place where the `let` is used. Whether it has a value there,
   * the shape stage knows. Returns the parameters and indices of the file.
   */
  resolveIndices(): readonly DeclaredName[] {
    const parameters = this.visits.flatMap((visit) => visit.parameters);
    this.visited(() => {
      for (const { name, span, candidates } of this.unresolved) {
        const index = parameters.find((each) => each.kind === 'index' && each.name === name);
        if (index !== undefined) this.uses.push([index, span]);
        else this.findings.add(report.unknownName(span, name, nearNames(name, candidates)));
      }
    });
    return parameters;
  }

  private mention({ name, kind }: DeclaredName): void {
    if (kind === 'let' || kind === 'data') this.mentions.add(name);
  }

  private definedFunctions(): readonly string[] {
    return [...this.names.all.values()].filter(isFunction).map(({ name }) => name);
  }

  checkRecursion(): void {
    const mentions = new Map<string, ReadonlySet<string>>();
    for (const visit of this.visits)
      if (visit.owner !== undefined && visit.mentions.size > 0) mentions.set(visit.owner, visit.mentions);
    checkRecursion(this.names.all, mentions, this.findings);
  }

  /**
   * Unknowns are looked at with the objectives, which say more (checkOccurrence).
   * Not while a name is wrong or a part is not read: what seems unused may be meant there. */
  reportUnused(parameters: readonly DeclaredName[], uses: Uses): void {
    if (this.unread) return;
    if (this.findings.diagnostics.some(({ severity }) => severity === 'error')) return;
    for (const name of [...this.names.all.values(), ...parameters]) {
      if (isUsedBySelf(name.kind) || uses.has(name)) continue;
      this.findings.add(report.unusedName(name.declared, name.name, inWords(name.kind)));
    }
  }
}
