/**
 * The grammar of statements, as a chevrotain parser with error recovery; no semantics. Its input is one
 * piece (pieces.ts) of what the statement reader read, so brackets balance and keywords are decided; what
 * is left to recover from here is a statement with something missing or something too much. An expression is kept as a
 * flat list of operands and operators: precedence is a table (`bindings`) that the tree builder
 * reads, which keeps the parser small and its concrete tree shallow. Invariant: one token of
 * lookahead decides everything.
 */
import { CstParser, EOF } from 'chevrotain';
import type { CstNode, IParserErrorMessageProvider, IToken, TokenType } from 'chevrotain';
import type { StatementKind } from './pieces.ts';
import type { SyntaxProblem } from './problems.ts';
import * as t from './tokens.ts';

/** How tightly a binary operator holds its operands; `right` ones group from the right. */
export interface Binding {
  readonly strength: number;
  readonly right: boolean;
}

/** Loosest to tightest; unary `-` stands between `*` and `^`. */
export const bindings: ReadonlyMap<TokenType, Binding> = new Map([
  [t.Ampersand, { strength: 1, right: false }],
  [t.DotDot, { strength: 2, right: false }],
  [t.Plus, { strength: 3, right: false }],
  [t.Minus, { strength: 3, right: false }],
  [t.Star, { strength: 4, right: false }],
  [t.Slash, { strength: 4, right: false }],
  [t.DotStar, { strength: 4, right: false }],
  [t.DotSlash, { strength: 4, right: false }],
  [t.Caret, { strength: 6, right: true }],
  [t.DotCaret, { strength: 6, right: true }],
]);
/** A sign takes everything that binds at least this tightly: `-a^2` is `-(a^2)`, `-a*b` is `(-a)*b`. */
export const signStrength = 5;

/** What is expected in a rule when its token is missing, and how it reads when right. */
const expectations: Readonly<Record<string, readonly [what: string, example: string]>> = {
  problem: ['the title in double quotes', ''],
  each: ['an index and its dimension', ', as in `each i in s`'],
  let: ['a name and `=`', ', as in `let k = 10`'],
  objective: ['a name and `=`', ', as in `fixed_point z = …`'],
};

const messages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage({ expected, actual, previous, ruleName }) {
    const found = shown(actual);
    // Braces and brackets balance by now: when one is expected, what stands there is too much.
    if (expected === t.RightBrace || expected === EOF) return `unexpected ${found}`;
    if (expected === t.RightParenthesis || expected === t.RightBracket) {
      return `expected \`,\` or ${label(expected)}, found ${found}`;
    }
    const [what, example] = expectations[ruleName] ?? [label(expected), ''];
    const after = previous.image === '' || previous.tokenType === EOF ? '' : ` after ${t.quote(previous)}`;
    return `expected ${what}${after}${example}${atEnd(actual) ? '' : `; found ${found}`}`;
  },
  buildNotAllInputParsedMessage({ firstRedundant }) {
    return `unexpected ${shown(firstRedundant)}`;
  },
  buildNoViableAltMessage({ actual }) {
    return `expected an expression, found ${shown(actual[0])}`;
  },
  buildEarlyExitMessage({ actual }) {
    return `expected more, found ${shown(actual[0])}`;
  },
};

function label(type: TokenType): string {
  return t.says.get(type) ?? type.name;
}
function shown(token: IToken | undefined): string {
  return token === undefined || atEnd(token) ? 'the end of the statement' : t.quote(token);
}
/** Whether the statement ends before this token; empty tokens close what was left open. */
function atEnd(token: IToken): boolean {
  return (
    token.tokenType === EOF ||
    token.tokenType === t.RightBrace ||
    token.image === '' ||
    token.payload === t.statementStart
  );
}

export class BilevelParser extends CstParser {
  /** `validate` looks for ambiguities in the grammar; a test does so, production need not. */
  constructor(validate: boolean) {
    super(t.vocabulary, {
      recoveryEnabled: true,
      maxLookahead: 1,
      nodeLocationTracking: 'none',
      errorMessageProvider: messages,
      skipValidations: !validate,
    });
    this.performSelfAnalysis();
  }

  /** Recovery by one token too many or too few stays within the statement. */
  protected override canTokenTypeBeDeletedInRecovery(): boolean {
    return !atEnd(this.LA(1)) && !atEnd(this.LA(2));
  }

  protected override canTokenTypeBeInsertedInRecovery(): boolean {
    return !atEnd(this.LA(1));
  }

  readonly problem = this.RULE('problem', () => {
    this.CONSUME(t.Problem, { LABEL: 'keyword' });
    this.CONSUME(t.Text, { LABEL: 'title' });
  });

  /** Of a level of many problems; the head of every other block is its keyword. */
  readonly levelHead = this.RULE('levelHead', () => {
    this.CONSUME(t.Lower, { LABEL: 'keyword' });
    this.SUBRULE(this.each);
    this.CONSUME(t.LeftBrace);
  });

  readonly each = this.RULE('each', () => {
    this.CONSUME(t.Each);
    this.CONSUME1(t.Identifier, { LABEL: 'index' });
    this.CONSUME(t.In);
    this.CONSUME2(t.Identifier, { LABEL: 'dimension' });
  });

  readonly solveEntry = this.RULE('solveEntry', () => {
    this.OPTION1(() => this.CONSUME(t.Sample));
    this.CONSUME(t.EntryName, { LABEL: 'name' });
    this.OPTION2(() => {
      this.CONSUME(t.Equals);
      this.SUBRULE(this.expression, { LABEL: 'value' });
    });
  });

  readonly relation = this.RULE('relation', () => {
    this.SUBRULE1(this.expression, { LABEL: 'left' });
    this.CONSUME(t.Comparison, { LABEL: 'operator' });
    this.SUBRULE2(this.expression, { LABEL: 'right' });
  });

  readonly reportEntry = this.RULE('reportEntry', () => {
    this.CONSUME(t.EntryName, { LABEL: 'name' });
    this.OPTION1(() => {
      this.CONSUME(t.Equals);
      this.SUBRULE(this.expression, { LABEL: 'value' });
    });
    this.OPTION2(() => {
      this.CONSUME(t.With);
      this.SUBRULE1(this.substitution);
      this.MANY(() => {
        this.CONSUME(t.Comma);
        this.SUBRULE2(this.substitution);
      });
    });
  });

  readonly substitution = this.RULE('substitution', () => {
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.CONSUME(t.Equals);
    this.SUBRULE(this.expression, { LABEL: 'value' });
  });

  readonly let = this.RULE('let', () => {
    this.CONSUME(t.Let, { LABEL: 'keyword' });
    this.CONSUME1(t.Identifier, { LABEL: 'name' });
    this.OPTION(() => {
      this.CONSUME(t.LeftParenthesis, { LABEL: 'open' });
      this.MANY_SEP({
        SEP: t.Comma,
        DEF: () => this.CONSUME2(t.Identifier, { LABEL: 'parameter' }),
      });
      this.CONSUME(t.RightParenthesis);
    });
    this.CONSUME(t.Equals);
    this.SUBRULE(this.expression, { LABEL: 'value' });
  });

  readonly declaration = this.RULE('declaration', () => {
    this.CONSUME(t.DeclarationName, { LABEL: 'name' });
    this.OPTION1(() => {
      this.CONSUME(t.Colon);
      this.OPTION2(() => this.SUBRULE(this.type));
    });
    this.OPTION3(() => {
      this.CONSUME(t.In);
      this.SUBRULE1(this.expression, { LABEL: 'set' });
    });
    this.OPTION4(() => {
      this.CONSUME(t.Equals);
      this.SUBRULE2(this.expression, { LABEL: 'value' });
    });
  });

  readonly type = this.RULE('type', () => {
    this.CONSUME(t.Identifier, { LABEL: 'name' });
    this.OPTION(() => {
      this.CONSUME(t.LeftBracket);
      this.AT_LEAST_ONE_SEP({
        SEP: t.Comma,
        DEF: () => this.SUBRULE(this.expression, { LABEL: 'dimension' }),
      });
      this.CONSUME(t.RightBracket, { LABEL: 'close' });
    });
  });

  readonly objective = this.RULE('objective', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Minimize, { LABEL: 'keyword' }) },
      { ALT: () => this.CONSUME(t.Maximize, { LABEL: 'keyword' }) },
      {
        ALT: () => {
          this.CONSUME(t.FixedPoint, { LABEL: 'keyword' });
          this.CONSUME(t.Identifier, { LABEL: 'target' });
          this.CONSUME(t.Equals);
        },
      },
    ]);
    this.SUBRULE(this.expression);
  });

  /** Operands with operators between; grouped afterwards by `bindings`. */
  readonly expression = this.RULE('expression', () => {
    this.SUBRULE1(this.operand);
    this.MANY(() => {
      this.CONSUME(t.BinaryOperator, { LABEL: 'operator' });
      this.SUBRULE2(this.operand);
    });
  });

  readonly operand = this.RULE('operand', () => {
    this.MANY1(() => this.CONSUME(t.Sign, { LABEL: 'sign' }));
    this.OR1([
      {
        ALT: () => {
          this.CONSUME(t.Identifier, { LABEL: 'atom' });
          this.OPTION(() => this.SUBRULE(this.call));
        },
      },
      { ALT: () => this.CONSUME(t.NumberLiteral, { LABEL: 'atom' }) },
      { ALT: () => this.CONSUME(t.Text, { LABEL: 'atom' }) },
      { ALT: () => this.SUBRULE(this.group) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.CONSUME(t.Missing, { LABEL: 'atom' }) },
    ]);
    this.MANY2(() =>
      this.OR2([
        { ALT: () => this.CONSUME(t.Transpose, { LABEL: 'transpose' }) },
        { ALT: () => this.SUBRULE(this.subscripts) },
      ]),
    );
  });

  readonly group = this.RULE('group', () => {
    this.CONSUME(t.LeftParenthesis, { LABEL: 'open' });
    this.SUBRULE(this.expression);
    this.CONSUME(t.RightParenthesis, { LABEL: 'close' });
  });

  readonly list = this.RULE('list', () => {
    this.CONSUME(t.LeftBracket, { LABEL: 'open' });
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
    this.CONSUME(t.RightBracket, { LABEL: 'close' });
  });

  readonly call = this.RULE('call', () => {
    this.CONSUME(t.LeftParenthesis, { LABEL: 'open' });
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.argument) });
    this.CONSUME(t.RightParenthesis, { LABEL: 'close' });
  });

  /** `value`, `name = value`, or `i in s` of a comprehension; the builder asks for plain names there. */
  readonly argument = this.RULE('argument', () => {
    this.SUBRULE1(this.expression);
    this.OPTION(() => {
      this.OR([
        { ALT: () => this.CONSUME(t.Equals, { LABEL: 'joint' }) },
        { ALT: () => this.CONSUME(t.In, { LABEL: 'joint' }) },
      ]);
      this.SUBRULE2(this.expression, { LABEL: 'value' });
    });
  });

  readonly subscripts = this.RULE('subscripts', () => {
    this.CONSUME(t.LeftBracket, { LABEL: 'open' });
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.subscript) });
    this.CONSUME(t.RightBracket, { LABEL: 'close' });
  });

  readonly subscript = this.RULE('subscript', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Colon, { LABEL: 'all' }) },
      { ALT: () => this.SUBRULE(this.expression) },
    ]);
  });
}

export interface Parsed {
  /** The concrete tree of the piece's rule; partial where errors were recovered from. */
  readonly cst: CstNode;
  /** All that is wrong, in no particular order. */
  readonly problems: readonly SyntaxProblem[];
}

/** What a comparison in an objective was meant for. */
const comparison = {
  reason: 'comparisons stand only in `expect`',
  remedy: 'what restricts an unknown is its set, after its type: `x : vector[d] in [0, 1]`',
};

/** A comparison among arguments or subscripts. */
const condition = {
  reason: 'comparisons stand only in `expect`, and there are no conditions on values',
  remedy:
    'write `maximum`, `minimum` or `clip`; rows of data are chosen where they are read, by `rows = 1..300`, or weighed by data of 0 and 1',
};

/** `0 <= a <= 1`, which mathematics reads as two. */
const secondComparison = {
  message: 'an expectation has one comparison',
  reason: 'each relation of `expect` compares two sides',
  remedy: 'write two relations, one a line: `upper_objective >= 0` and `upper_objective <= 1`',
};

let shared: BilevelParser | undefined;

const rules = {
  problem: 'problem',
  declaration: 'declaration',
  let: 'let',
  objective: 'objective',
  'solve-entry': 'solveEntry',
  relation: 'relation',
  'report-entry': 'reportEntry',
  head: 'levelHead',
} as const satisfies Readonly<Record<StatementKind | 'head', keyof BilevelParser>>;

/** Reads a statement, or the head of a level of many problems; never throws. */
export function parsePiece(kind: StatementKind | 'head', tokens: readonly IToken[]): Parsed {
  shared ??= new BilevelParser(false);
  shared.input = tokens as IToken[];
  const cst = withoutStackTraces(shared[rules[kind]].bind(shared));
  const problems: SyntaxProblem[] = [];
  for (const error of shared.errors) {
    const previous = 'previousToken' in error ? (error.previousToken as IToken | undefined) : undefined;
    const at = placeOf(error.token, previous);
    const isComparison = error.token.tokenType.CATEGORIES?.includes(t.Comparison) === true;
    problems.push({
      code: 'syntax-expected',
      ...at,
      message: error.message,
      ...(!isComparison
        ? {}
        : error.message.includes('`,` or')
          ? condition
          : kind === 'relation'
            ? secondComparison
            : comparison),
    });
  }
  shared.input = [];
  return { cst, problems };
}

/** Recovery throws and catches errors inside the parser; their traces, which nobody reads, would cost most of it. */
function withoutStackTraces<T>(read: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return read();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The token that is too much, or the one after which something is missing. */
function placeOf(token: IToken, previous: IToken | undefined): { start: number; end: number } {
  const missing = atEnd(token) && previous !== undefined && previous.tokenType !== EOF;
  const place = missing ? previous : token;
  if (place.tokenType === EOF || Number.isNaN(place.startOffset)) return { start: 0, end: 0 };
  return { start: place.startOffset, end: t.endOf(place) };
}
