/**
 * The formatter. It goes over the tokens, so comments stay where they are: one statement a line, two
 * spaces of indentation in a block, at most one blank line, tables (`data`, `solve`, `report`) in
 * columns, comments after neighbouring statements in one column. Line breaks inside a statement are
 * the author's and stay. Invariants: idempotent; the tree before and after is the same; a text with
 * syntax errors is returned unchanged.
 */
import { parse } from './parse.ts';
import type { SyntaxToken } from './parse.ts';

export { printExpression } from './print-expression.ts';

/** One line of output: cells are padded to columns with those of neighbouring lines. */
interface Line {
  readonly indent: number;
  readonly cells: string[];
  /** The comment at its end, or '' . */
  comment: string;
  /** Only such lines share columns with their neighbours. */
  readonly table: boolean;
  /** Statements share a comment column with their neighbours; headers, braces and comments do not. */
  readonly statement: boolean;
}

const blank: Line = { indent: 0, cells: [], comment: '', table: false, statement: false };
const tables: ReadonlySet<string> = new Set(['data', 'solve', 'report']);
const continuation = 4;

/** The text in the standard layout; its line ends (LF or CRLF) are kept. */
export function format(text: string): string {
  const { diagnostics, tokens, starts } = parse(text);
  if (diagnostics.length > 0 || tokens.length === 0) return text;
  const lines = new Layout(text, tokens, new Set(starts)).read();
  alignTables(lines);
  alignComments(lines);
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  return mark + lines.map(printLine).join(end) + end;
}

class Layout {
  private readonly lines: Line[] = [];
  private inBlock = false;
  private table = false;
  private depth = 0;
  /** After the `=` of the statement. */
  private inValue = false;
  private inside = false;
  private line: Line | undefined;
  private previous: SyntaxToken | undefined;
  private beforePrevious: SyntaxToken | undefined;
  private readonly text: string;
  private readonly tokens: readonly SyntaxToken[];
  private readonly starts: ReadonlySet<number>;

  constructor(text: string, tokens: readonly SyntaxToken[], starts: ReadonlySet<number>) {
    this.text = text;
    this.tokens = tokens;
    this.starts = starts;
  }

  read(): Line[] {
    this.tokens.forEach((token, index) => {
      const breaks = this.breaksBefore(token);
      if (token.kind === 'comment') this.comment(token, index, breaks);
      else this.token(token, breaks);
      this.beforePrevious = this.previous;
      this.previous = token;
    });
    return this.lines;
  }

  private image(token: SyntaxToken): string {
    return this.text.slice(token.span.start, token.span.end);
  }

  private breaksBefore(token: SyntaxToken): number {
    let count = 0;
    for (let i = this.previous?.span.end ?? token.span.start; i < token.span.start; i++) {
      const code = this.text.charCodeAt(i);
      if (code === 10 || (code === 13 && this.text.charCodeAt(i + 1) !== 10)) count++;
    }
    return count;
  }

  private comment(token: SyntaxToken, index: number, breaks: number): void {
    const text = this.image(token).trimEnd();
    if (breaks === 0 && this.line !== undefined && this.line.comment === '') {
      this.line.comment = text;
      return;
    }
    const inside = this.line !== undefined && this.isInside(index);
    if (!inside) this.keepBlank(breaks);
    const indent = this.inBlock ? 2 : 0;
    this.push({ ...fresh(inside ? indent + continuation : indent), comment: text });
  }

  /** Whether a comment stands within a statement: what follows it goes on with one. */
  private isInside(index: number): boolean {
    if (this.previous?.kind === 'comment') return this.inside;
    let next = index + 1;
    while (this.tokens[next]?.kind === 'comment') next++;
    const token = this.tokens[next];
    this.inside = token !== undefined && !this.endsStatement(token);
    return this.inside;
  }

  private endsStatement(token: SyntaxToken): boolean {
    const image = this.image(token);
    return image === '}' || image === '{' || this.starts.has(token.span.start) || this.previousIs('{');
  }

  private previousIs(text: string): boolean {
    return this.previous !== undefined && this.image(this.previous) === text;
  }

  private token(token: SyntaxToken, breaks: number): void {
    const image = this.image(token);
    if (image === '}') {
      this.push(fresh(0)).cells.push('}');
      this.inBlock = false;
      return;
    }
    if (image === '{') {
      if (this.previous?.kind === 'comment') this.push(fresh(0)).cells.push('{');
      else this.append(' {', false);
      this.inBlock = true;
      return;
    }
    if (this.starts.has(token.span.start) || this.line === undefined) {
      this.beginStatement(token, image, breaks);
      return;
    }
    if (image === ')' || image === ']') this.depth--;
    // The signs of a declaration or an entry come before its value; `with X = Xt` is in the value.
    const column = this.depth === 0 && this.table && !this.inValue && (image === ':' || image === '=');
    if (column && image === '=') this.inValue = true;
    if (breaks > 0 || this.previous?.kind === 'comment') {
      this.push({ ...fresh((this.inBlock ? 2 : 0) + continuation), statement: true }).cells.push(image);
    } else {
      const space = this.spaceBefore(token, image) ? ' ' : '';
      if (column && this.line.table) this.line.cells.push(image);
      else this.append(space + image, false);
    }
    if (image === '(' || image === '[') this.depth++;
  }

  private beginStatement(token: SyntaxToken, image: string, breaks: number): void {
    this.keepBlank(breaks);
    this.depth = 0;
    this.inValue = false;
    const keyword = token.kind === 'keyword';
    if (!this.inBlock) this.table = tables.has(image) && keyword;
    const table = this.inBlock && this.table && image !== 'let';
    this.push({ ...fresh(this.inBlock ? 2 : 0), table, statement: this.inBlock }).cells.push(image);
  }

  private push(line: Line): Line {
    this.lines.push(line);
    this.line = line;
    return line;
  }

  private append(text: string, separate: boolean): void {
    const cells = this.line?.cells ?? [];
    if (cells.length === 0) cells.push('');
    cells[cells.length - 1] += (separate ? ' ' : '') + text;
  }

  /** One blank line where there were any, but not at the start of the file or of a block. */
  private keepBlank(breaks: number): void {
    if (breaks >= 2 && this.lines.length > 0 && !this.afterHeader()) this.lines.push(blank);
  }

  private afterHeader(): boolean {
    return (
      this.previousIs('{') ||
      (this.previous?.kind === 'comment' && this.line?.cells.at(-1)?.endsWith('{') === true)
    );
  }

  private spaceBefore(token: SyntaxToken, image: string): boolean {
    const previous = this.previous;
    if (previous === undefined) return false;
    const before = this.image(previous);
    const closes = endsOperand(previous, before);
    switch (image) {
      case ',':
      case ')':
      case ']':
        return false;
      case '..':
        // `2. .. 3`: without the space its point would belong to the range.
        return before.endsWith('.');
      case "'":
        return token.kind !== 'operator';
      case '(':
        if (previous.kind === 'name') return false;
        break;
      case '[':
        if (closes) return false;
        break;
      case ':':
        if (this.depth > 0) return before === ',';
        break;
    }
    if (before === '(' || before === '[' || before === '..') return false;
    if (before === '-' || before === '+') {
      // A sign when what is before it ends no operand.
      const base = this.beforePrevious;
      if (base === undefined || !endsOperand(base, this.image(base))) return false;
    }
    return true;
  }
}

function fresh(indent: number): Line {
  return { indent, cells: [], comment: '', table: false, statement: false };
}

function endsOperand(token: SyntaxToken, image: string): boolean {
  if (token.kind === 'name' || token.kind === 'number' || token.kind === 'string') return true;
  return image === ')' || image === ']' || image === "'";
}

/** Pads the cells of neighbouring table lines to common widths; the last cell of a line is free. */
function alignTables(lines: readonly Line[]): void {
  for (const run of runs(lines, (line) => line.table || isComment(line))) {
    const rows = run.filter((line) => line.table);
    const columns = Math.max(0, ...rows.map((line) => line.cells.length));
    for (let column = 0; column + 1 < columns; column++) {
      const padded = rows.filter((line) => line.cells.length > column + 1);
      const width = Math.max(...padded.map((line) => widthOf(line.cells[column] ?? '')));
      for (const line of padded) {
        const cell = line.cells[column] ?? '';
        line.cells[column] = cell + ' '.repeat(width - widthOf(cell));
      }
    }
  }
}

/** Puts the comments after neighbouring statements into one column. */
function alignComments(lines: readonly Line[]): void {
  for (const run of runs(lines, (line) => line.statement)) {
    const commented = run.filter((line) => line.comment !== '');
    const width = Math.max(0, ...commented.map((line) => widthOf(line.cells.join(' ')) + line.indent));
    for (const line of commented) {
      const last = line.cells.length - 1;
      const missing = width - widthOf(line.cells.join(' ')) - line.indent;
      line.cells[last] = (line.cells[last] ?? '') + ' '.repeat(missing);
    }
  }
}

function isComment(line: Line): boolean {
  return line.cells.length === 0 && line.comment !== '';
}

function runs(lines: readonly Line[], belongs: (line: Line) => boolean): Line[][] {
  const found: Line[][] = [];
  let run: Line[] = [];
  for (const line of lines) {
    if (belongs(line)) run.push(line);
    else if (run.length > 0) {
      found.push(run);
      run = [];
    }
  }
  if (run.length > 0) found.push(run);
  return found;
}

/** Columns by code points: names beyond the basic plane count once, combining marks not at all. */
function widthOf(text: string): number {
  return text.replace(/\p{M}/gu, '').replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g, '_').length;
}

function printLine(line: Line): string {
  const code = line.cells.join(' ');
  const gap = code !== '' && line.comment !== '' ? ' ' : '';
  const body = code + gap + line.comment;
  return body === '' ? '' : ' '.repeat(line.indent) + body.trimEnd();
}
