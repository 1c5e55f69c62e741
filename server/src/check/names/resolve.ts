/**
 * Names: which blocks and names a file declares, what each name in an expression means, what is
 * declared twice, what is never used. One namespace for the whole file: no shadowing, no order.
 * Invariant: later stages never meet a name that is not resolved here, and report none themselves.
 */
import type { Span } from '../../base/span.ts';
import type {
  Declaration,
  LetDefinition,
  LevelBlock,
  Name,
  NameExpression,
  SolveBlock,
  ExpectBlock,
  DataBlock,
  ReportBlock,
  SyntaxTree,
  TypeExpression,
} from '../../syntax/tree.ts';
import * as report from '../diagnostics.ts';
import type { Findings, NameKind } from '../facts.ts';
import { perObject } from '../../base/per-object.ts';
import { inWords, isUsedBySelf } from './kinds.ts';
import { childrenOf } from '../syntax-walk.ts';
import type { VisitMemory } from './visits.ts';
import { Uses } from './visits.ts';
import { NameVisitor } from './visitor.ts';
import { WatchedMap } from '../memory/watched-map.ts';

export interface DeclaredName {
  readonly name: string;
  readonly kind: NameKind;
  readonly declared: Span;
  readonly declaration?: Declaration;
  readonly definition?: LetDefinition;
  /** Of an index: the dimension that it runs over. */
  readonly over?: string;
  /** Of a `let`: it takes part in a circle of definitions. */
  readonly recursive?: boolean;
  /** Of an array: the types of data use the name as a dimension, which is reported. */
  readonly clashes?: boolean;
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

export interface Scope {
  readonly blocks: Blocks;
  readonly names: WatchedMap<DeclaredName>;
  /** Parameters of lets and indices are names of their own, visible in one body only. */
  readonly parameters: readonly DeclaredName[];
  readonly uses: Uses;
}

/** Declares and resolves every name of the tree; reports into `findings`. */
export function resolve(tree: SyntaxTree, findings: Findings, memory: VisitMemory): Scope {
  const collector = new Collector(findings, memory);
  const blocks = collector.collect(tree);
  const { names } = collector;
  memory.begin(names.all);
  const visitor = new NameVisitor(names, findings, memory);
  visitor.visit(tree);
  const parameters = visitor.resolveIndices();
  visitor.checkRecursion();
  const uses = new Uses(visitor.visits, names.all);
  const scope = { blocks, names, parameters, uses };
  // In a half-written file most names are not used yet.
  const { upper, lower } = blocks;
  const whole = (level?: LevelBlock): boolean => (level?.objectives.length ?? 0) > 0;
  if (tree.incomplete !== true && whole(upper) && whole(lower)) reportUnused(scope, findings);
  return scope;
}

/**
 * Unknowns are looked at with the objectives, which say more (checkOccurrence).
 * Not while a name is wrong: what seems unused may be meant there.
 */
function reportUnused({ names, parameters, uses }: Scope, findings: Findings): void {
  if (findings.diagnostics.some(({ severity }) => severity === 'error')) return;
  const look = (name: DeclaredName): void => {
    if (isUsedBySelf(name.kind) || uses.has(name)) return;
    findings.add(report.unusedName(name.declared, name.name, inWords(name.kind)));
  };
  names.all.forEach(look);
  parameters.forEach(look);
}

/** The names in a type, in the order of the text. */
const dimensionNames = perObject((type: TypeExpression): readonly NameExpression[] =>
  type.dimensions.flatMap(function names(expression): readonly NameExpression[] {
    return expression.kind === 'name' ? [expression] : childrenOf(expression).flatMap(names);
  }),
);

class Collector {
  readonly names = new WatchedMap<DeclaredName>();
  private readonly findings: Findings;
  private readonly memory: VisitMemory;

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
          for (const declaration of item.declarations)
            this.declareName(declaration.name, 'data', declaration);
          this.declareLets(item.lets);
          break;
        case 'upper':
        case 'lower': {
          const first = item.kind === 'upper' ? upper : lower;
          if (first !== undefined)
            twice(first, item.keyword, `${item.kind === 'upper' ? 'an upper' : 'a lower'} level`);
          else if (item.kind === 'upper') upper = item;
          else lower = item;
          for (const unknown of item.unknowns) this.declareName(unknown.name, item.kind, unknown);
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
          for (const { name } of item.entries) this.declareName(name, 'report');
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
    for (const definition of lets) this.declareName(definition.name, 'let', undefined, definition);
  }

  private declareName(
    { text, span }: Name,
    kind: NameKind,
    declaration?: Declaration,
    definition?: LetDefinition,
  ): void {
    if (text === '') return;
    const before = this.names.get(text);
    if (before === undefined)
      this.names.set(text, this.memory.declared(text, kind, span, declaration, definition));
    else this.findings.add(report.duplicateName(span, text, inWords(before.kind), before.declared));
  }

  /** The names in the types of data are dimensions, unless they are lets. */
  private declareDimensions({ type }: Declaration): void {
    if (type === undefined) return;
    for (const { text, span } of dimensionNames(type)) {
      const before = this.names.get(text);
      if (before === undefined) this.names.set(text, this.memory.declared(text, 'dimension', span));
      else if (before.kind !== 'dimension' && before.kind !== 'let' && before.clashes !== true) {
        this.names.set(text, { ...before, clashes: true });
        this.findings.add(report.duplicateName(span, text, inWords(before.kind), before.declared));
      }
    }
  }
}
