/**
 * Syntax errors: every code and every wording, in one place, so that the statement reader and the
 * parser speak with one voice. Messages name what was written, never the parser's own words.
 */

export interface SyntaxProblem {
  readonly code: SyntaxCode;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly message: string;
  readonly reason?: string;
  readonly remedy?: string;
  /** Another place that explains it, such as the bracket that was opened. */
  readonly related?: { readonly start: number; readonly end: number; readonly message: string };
  /** An edit that mends it. */
  readonly fix?: SyntaxFix;
}

export interface SyntaxFix {
  readonly title: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly replacement: string;
}

/** Every syntax code with what it means; the reference lists them and the tests provoke each. */
export const syntaxCodes = {
  'syntax-character': 'a character that belongs to no token',
  'syntax-unterminated-text': 'text whose closing quote is missing',
  'syntax-missing-expression': 'an expression was expected',
  'syntax-missing-operator': 'two expressions stand side by side',
  'syntax-missing-type': 'a declaration without its type',
  'syntax-missing-value': 'an entry without `=`',
  'syntax-missing-brace': 'a block without its `{`',
  'syntax-unclosed': 'a bracket that is never closed',
  'syntax-unopened': 'a closing bracket that closes nothing',
  'syntax-unknown-block': 'a block that the language does not have',
  'syntax-unknown-statement': 'a statement that the language does not have',
  'syntax-misplaced-statement': 'a statement in a block where it cannot stand',
  'syntax-expected': 'something particular was expected, something else was found',
  'syntax-number': 'a number beyond the range of floating point',
  'syntax-too-deep': 'an expression nested deeper than the limit',
} as const;

export type SyntaxCode = keyof typeof syntaxCodes;

/** The rule that each code stands for and what to do, where a problem says nothing closer. */
export const syntaxAdvice: Readonly<
  Record<SyntaxCode, { readonly reason: string; readonly remedy: string }>
> = {
  'syntax-character': {
    reason: 'the language has names, numbers, text in double quotes, and a few operators and brackets',
    remedy: 'remove it or write it otherwise',
  },
  'syntax-unterminated-text': {
    reason: 'text ends on the line on which it begins',
    remedy: 'close it with `"`',
  },
  'syntax-missing-expression': {
    reason: 'the statement ends, or something else follows, where a value must stand',
    remedy: 'write a name, a number, text, `(…)` or `[…]` there',
  },
  'syntax-missing-operator': {
    reason: 'a product is written with `*` or `.*`, arguments are parted by `,`',
    remedy: 'write what joins the two',
  },
  'syntax-missing-type': {
    reason: 'a declaration reads `name : type`, for example `w : vector[d]`',
    remedy: 'write a type after `:`',
  },
  'syntax-missing-value': { reason: 'an entry reads `name = value`', remedy: 'write `=` and a value' },
  'syntax-missing-brace': {
    reason: 'the statements of a block stand between `{` and `}`',
    remedy: 'open the block with `{`',
  },
  'syntax-unclosed': {
    reason: 'the statement or the file ends before it is closed',
    remedy: 'write the closing bracket',
  },
  'syntax-unopened': {
    reason: 'there is no bracket before it that it could close',
    remedy: 'remove it, or open the bracket',
  },
  'syntax-unknown-block': {
    reason: 'a block begins with its name and `{`',
    remedy: 'write the name of a block there',
  },
  'syntax-unknown-statement': {
    reason: 'every statement begins with a keyword or with `name :`',
    remedy: 'write a statement of this block, or remove it',
  },
  'syntax-misplaced-statement': {
    reason: 'each block has its own statements',
    remedy: 'move it to a block where it can stand',
  },
  'syntax-expected': {
    reason: 'the grammar has something else at this place',
    remedy: 'write what is expected, or remove what is there',
  },
  'syntax-number': {
    reason: 'numbers are double-precision: 5e-324 to 1.8e308 in size',
    remedy: 'write a number in that range',
  },
  'syntax-too-deep': {
    reason: 'the depth is limited, so that no stage runs out of stack',
    remedy: 'give parts of it a name with `let`',
  },
};

/** Characters that people type or paste for the language's own; `''` means: leave it out. */
export const lookAlikes: ReadonlyMap<string, { readonly write: string; readonly why: string }> = new Map([
  [';', { write: '', why: 'statements need no terminator' }],
  ['×', { write: '*', why: 'products are written `*` (matrix) or `.*` (elementwise)' }],
  ['·', { write: '*', why: 'products are written `*` (matrix) or `.*` (elementwise)' }],
  ['⋅', { write: '*', why: 'products are written `*` (matrix) or `.*` (elementwise)' }],
  ['∙', { write: '*', why: 'products are written `*` (matrix) or `.*` (elementwise)' }],
  ['⊙', { write: '.*', why: 'the elementwise product is written `.*`' }],
  ['÷', { write: '/', why: 'division is written `/`' }],
  ['−', { write: '-', why: 'minus is the ASCII hyphen' }],
  ['–', { write: '-', why: 'minus is the ASCII hyphen' }],
  ['≤', { write: '<=', why: 'comparisons are written in ASCII' }],
  ['≥', { write: '>=', why: 'comparisons are written in ASCII' }],
  ['∈', { write: 'in', why: 'membership is written `in`' }],
  ['∩', { write: '&', why: 'intersections are written `&`' }],
  ['…', { write: '..', why: 'ranges are written `a..b`' }],
  ['“', { write: '"', why: 'text stands in straight double quotes' }],
  ['”', { write: '"', why: 'text stands in straight double quotes' }],
  ['⁻', { write: '^-', why: 'powers are written `^`' }],
  ['²', { write: '^2', why: 'powers are written `^`, elementwise `.^`' }],
  ['³', { write: '^3', why: 'powers are written `^`, elementwise `.^`' }],
]);

/** Characters that mean something elsewhere and that no one character stands for here. */
const insteadOf: ReadonlyMap<string, string> = new Map([
  ['|', 'write `abs(x)` for the size of numbers, `norm2(x)` for that of a vector, `sumsq(x)` for its square'],
  [
    '\\',
    'there is no division from the left: write `solve(A, b)` for A⁻¹ b, or let the lower level minimise `sumsq(A * x - b)`',
  ],
  ['‖', 'write `norm2(x)`, or `sumsq(x)` for its square'],
  ['∑', 'write `sum(x)`, or `sum(i in n, …)` over an index'],
  ['Σ', 'write `sum(x)`, or `sum(i in n, …)` over an index'],
  ['√', 'write `sqrt(x)`'],
  ['∇', 'there are no derivatives in a file: what is minimised is written, and derived'],
]);

/** Problem for a character that begins no token. */
export function unknownCharacter(character: string, start: number): SyntaxProblem {
  const end = start + character.length;
  const known = lookAlikes.get(character);
  if (known !== undefined) {
    const title = known.write === '' ? `remove \`${character}\`` : `write \`${known.write}\``;
    return {
      code: 'syntax-character',
      start,
      end,
      message: `\`${character}\` is not part of the language`,
      reason: known.why,
      remedy: title,
      fix: { title, start, end, replacement: known.write },
    };
  }
  if (character === "'") {
    return {
      code: 'syntax-character',
      start,
      end,
      message: "this `'` transposes nothing",
      reason: "`'` stands directly after a name, a number, `)`, `]` or another `'`, without a space",
      remedy: 'put it after what it transposes; text is written in double quotes',
    };
  }
  const remedy = insteadOf.get(character);
  if (remedy !== undefined) {
    return { code: 'syntax-character', start, end, message: `unexpected \`${character}\``, remedy };
  }
  const code = character.codePointAt(0) ?? 0;
  const visible = code > 32 && !(code >= 0xd800 && code <= 0xdfff) && code !== 127;
  const shown = visible
    ? `\`${character}\``
    : `the character U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return {
    code: 'syntax-character',
    start,
    end,
    message: `unexpected ${shown}`,
    remedy: 'remove it',
    fix: { title: 'remove it', start, end, replacement: '' },
  };
}

/** The candidate that a word begins, or that is close enough for the word to be a slip of the keyboard. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best = word.length >= 3 ? candidates.find((candidate) => candidate.startsWith(word)) : undefined;
  let least = best === undefined ? Infinity : 1;
  for (const candidate of candidates) {
    // Longer words may differ more: one slip in three letters, two from five on, three from nine on.
    const allowed = candidate.length < 5 ? 1 : candidate.length < 9 ? 2 : 3;
    if (Math.abs(candidate.length - word.length) > allowed) continue;
    const distance = editDistance(word.toLowerCase(), candidate);
    if (distance <= allowed && distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (previous[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** `` `a`, `b` or `c` `` */
export function either(words: readonly string[]): string {
  const quoted = words.map((word) => `\`${word}\``);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}
