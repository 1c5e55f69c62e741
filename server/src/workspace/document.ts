/**
 * One open document: its text and version, and the stages of that text (tokens, tree, checked problem),
 * each computed once, when first asked for. A new version makes a new snapshot; a snapshot never changes,
 * except that its checked stage is computed anew after the data files did. What the stages of the newest
 * version are made of is taken over from the one before; an older snapshot that is still asked, such as
 * that of a run, computes its stages on its own. Positions count UTF-16 units.
 */
import type { Position, Range } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';
import { allDiagnostics } from '../check/all-diagnostics.ts';
import type { CheckResult } from '../check/check.ts';
import { check } from '../check/check.ts';
import type { DataSource } from '../atoms/expression.ts';
import type { Environment, HeaderAnswer } from '../check/environment.ts';
import { CheckMemory } from '../check/memory/check-memory.ts';
import type { ParseResult } from '../syntax/parse.ts';
import { parse, ParseMemory } from '../syntax/parse.ts';

/** What the versions of one text have in common. */
export class TextMemory {
  readonly parts = new ParseMemory();
  readonly types = new CheckMemory();
}

export class Snapshot {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  /** Absolute; undefined for a document that is no file on disk. */
  readonly path: string | undefined;
  private readonly content: TextDocument;
  private readonly environment: () => Environment;
  private memory: TextMemory;
  private syntax: ParseResult | undefined;
  private semantics: CheckResult | undefined;
  private all: readonly Diagnostic[] | undefined;

  constructor(
    content: TextDocument,
    path: string | undefined,
    environment: () => Environment,
    memory = new TextMemory(),
  ) {
    this.content = content;
    this.memory = memory;
    this.uri = content.uri;
    this.version = content.version;
    this.text = content.getText();
    this.path = path;
    this.environment = environment;
  }

  get parsed(): ParseResult {
    this.syntax ??= parse(this.text, this.memory.parts);
    return this.syntax;
  }

  get checked(): CheckResult {
    this.semantics ??= check(this.parsed.tree, this.environment(), this.memory.types);
    return this.semantics;
  }

  /** Of all stages, in the order of the text. */
  get diagnostics(): readonly Diagnostic[] {
    this.all ??= allDiagnostics(this.text, this.parsed, this.checked.diagnostics);
    return this.all;
  }

  /** What the header of a data file says, as the checker asks for it. */
  headerOf(source: DataSource): HeaderAnswer | undefined {
    return this.environment().header(source);
  }

  /** The same document with another text, to see what that would mean. */
  withText(text: string): Snapshot {
    const content = TextDocument.create(this.uri, this.content.languageId, this.version, text);
    return new Snapshot(content, this.path, this.environment);
  }

  /** There is a newer version, which takes over the parts of this one. */
  supersede(): void {
    this.memory = new TextMemory();
    this.syntax = undefined;
    this.forgetData();
  }

  /** Forgets what depended on data files. */
  forgetData(): void {
    this.semantics = undefined;
    this.all = undefined;
  }

  position(offset: number): Position {
    return this.content.positionAt(offset);
  }

  /** A position outside the text is moved to its nearest place. */
  offset(position: Position): number {
    return this.content.offsetAt(position);
  }

  range(span: Span): Range {
    return { start: this.position(span.start), end: this.position(span.end) };
  }

  span(range: Range): Span {
    return { start: this.offset(range.start), end: this.offset(range.end) };
  }

  slice(span: Span): string {
    return this.text.slice(span.start, span.end);
  }
}
