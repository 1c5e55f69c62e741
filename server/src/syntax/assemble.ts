/** Puts the parts of a text together: statements into their blocks, blocks into the tree. */
import type { Span } from '../base/span.ts';
import type { StatementNode } from './build.ts';
import type { BlockHead, Part } from './part.ts';
import type {
  Declaration,
  Item,
  LetDefinition,
  Objective,
  ProblemTitle,
  Relation,
  ReportEntry,
  SolveEntry,
} from './tree.ts';

/** Statements of one block, by their kinds. */
class Statements {
  readonly declarations: Declaration[] = [];
  readonly lets: LetDefinition[] = [];
  readonly objectives: Objective[] = [];
  readonly solveEntries: SolveEntry[] = [];
  readonly relations: Relation[] = [];
  readonly reportEntries: ReportEntry[] = [];
  end = 0;

  add(kind: Part['kind'], node: StatementNode): void {
    this.end = Math.max(this.end, node.span.end);
    switch (kind) {
      case 'declaration':
        this.declarations.push(node as Declaration);
        break;
      case 'let':
        this.lets.push(node as LetDefinition);
        break;
      case 'objective':
        this.objectives.push(node as Objective);
        break;
      case 'solve-entry':
        this.solveEntries.push(node as SolveEntry);
        break;
      case 'relation':
        this.relations.push(node as Relation);
        break;
      case 'report-entry':
        this.reportEntries.push(node as ReportEntry);
        break;
      case 'problem':
      case 'head':
      case 'close':
        break;
    }
  }

  block(head: BlockHead, end: number): Item {
    const { kind, keyword, each } = head;
    const last = each?.dimension ?? each?.index;
    const span: Span = {
      start: keyword.start,
      end: Math.max(end, keyword.end, this.end, last?.span.end ?? 0),
    };
    const { declarations, lets, objectives } = this;
    switch (kind) {
      case 'data':
        return { kind, span, keyword, declarations, lets };
      case 'upper':
      case 'lower': {
        const over = each === undefined ? {} : { each };
        return { kind, span, keyword, ...over, unknowns: declarations, lets, objectives };
      }
      case 'solve':
        return { kind, span, keyword, entries: this.solveEntries };
      case 'expect':
        return { kind, span, keyword, relations: this.relations };
      case 'report':
        return { kind, span, keyword, entries: this.reportEntries };
    }
  }
}

/** The items of the file; each block reaches to its brace, or to its last statement where that is lost. */
export function assemble(parts: readonly Part[]): readonly Item[] {
  const items: Item[] = [];
  let head: BlockHead | undefined;
  let statements = new Statements();
  const close = (end: number): void => {
    if (head !== undefined) items.push(statements.block(head, end));
    head = undefined;
    statements = new Statements();
  };
  for (const part of parts) {
    if (part.kind === 'head') {
      close(0);
      ({ head } = part);
    } else if (part.kind === 'close') {
      close(part.span.end);
    } else if (part.node !== undefined) {
      if (head === undefined) items.push(part.node as ProblemTitle | LetDefinition);
      else statements.add(part.kind, part.node);
    }
  }
  close(0);
  return items;
}
