/**
 * What each name in the expressions of a file means, once all are declared: every statement is gone through, or what
 * that found in the version before is taken over (visits.ts).
 */
import type { Span } from '../../base/span.ts';
import { cover } from '../../base/span.ts';
import { functionNamed, functionNames } from '../../atoms/index.ts';
import type {
  Declaration,
  Expression,
  LetDefinition,
  LevelBlock,
  Name,
  Relation,
  ReportEntry,
  SyntaxTree,
} from '../../syntax/tree.ts';
import { isTextArgument, mentionsIn } from './mentions.ts';
import { sourceFormats } from '../blocks/source-formats.ts';
import * as report from '../diagnostics.ts';
import type { Findings } from '../facts.ts';
import { nearNames } from '../../base/near-names.ts';
import { inWords, isCallable, isFunction } from './kinds.ts';
import { namesOfResults, partsOf, resultsIn, sideOf } from '../blocks/results.ts';
import { checkRecursion, isPartOf } from './recursion.ts';
import { childrenOf } from '../syntax-walk.ts';
import type { Visit, VisitMemory } from './visits.ts';
import type { WatchedMap } from '../memory/watched-map.ts';
import type { DeclaredName } from './resolve.ts';

const nothingLocal: ReadonlyMap<string, DeclaredName> = new Map();

/** Suggestions cost the product of the names; who has so many unknown ones has another mistake. */
const mostSuggested = 100;

export class NameVisitor {
  readonly visits: Visit[] = [];
  private readonly names: WatchedMap<DeclaredName>;
  private readonly findings: Findings;
  private readonly memory: VisitMemory;
  /** Of the statement that is being gone through. */
  private uses: (readonly [string | DeclaredName, Span])[] = [];
  private mentions = new Set<string>();
  private parameters: DeclaredName[] = [];
  /** Names that nothing declares where they stand. */
  private readonly unresolved: {
    readonly name: string;
    readonly span: Span;
    /** What is declared for the place. */
    readonly local: readonly string[];
  }[] = [];

  constructor(names: WatchedMap<DeclaredName>, findings: Findings, memory: VisitMemory) {
    this.names = names;
    this.findings = findings;
    this.memory = memory;
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
      if (each === undefined && this.isTakenOver(objective)) continue;
      const { target, expression } = objective;
      const work = (): void => {
        // Whether it is an unknown of the level is looked at with the fixed point.
        if (target !== undefined) this.use(target.text, target.span);
        this.visitExpression(expression, local);
      };
      if (each === undefined) this.visitToKeep(objective, undefined, work);
      else this.visited(work);
    }
  }

  /** What going through the statement found in the version before is found again. */
  private isTakenOver(statement: object): boolean {
    const before = this.memory.visit(statement);
    if (before !== undefined) this.visits.push(before);
    return before !== undefined;
  }

  private visitToKeep(statement: object, name: Name | undefined, work: () => void): void {
    const { attempts } = this.findings;
    const unresolved = this.unresolved.length;
    const asked = new Map<string, DeclaredName | undefined>();
    this.names.watch(asked);
    const visit = this.visited(work, this.isOf(name, statement) ? name?.text : undefined);
    this.names.watch(undefined);
    // What was wrong has to be told again.
    const isClean = this.findings.attempts === attempts && this.unresolved.length === unresolved;
    if (isClean) this.memory.keep(statement, visit, asked);
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
    const visit = {
      uses,
      used,
      mentions: [...mentions],
      parameters,
      ...(owner === undefined ? {} : { owner }),
    };
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
    if (local.size === 0 && this.isTakenOver(declaration)) return;
    const { name, type, set, value } = declaration;
    const work = (): void => {
      for (const dimension of type?.dimensions ?? []) this.visitTypeDimension(dimension);
      if (set !== undefined) this.visitSet(set);
      // A promise of data may be made of the data.
      this.mentions.clear();
      if (value !== undefined && value.kind !== 'number') this.visitExpression(value, local);
    };
    if (local.size === 0) this.visitToKeep(declaration, name, work);
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
    if (this.isTakenOver(definition)) return;
    const { name, parameters = [], value } = definition;
    this.visitToKeep(definition, name, () => {
      const local = new Map<string, DeclaredName>();
      for (const { text, span } of parameters) {
        if (text === '') continue;
        // In the body a parameter goes before a name of the file.
        const before = local.get(text);
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
    this.unresolved.push({ name, span, local: [...local.keys()] });
  }

  /**
   * Inside a `let` an index is that of the place where the `let` is used. Whether it has a value there,
   * the shape stage knows. Returns the parameters and indices of the file.
   */
  resolveIndices(): readonly DeclaredName[] {
    const parameters = this.visits.flatMap((visit) => visit.parameters);
    if (this.unresolved.length === 0) return parameters;
    const known = [...this.names.all.keys()];
    this.visited(() => {
      for (const [at, { name, span, local }] of this.unresolved.entries()) {
        const index = parameters.find((each) => each.kind === 'index' && each.name === name);
        const near = (): string[] => (at < mostSuggested ? nearNames(name, local.concat(known)) : []);
        if (index !== undefined) this.uses.push([index, span]);
        else this.findings.add(report.unknownName(span, name, near()));
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
    const mentions = new Map<string, readonly string[]>();
    for (const visit of this.visits)
      if (visit.owner !== undefined && visit.mentions.length > 0) mentions.set(visit.owner, visit.mentions);
    const { memory, findings } = this;
    const { attempts } = findings;
    const isClear = memory.mentions !== undefined && isPartOf(mentions, memory.mentions);
    if (!isClear) checkRecursion(this.names, mentions, findings);
    memory.mentions = findings.attempts === attempts ? mentions : undefined;
  }
}
