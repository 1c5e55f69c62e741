/**
 * Slips that the statement reader recognises at the beginning of a block or statement: misspelt and
 * foreign words, `upper:` for `upper {`, `b vector[n]` without its `:`, `budget 100` without its `=`, a
 * title without quotes. Each is one problem, with the edit that mends it where one does.
 */
import type { IToken } from 'chevrotain';
import type { StatementOutput } from './gaps.ts';
import { either } from './problems.ts';
import type { SyntaxProblem } from './problems.ts';
import { blockWords, foreignWords, statementForms, typeWords } from './statement-tables.ts';
import type { BlockKind } from './statement-tables.ts';
import type { TokenReader } from './token-reader.ts';
import * as t from './tokens.ts';

/** A word where a statement is due; `near` is the keyword that it may have meant. */
export function unknownStatement(token: IToken, block: BlockKind, near: string | undefined): SyntaxProblem {
  const problem = {
    code: 'syntax-unknown-statement',
    ...placeOf(token),
    message: `unknown statement \`${token.image}\``,
    reason: statementForms[block],
  } as const;
  if (near !== undefined) return meant(problem, token, near);
  const remedy = foreignWords.get(token.image);
  return remedy === undefined ? problem : { ...problem, remedy };
}

/** A word before `{` that names no block. */
export function unknownBlock(token: IToken, near: string | undefined): SyntaxProblem {
  const problem = {
    code: 'syntax-unknown-block',
    ...placeOf(token),
    message: `unknown block \`${token.image}\``,
  } as const;
  return near === undefined
    ? {
        ...problem,
        reason: `blocks are ${either(blockWords)}`,
        ...(constraintWords.has(token.image)
          ? { remedy: 'what restricts an unknown is its set, after its type: `x : vector[d] in [0, 1]`' }
          : {}),
      }
    : meant(problem, token, near);
}

/** Names of blocks of constraints elsewhere. */
const constraintWords = new Set(['constraints', 'subject_to', 'st', 's_t', 'bounds']);

function meant(problem: SyntaxProblem, token: IToken, near: string): SyntaxProblem {
  return {
    ...problem,
    message: `${problem.message}; did you mean \`${near}\`?`,
    fix: { title: `write \`${near}\``, ...placeOf(token), replacement: near },
  };
}

/** A block whose `{` is missing after `end`, or that has a `:` in its place. */
export function missingBrace(
  keyword: IToken,
  word: string,
  end: number,
  colon: IToken | undefined,
): SyntaxProblem {
  const found = colon === undefined ? '' : ', found `:`';
  return {
    code: 'syntax-missing-brace',
    ...placeOf(keyword),
    message: `expected \`{\` after \`${word}\`${found}`,
    remedy: 'open the block with `{`',
    fix:
      colon === undefined
        ? { title: 'insert `{`', start: end, end, replacement: ' {' }
        : { title: 'write `{`', start: end, end: t.endOf(colon), replacement: ' {' },
  };
}

/** Whether the word at `i` is followed on its line by the name of a type: a declaration without its `:`. */
export function beforeType(source: TokenReader, i: number): boolean {
  const next = source.tokens[i + 1];
  return next?.tokenType === t.Identifier && typeWords.has(next.image) && !source.isFirst(i + 1);
}

export function missingColon(name: IToken, type: IToken): SyntaxProblem {
  return {
    code: 'syntax-missing-type',
    ...placeOf(name),
    message: `expected \`:\` between \`${name.image}\` and its type \`${type.image}\``,
    reason: 'a declaration reads `name : type`, for example `w : vector[d]`',
    fix: { title: 'insert `:`', start: t.endOf(name), end: type.startOffset, replacement: ' : ' },
  };
}

/** An entry without `=`; `valued` when its value follows all the same. */
export function missingValue(name: IToken, block: BlockKind, valued: boolean): SyntaxProblem {
  const end = t.endOf(name);
  return {
    code: 'syntax-missing-value',
    ...placeOf(name),
    message: `expected \`=\`${valued ? '' : ' and a value'} after \`${name.image}\``,
    reason: statementForms[block],
    ...(valued ? { fix: { title: 'insert `=`', start: end, end, replacement: ' =' } } : {}),
  };
}

/** `problem Ridge regression`: the rest of the line is the title; returns the index after it. */
export function bareTitle(source: TokenReader, from: number, out: StatementOutput): number | undefined {
  const first = source.tokens[from];
  if (first?.tokenType !== t.Identifier || source.isFirst(from)) return undefined;
  let next = from + 1;
  while (next < source.tokens.length && !source.isFirst(next)) next++;
  const start = first.startOffset;
  const end = t.endOf(source.tokens[next - 1] as IToken);
  const image = source.text.slice(start, end);
  source.problems.push({
    code: 'syntax-expected',
    start,
    end,
    message: 'the title of a problem stands in double quotes',
    reason: 'a title is text, and text is written in double quotes',
    fix: { title: 'write double quotes', start, end, replacement: `"${image.replaceAll('"', '')}"` },
  });
  out.push({ ...t.emptyToken(t.StringLiteral, start), image });
  return next;
}

/** A statement in a block that has none of its kind; `place`: the word of the block, absent outside of all. */
export function misplacedStatement(
  token: IToken,
  isDeclaration: boolean,
  place: string | undefined,
): SyntaxProblem {
  const what = isDeclaration ? `the declaration of \`${token.image}\`` : `\`${token.image}\``;
  const where = place === undefined ? 'outside a block' : `in \`${place}\``;
  return {
    code: 'syntax-misplaced-statement',
    ...placeOf(token),
    message: `${what} cannot stand ${where}`,
    remedy: isDeclaration
      ? 'move it into `data`, `upper` or `lower`'
      : token.image === 'let'
        ? 'move it out of this block'
        : 'move it into `upper` or `lower`',
  };
}

/** A `{` outside of all blocks that no word stands before. */
export function namelessBlock(token: IToken): SyntaxProblem {
  return {
    code: 'syntax-unknown-block',
    ...placeOf(token),
    message: 'expected the name of a block before `{`',
    reason: `blocks are ${either(blockWords)}`,
  };
}

/** What stands between the head of a block, the first of the tokens, and its `{`. */
export function wordsBeforeBrace([head, ...words]: readonly IToken[]): SyntaxProblem {
  const [first] = words as [IToken];
  return {
    code: 'syntax-expected',
    start: first.startOffset,
    end: t.endOf(words.at(-1) as IToken),
    message: `expected \`{\` after \`${head?.image ?? ''}\`, found ${t.quote(first)}`,
  };
}

/** A `{` inside a block. */
export function strayBrace(token: IToken): SyntaxProblem {
  return {
    code: 'syntax-expected',
    ...placeOf(token),
    message: 'unexpected `{`',
    reason: 'braces only enclose the statements of a block',
    fix: { title: 'remove `{`', ...placeOf(token), replacement: '' },
  };
}

/** `budget: 100`. */
export function colonForEquals(entry: IToken, colon: IToken, block: BlockKind): SyntaxProblem {
  return {
    code: 'syntax-missing-value',
    ...placeOf(colon),
    message: `expected \`=\` after \`${entry.image}\`, found \`:\``,
    reason: statementForms[block],
    fix: { title: 'write `=`', ...placeOf(colon), replacement: ' =' },
  };
}

/** A `}` outside of all blocks. */
export function unopenedBrace(token: IToken): SyntaxProblem {
  return {
    code: 'syntax-unopened',
    ...placeOf(token),
    message: 'this `}` closes nothing',
    remedy: 'remove it, or open its block',
    fix: { title: 'remove `}`', ...placeOf(token), replacement: '' },
  };
}

function placeOf(token: IToken): { readonly start: number; readonly end: number } {
  return { start: token.startOffset, end: t.endOf(token) };
}
