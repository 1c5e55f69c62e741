/**
 * The syntax tree of a .bilevel file. It says what was written and where, nothing about meaning.
 * A half-typed file still has a tree: what is missing is a `MissingExpression` or an absent field.
 * Parentheses are kept (`GroupExpression`) so that printing gives the text back.
 */
import type { Span } from '../base/span.ts';

export interface Name {
  readonly text: string;
  readonly span: Span;
}

export interface SyntaxTree {
  readonly span: Span;
  /** What was read; every span is a place in it. */
  readonly source: string;
  /** The text has syntax errors: what is not in the tree may be meant to be. */
  readonly incomplete?: boolean;
  readonly items: readonly Item[];
}

export type Item =
  | ProblemTitle
  | DataBlock
  | LevelBlock
  | SolveBlock
  | ExpectBlock
  | ReportBlock
  | LetDefinition;

/** `problem "title"` */
export interface ProblemTitle {
  readonly kind: 'problem';
  readonly span: Span;
  readonly title: string;
  readonly titleSpan: Span;
}

/** `data { X : matrix[n, d] = csv("…") … }`; lets may stand inside blocks too. */
export interface DataBlock {
  readonly kind: 'data';
  readonly span: Span;
  readonly keyword: Span;
  readonly declarations: readonly Declaration[];
  readonly lets: readonly LetDefinition[];
}

/** `name : type [in set] [= value]`: in `data` the value is the source, in a level the start. */
export interface Declaration {
  readonly span: Span;
  readonly name: Name;
  readonly type?: TypeExpression;
  readonly set?: Expression;
  readonly value?: Expression;
}

/** `scalar`, `vector[n]`, `matrix[m, n]`, `tensor[a, b, c]`, `labels[n, k]`; names checked later. */
export interface TypeExpression {
  readonly span: Span;
  readonly name: Name;
  readonly dimensions: readonly Expression[];
}

/** `upper { … }`, `lower { … }` or `lower each i in s { … }` */
export interface LevelBlock {
  readonly kind: 'upper' | 'lower';
  readonly span: Span;
  readonly keyword: Span;
  readonly each?: { readonly index: Name; readonly dimension: Name };
  readonly unknowns: readonly Declaration[];
  readonly lets: readonly LetDefinition[];
  readonly objectives: readonly Objective[];
}

/** `minimize expr`, `maximize expr`, `fixed_point name = expr` */
export interface Objective {
  readonly kind: 'minimize' | 'maximize' | 'fixed_point';
  readonly span: Span;
  readonly keyword: Span;
  readonly target?: Name;
  readonly expression: Expression;
}

/** `solve { lower = fista(tolerance = 0.1)  budget = 1000  sample n = 128 }` */
export interface SolveBlock {
  readonly kind: 'solve';
  readonly span: Span;
  readonly keyword: Span;
  readonly entries: readonly SolveEntry[];
}

export interface SolveEntry {
  readonly span: Span;
  readonly name: Name;
  /** The dimension of a `sample n = 128` entry; then `name.text` is `sample`. */
  readonly over?: Name;
  readonly value: Expression;
}

/** `expect { upper_objective <= 0.45 }` */
export interface ExpectBlock {
  readonly kind: 'expect';
  readonly span: Span;
  readonly keyword: Span;
  readonly relations: readonly Relation[];
}

export interface Relation {
  readonly span: Span;
  readonly left: Expression;
  readonly operator: '<=' | '>=' | '<' | '>' | '==';
  readonly operatorSpan: Span;
  readonly right: Expression;
}

/** `report { test = upper_objective with Xv = Xt, yv = yt }` */
export interface ReportBlock {
  readonly kind: 'report';
  readonly span: Span;
  readonly keyword: Span;
  readonly entries: readonly ReportEntry[];
}

export interface ReportEntry {
  readonly span: Span;
  readonly name: Name;
  readonly value: Expression;
  readonly substitutions: readonly { readonly name: Name; readonly value: Expression }[];
}

/** `let name = expr` or `let name(a, b) = expr` */
export interface LetDefinition {
  readonly kind: 'let';
  readonly span: Span;
  readonly keyword: Span;
  readonly name: Name;
  readonly parameters?: readonly Name[];
  readonly value: Expression;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '^' | '.*' | './' | '.^' | '&';

export type Expression =
  | NumberExpression
  | StringExpression
  | NameExpression
  | CallExpression
  | UnaryExpression
  | BinaryExpression
  | TransposeExpression
  | IndexExpression
  | RangeExpression
  | ListExpression
  | ComprehensionExpression
  | GroupExpression
  | MissingExpression;

export interface NumberExpression {
  readonly kind: 'number';
  readonly span: Span;
  readonly value: number;
  readonly text: string;
}
export interface StringExpression {
  readonly kind: 'string';
  readonly span: Span;
  readonly value: string;
}
export interface NameExpression {
  readonly kind: 'name';
  readonly span: Span;
  readonly text: string;
}
/** `callee(a, option = b)`; the callee is always a plain name. */
export interface CallExpression {
  readonly kind: 'call';
  readonly span: Span;
  readonly callee: Name;
  readonly arguments: readonly Argument[];
}
export interface Argument {
  readonly span: Span;
  readonly name?: Name;
  readonly value: Expression;
}
export interface UnaryExpression {
  readonly kind: 'unary';
  readonly span: Span;
  readonly operator: '-' | '+';
  readonly operand: Expression;
}
export interface BinaryExpression {
  readonly kind: 'binary';
  readonly span: Span;
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expression;
  readonly right: Expression;
}
export interface TransposeExpression {
  readonly kind: 'transpose';
  readonly span: Span;
  readonly operand: Expression;
}
/** `x[i]`, `A[i, :]`, `A[1..k, :]` */
export interface IndexExpression {
  readonly kind: 'index';
  readonly span: Span;
  readonly base: Expression;
  readonly subscripts: readonly Subscript[];
}
export type Subscript =
  | { readonly kind: 'all'; readonly span: Span }
  | { readonly kind: 'expression'; readonly span: Span; readonly value: Expression };
/** `1..k`, both ends included, 1-based */
export interface RangeExpression {
  readonly kind: 'range';
  readonly span: Span;
  readonly from: Expression;
  readonly to: Expression;
}
/** `[a, b, c]`: a box in a set position, a list of columns in a source. */
export interface ListExpression {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly Expression[];
}
/** `sum(i in s, body)`, `mean(i in s, body)` */
export interface ComprehensionExpression {
  readonly kind: 'comprehension';
  readonly span: Span;
  readonly callee: Name;
  readonly index: Name;
  readonly dimension: Name;
  readonly body: Expression;
}
export interface GroupExpression {
  readonly kind: 'group';
  readonly span: Span;
  readonly inner: Expression;
}
/** Stands where an expression was expected and none could be read. */
export interface MissingExpression {
  readonly kind: 'missing';
  readonly span: Span;
}
