/**
 * What the checker found out, for the editor: every name with its declaration and its uses, every
 * expression with its type, every call. All spans are of the checked text.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';
import type { ArraySymbol, DataSource, Expression } from '../atoms/expression.ts';
import type { Atom } from '../atoms/atom.ts';
import type { LetDefinition } from '../syntax/tree.ts';

export type NameKind = 'data' | 'upper' | 'lower' | 'let' | 'parameter' | 'dimension' | 'index' | 'report';

/** A declared name. A dimension is declared where it first stands in a type. */
export interface NameFact {
  readonly name: string;
  readonly kind: NameKind;
  readonly declared: Span;
  /** Without the declaration, in the order of the text. */
  readonly uses: readonly Span[];
  /** Of data and unknowns whose type could be read. */
  readonly symbol?: ArraySymbol;
  /** Of a `let`. */
  readonly definition?: LetDefinition;
  /** Of an index: the name of the dimension that it runs over. */
  readonly over?: string;
  /** Of a dimension or a constant `let`, where known. */
  readonly value?: number;
}

/** One expression of the text with its type; the body of a `let` is typed once for each use. */
export interface TypedSpan {
  readonly span: Span;
  readonly expression: Expression;
}

export interface CallFact {
  /** Of the name of the function. */
  readonly span: Span;
  readonly callee:
    | { readonly kind: 'atom'; readonly atom: Atom }
    | { readonly kind: 'source' | 'let'; readonly name: string };
}

export interface CheckFacts {
  readonly names: readonly NameFact[];
  readonly expressions: readonly TypedSpan[];
  readonly calls: readonly CallFact[];
  readonly sources: readonly { readonly span: Span; readonly source: DataSource }[];
}

/** The name whose declaration or use covers the offset. */
export function nameAt(facts: CheckFacts, offset: number): NameFact | undefined {
  const covers = (span: Span): boolean => span.start <= offset && offset <= span.end;
  return facts.names.find((name) => covers(name.declared) || name.uses.some(covers));
}

/** The `let` with parameters that a call of the name means: it goes before a function of the language. */
export function functionOf(facts: CheckFacts, name: string): NameFact | undefined {
  return facts.names.find((each) => each.name === name && each.definition?.parameters !== undefined);
}

const bySpan = new WeakMap<CheckFacts, ReadonlyMap<string, Expression>>();

/** The expression that is written at exactly this place; the first typing where a `let` has several. */
export function expressionOf(facts: CheckFacts, { start, end }: Span): Expression | undefined {
  let known = bySpan.get(facts);
  if (known === undefined) {
    const found = new Map<string, Expression>();
    for (const { span, expression } of facts.expressions) {
      const key = `${span.start} ${span.end}`;
      if (!found.has(key)) found.set(key, expression);
    }
    known = found;
    bySpan.set(facts, known);
  }
  return known.get(`${start} ${end}`);
}

/** The smallest typed expression that covers the offset; the first typing where a `let` has several. */
export function expressionAt(facts: CheckFacts, offset: number): TypedSpan | undefined {
  let best: TypedSpan | undefined;
  for (const typed of facts.expressions) {
    const { span } = typed;
    if (span.start > offset || offset > span.end) continue;
    if (best === undefined || span.end - span.start < best.span.end - best.span.start) best = typed;
  }
  return best;
}

/** What was found out of some part of the text. */
export type Facts = Pick<CheckFacts, 'expressions' | 'calls' | 'sources'>;

/** The facts of all pieces, in their order; each kind is listed when somebody asks for it. */
class Found implements Facts {
  private readonly pieces: readonly Facts[];
  private all: { -readonly [Kind in keyof Facts]?: Facts[Kind] } = {};

  constructor(pieces: readonly Facts[]) {
    this.pieces = pieces;
  }

  get expressions(): Facts['expressions'] {
    return (this.all.expressions ??= this.pieces.flatMap(({ expressions }) => expressions));
  }

  get calls(): Facts['calls'] {
    return (this.all.calls ??= this.pieces.flatMap(({ calls }) => calls));
  }

  get sources(): Facts['sources'] {
    return (this.all.sources ??= this.pieces.flatMap(({ sources }) => sources));
  }
}

/** Collects facts and diagnostics; equal diagnostics at one place are kept once. */
export class Findings {
  private expressions: TypedSpan[] = [];
  private calls: CallFact[] = [];
  private sources: { readonly span: Span; readonly source: DataSource }[] = [];
  /** Facts in the order in which they were found, but for the last ones. */
  private readonly pieces: Facts[] = [];
  /** How often something was to be said, also where it had been said before. */
  attempts = 0;
  private readonly found = new Map<string, Diagnostic>();

  add(diagnostic: Diagnostic): void {
    this.attempts++;
    const key = `${diagnostic.code} ${diagnostic.span.start} ${diagnostic.span.end}`;
    if (!this.found.has(key)) this.found.set(key, diagnostic);
  }

  addExpression(span: Span, expression: Expression): void {
    this.expressions.push({ span, expression });
  }

  addCall(span: Span, callee: CallFact['callee']): void {
    this.calls.push({ span, callee });
  }

  addSource(span: Span, source: DataSource): void {
    this.sources.push({ span, source });
  }

  /** Facts that were found before. */
  addFacts(facts: Facts): void {
    this.cut();
    this.pieces.push(facts);
  }

  /** The facts since the last cut, as one piece; undefined where there are none. */
  cut(): Facts | undefined {
    const { expressions, calls, sources } = this;
    if (expressions.length + calls.length + sources.length === 0) return undefined;
    const facts = { expressions, calls, sources };
    this.pieces.push(facts);
    this.expressions = [];
    this.calls = [];
    this.sources = [];
    return facts;
  }

  /** All facts, in the order in which they were found. */
  get facts(): Facts {
    this.cut();
    return new Found(this.pieces);
  }

  /** Each typed expression, in the order in which they were found. */
  forEachExpression(look: (typed: TypedSpan) => void): void {
    this.cut();
    for (const { expressions } of this.pieces) expressions.forEach(look);
  }

  get count(): number {
    return this.found.size;
  }

  /** In the order of the text. */
  get diagnostics(): readonly Diagnostic[] {
    return [...this.found.values()].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  }
}
