/**
 * One author's hour: a text and its random edits, some by statements and tokens as people make them, some
 * by bytes as cats do, with undo. From a seed, so that every failure repeats.
 */
import { parse } from '../../server/src/syntax/parse.ts';
import { integerBelow, seeded } from './seeded.ts';
import type { Seeded } from './seeded.ts';

/** A text that grew longer begins anew, so that each edit costs about the same. */
const longest = 12_000;
const mostUndone = 6;

const oddities = [
  '\r\n',
  '\r',
  '\n',
  '\0',
  '\uFEFF',
  '\uD83D',
  '\uDE00',
  '😀',
  '𝛼',
  '\u2028',
  '"',
  "'",
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '#',
  '.T',
  '.sum()',
  '**',
  '//',
  '%',
  ';',
  '²',
  '×',
  '=',
  ':',
  ',',
  '..',
  '1e999',
  ' ',
  '\t',
];

/** Statements and parts of them with every construct, to be put anywhere. */
const statements = [
  'let q = 2',
  'let f(u) = sumsq(u) + q',
  'let f(u, v) = f(u, v)',
  'let twice = twice_2 + twice_2',
  'x : vector[d] = 0',
  'w : vector[n] in [-1, 1] = q',
  'z : matrix[n, d] in rows(ball(1)) & nonneg',
  'p : vector[d] in simplex',
  'A : matrix[n, d] = npy("a.npy")',
  'b : vector[n] = normal(0, 1, seed = 3)',
  'minimize sumsq(A * x - b) + 0.1 * sumsq(x)',
  'minimize mean(i in n, sumsq(x[i]))',
  'maximize sum(x)',
  'fixed_point x = tanh(0.5 * x)',
  'data {',
  'upper {',
  'lower {',
  'lower each i in n {',
  'solve { lower = fista(tolerance = 1e-6) budget = 100 }',
  'solve { sample n = 16 }',
  'expect { upper_objective <= 0.5 }',
  'report { test = upper_objective with A = A }',
  'problem "Another title"',
  '}',
  '# a comment',
];

export class RandomEdits {
  text: string;
  private readonly random: Seeded;
  private readonly texts: readonly string[];
  private readonly undo: string[] = [];

  /** `texts`: where files and statements are taken from. */
  constructor(seed: number, texts: readonly string[]) {
    this.random = seeded(seed);
    this.texts = texts;
    this.text = this.pick(texts);
  }

  integer(below: number): number {
    return integerBelow(this.random, below);
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.integer(items.length)] as T;
  }

  /** The text after one more edit. */
  next(): string {
    const { text } = this;
    if (text.length > longest || text.trim() === '') return this.begin();
    if (this.undo.length > 0 && this.integer(6) === 0) {
      this.text = this.undo.pop() as string;
      return this.text;
    }
    this.undo.push(text);
    if (this.undo.length > mostUndone) this.undo.shift();
    this.text = this.edited(text);
    return this.text;
  }

  private begin(): string {
    this.undo.length = 0;
    this.text = this.pick(this.texts);
    return this.text;
  }

  private edited(text: string): string {
    const at = this.integer(text.length + 1);
    switch (this.integer(14)) {
      case 0:
        return text.slice(0, at) + this.pick(oddities) + text.slice(at);
      case 1:
        return text.slice(0, at) + text.slice(at + 1 + this.integer(3));
      case 2:
        return text.slice(0, at) + text.slice(at + this.integer(60));
      case 3:
        return `${text.slice(0, at)}\n${this.pick(statements)}\n${text.slice(at)}`;
      case 4:
        return this.pick([
          text.replaceAll('\n', '\r\n'),
          text.replaceAll('\r\n', '\n'),
          this.pick(this.texts),
          text + this.pick(this.texts),
        ]);
      case 5:
      case 6:
      case 7:
        return this.withStatements(text);
      case 8:
        return this.renamed(text);
      default:
        return this.withToken(text);
    }
  }

  /** A statement deleted, doubled, moved, or taken from another text. */
  private withStatements(text: string): string {
    const starts = [...parse(text).starts, text.length];
    const index = this.integer(starts.length - 1);
    const [from, to] = [starts[index] ?? 0, starts[index + 1] ?? text.length];
    const statement = text.slice(from, to);
    const target = this.pick(starts);
    const put = (into: string, at: number, what: string): string => into.slice(0, at) + what + into.slice(at);
    switch (this.integer(5)) {
      case 0:
        return text.slice(0, from) + text.slice(to);
      case 1:
        return put(text, from, statement);
      case 2:
        return put(text, target, statement);
      case 3: {
        const rest = text.slice(0, from) + text.slice(to);
        return put(rest, target > from ? Math.max(0, target - statement.length) : target, statement);
      }
      default: {
        const other = this.pick(this.texts);
        const places = [...parse(other).starts, other.length];
        const taken = this.integer(places.length - 1);
        return put(text, target, `${other.slice(places[taken], places[taken + 1]).trimEnd()}\n`);
      }
    }
  }

  /** A token replaced by another of the file, deleted, or doubled. */
  private withToken(text: string): string {
    const { tokens } = parse(text);
    if (tokens.length === 0) return text;
    // Numbers are what people try out, and sizes follow from them.
    const numbers = tokens.filter(({ kind }) => kind === 'number');
    const { span } = this.pick(numbers.length > 0 && this.integer(3) === 0 ? numbers : tokens);
    const other = this.pick(tokens).span;
    const by = this.pick([
      '',
      text.slice(other.start, other.end),
      text.slice(other.start, other.end),
      `${text.slice(span.start, span.end)} ${text.slice(span.start, span.end)}`,
      `${1 + this.integer(9)}`,
      'unknown',
      this.pick(oddities),
    ]);
    return text.slice(0, span.start) + by + text.slice(span.end);
  }

  /** A name replaced by another, everywhere. */
  private renamed(text: string): string {
    const names = [...new Set(text.match(/[\p{L}_][\p{L}\d_]*/gu) ?? [])];
    if (names.length === 0) return text;
    const old = this.pick(names);
    const by = this.integer(2) === 0 ? this.pick(names) : `${old}_2`;
    return text.replaceAll(new RegExp(`(?<![\\p{L}\\d_])${old}(?![\\p{L}\\d_])`, 'gu'), () => by);
  }
}
