/**
 * Random texts for the syntax tests, from a seed: whole programs that use every construct in odd
 * layouts, and edits of a text. The same seed gives the same texts on every machine.
 */

/** Mulberry32; returns numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const names = [
  'x',
  'X',
  'θ',
  'λ₁',
  'w_2',
  'data',
  'upper',
  'lower',
  'minimize',
  'let',
  'each',
  'sample',
  '𝛼',
  'in_',
];
/** At the beginning of a line these always begin a statement, so expressions do without them. */
const expressionNames = names.filter((name) => name !== 'minimize' && name !== 'let');
const plainNames = names.filter((name) => !['minimize', 'let', 'data', 'upper', 'lower'].includes(name));
const operators = ['+', '-', '*', '/', '.*', './', '^', '.^'];

export class RandomProgram {
  private readonly random: () => number;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  integer(below: number): number {
    return Math.floor(this.random() * below);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.integer(items.length)] as T;
  }

  /** Optional white space that never joins or parts statements. */
  private gap(): string {
    return this.pick(['', ' ', ' ', '  ']);
  }

  name(): string {
    return this.pick(names);
  }

  expression(depth = 4): string {
    if (depth <= 0 || this.random() < 0.25) {
      return this.pick([
        this.pick(expressionNames),
        this.pick(expressionNames),
        '1',
        '2.5',
        '.5',
        '1e-4',
        '300',
        '"a b"',
        '2.',
      ]);
    }
    const inner = (): string => this.expression(depth - 1);
    switch (this.integer(11)) {
      case 0:
        return `(${this.gap()}${inner()}${this.gap()})`;
      case 1:
        return `-${this.gap()}${inner()}`;
      case 2:
        return `${this.pick(plainNames)}(${inner()}${this.gap()},${this.gap()}${this.pick(plainNames)} = ${inner()})`;
      case 3:
        return `${this.pick(['sum', 'mean'])}(i in s,${this.gap()}${inner()})`;
      case 4:
        return `${this.pick(expressionNames)}${this.pick(["'", "''", ''])}[${inner()}, :]`;
      case 5:
        return `[${inner()},${inner()}]`;
      case 6:
        return `(${inner()})'`;
      case 7:
        return `f()`;
      case 8:
        return `(1..${this.pick(plainNames)})`;
      default: {
        const operator = this.pick(operators);
        // A space keeps `1` and `.*` apart from `1.` and `*`, and a broken line stays one statement.
        const joint = this.random() < 0.1 ? ` ${operator}\n      ` : ` ${operator}${this.gap()}`;
        return `${inner()}${joint}${inner()}`;
      }
    }
  }

  private comment(): string {
    return this.random() < 0.2 ? `${this.gap()}# note ${this.integer(9)}` : '';
  }

  private type(): string {
    return this.pick(['scalar', 'vector[n]', 'matrix[n,d + 1]', 'tensor[a, b, 2*c]', 'labels[ n , 10 ]']);
  }

  private declaration(): string {
    const set = this.pick(['', '', ' in [lo, 4]', ' in nonneg', ' in ball(r)&nonneg']);
    const start = this.random() < 0.6 ? `${this.gap()}=${this.gap()}${this.expression()}` : '';
    return `${this.name()}${this.gap()}:${this.gap()}${this.type()}${set}${start}`;
  }

  private let(): string {
    return `let ${this.name()}${this.pick(['', '(a)', '(a, b)', '()'])} = ${this.expression()}`;
  }

  private statements(make: () => string): string {
    let text = this.comment();
    for (let count = this.integer(5); count > 0; count--) {
      text += `\n${this.pick(['', '\n', '\n\n', '  # own line\n'])}${this.gap()}${make()}${this.comment()}`;
    }
    return `${text}\n`;
  }

  program(): string {
    const blocks = [
      () => `problem "a title"`,
      () => `data {${this.statements(() => (this.random() < 0.2 ? this.let() : this.declaration()))}}`,
      () =>
        `${this.pick(['upper', 'lower', 'lower each i in s'])}${this.gap()}{${this.statements(() =>
          this.pick([
            () => this.declaration(),
            () => this.let(),
            () => `minimize ${this.expression()}`,
            () => `maximize ${this.expression()}`,
            () => `fixed_point z = ${this.expression()}`,
          ])(),
        )}}`,
      () =>
        `solve {${this.statements(() =>
          this.random() < 0.3 ? `sample n = ${this.expression(1)}` : `${this.name()} = ${this.expression()}`,
        )}}`,
      () =>
        `expect {${this.statements(() => `${this.pick(plainNames)} ${this.pick(['<=', '>=', '<', '>', '=='])} ${this.expression(2)}`)}}`,
      () =>
        `report {${this.statements(
          () =>
            `${this.name()} = ${this.expression(2)}${this.pick(['', ` with a = ${this.expression(1)}, b = 2`])}`,
        )}}`,
      () => this.let(),
    ];
    let text = this.comment();
    for (let count = 1 + this.integer(6); count > 0; count--) {
      text += `${text === '' ? '' : this.pick(['\n', '\n\n', '\n\n\n'])}${this.pick(blocks)()}${this.comment()}`;
    }
    return text;
  }

  /** The text with a few insertions, deletions and replacements of code units or of whole words. */
  edited(text: string): string {
    let result = text;
    for (let count = 1 + this.integer(4); count > 0; count--) {
      const at = this.integer(result.length + 1);
      const length = this.pick([0, 0, 1, 2, 10, 60]);
      result = result.slice(0, at) + this.pick(pieces) + result.slice(at + length);
    }
    return result;
  }
}

const pieces = [
  ...[
    '',
    '',
    '',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '#',
    ':',
    ',',
    '=',
    '..',
    '.*',
    '.',
    '^',
    '-',
    '<=',
    '&',
  ],
  ...[
    '\n',
    '\r\n',
    '\r',
    ' ',
    '\t',
    '\u0000',
    '\uFEFF',
    '\uD83D',
    '\uDE00',
    '😀',
    'θ',
    '²',
    '\u2028',
    '×',
    ';',
  ],
  ...[
    ' in ',
    ' each ',
    ' with ',
    '\nlet ',
    '\nminimize ',
    ' upper {',
    '\nlower\n',
    '\nsample ',
    'x : ',
    'y = ',
    '3',
    'e',
    '_',
  ],
];
