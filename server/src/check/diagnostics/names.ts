/** Names, blocks and constructs: what is missing, twice or unknown. */
import type { Span } from '../../base/span.ts';
import { define, near } from './define.ts';
import { foreignFunctions } from './foreign-functions.ts';

const unbounded =
  'there is no infinite number: write `in nonneg` for x ≥ 0, no set for all numbers, or a large end such as 1e6';

/** Constants of other languages. */
const constants: ReadonlyMap<string, string> = new Map([
  ['inf', unbounded],
  ['Inf', unbounded],
  ['Infinity', unbounded],
  ['infinity', unbounded],
  [
    'end',
    'the last entry has the number of the dimension: `x[d]` of a `vector[d]`, and `x[2..d]` from the second on',
  ],
  ['pi', 'write 3.141592653589793, or `let pi = 3.141592653589793`'],
  ['π', 'write 3.141592653589793, or `let π = 3.141592653589793`'],
]);

export const unknownName = define(
  'unknown-name',
  'error',
  'a name that nothing declares',
  (span, name: string, candidates: readonly string[]) => ({
    message: `nothing is called \`${name}\``,
    reason: 'every name is a data array, an unknown, a `let` or a dimension',
    ...near(
      span,
      candidates,
      constants.get(name) ?? `declare \`${name}\` in \`data\`, \`upper\` or \`lower\`, or with \`let\``,
    ),
  }),
);
export const unknownFunction = define(
  'unknown-function',
  'error',
  'a function that the language does not have',
  (span, name: string, candidates: readonly string[]) => ({
    message: `there is no function \`${name}\``,
    ...near(
      span,
      candidates,
      'the functions are listed in the language reference; `let f(a) = …` defines one',
    ),
    ...(foreignFunctions.has(name) ? { remedy: foreignFunctions.get(name)?.instead, fixes: [] } : {}),
  }),
);
export const functionWithoutArguments = define(
  'function-without-arguments',
  'error',
  'a function named without its arguments',
  (_span, name: string, signature: string) => ({
    message: `\`${name}\` is a function and needs its arguments`,
    remedy: `write it as \`${signature}\``,
  }),
);
export const notAFunction = define(
  'not-a-function',
  'error',
  'a name with arguments that is no function',
  (_span, name: string, is: string) => ({
    message: `\`${name}\` is ${is}, not a function`,
    remedy: `write \`*\` for a product, \`${name}[…]\` for an entry, or \`let ${name}(a) = …\` where a function is meant`,
  }),
);
export const duplicateName = define(
  'duplicate-name',
  'error',
  'a name declared twice; there is no shadowing',
  (_span, name: string, is: string, first: Span) => ({
    message: `\`${name}\` is already ${is}`,
    reason: 'a name means one thing in the whole file',
    remedy: 'rename one of the two',
    related: [{ span: first, message: `\`${name}\` is declared here` }],
  }),
);
export const reservedName = define(
  'reserved-name',
  'error',
  'a reported value that is called as a result is',
  (_span, name: string) => ({
    message: `\`${name}\` is the name of a result and cannot be that of a reported value`,
    reason: '`expect` compares results and reported values by their names, and would not know which is meant',
    remedy: 'choose another name',
  }),
);
export const duplicateBlock = define(
  'duplicate-block',
  'error',
  'a block written twice',
  (_span, block: string, first: Span) => ({
    message: `there is already ${block}`,
    remedy: 'join the two',
    related: [{ span: first, message: 'the first is here' }],
  }),
);
export const missingBlock = define(
  'missing-block',
  'error',
  'a file without `upper` or without `lower`',
  (_span, block: 'upper' | 'lower') => ({
    message: `there is no \`${block}\` block`,
    reason: 'a bilevel problem has an upper and a lower level',
    remedy: `add \`${block} { name : type  minimize … }\``,
  }),
);
export const missingUnknown = define(
  'missing-unknown',
  'error',
  'a level that declares no unknown',
  (_span, level: string) => ({
    message: `the ${level} level has no unknown`,
    remedy: 'declare one, for example `x : vector[d] = 0`',
  }),
);
export const missingObjective = define(
  'missing-objective',
  'error',
  'a level without an objective',
  (_span, level: string) => ({
    message: `the ${level} level has no objective`,
    remedy: 'add `minimize …`',
  }),
);
export const duplicateObjective = define(
  'duplicate-objective',
  'error',
  'a level with two objectives',
  (_span, level: string, first: Span) => ({
    message: `the ${level} level already has an objective`,
    remedy: 'add the two, each with its weight',
    related: [{ span: first, message: 'the first objective is here' }],
  }),
);
export const missingSource = define(
  'missing-source',
  'error',
  'data without a source',
  (_span, name: string) => ({
    message: `\`${name}\` has no source`,
    remedy: 'add `= csv("file.csv")`, `= npy("file.npy")`, `= zeros()` …',
  }),
);
/** A circle of many names, without its middle. */
function shortened(chain: readonly string[]): readonly string[] {
  return chain.length > 12 ? [...chain.slice(0, 6), '…', ...chain.slice(-5)] : chain;
}
export const recursion = define(
  'recursion',
  'error',
  'a `let` or data array that is defined by itself',
  (_span, chain: readonly string[]) => ({
    message: `\`${chain[0] ?? ''}\` is defined by itself: ${shortened(chain).join(' → ')}`,
    reason: 'definitions are put in place of their names, which must come to an end',
    remedy: 'break the circle',
  }),
);
export const tooLarge = define(
  'too-large',
  'error',
  'an expression that definitions put in place make too large',
  (_span, most: number) => ({
    message: `with its definitions put in place this has more than ${most} parts`,
    reason: 'a `let` that uses another one twice doubles it, and so on',
    remedy: 'use fewer definitions inside definitions',
  }),
);
export const nestedTooDeep = define(
  'nested-too-deep',
  'error',
  'definitions inside definitions that are nested too deep',
  (_span, most: number, what: 'definitions' | 'operations') => ({
    message: `with its definitions put in place this is more than ${most} ${what} deep`,
    reason: 'the depth is limited, so that no stage runs out of stack',
    remedy: 'let fewer definitions stand inside each other, or add up terms in groups',
  }),
);
export const unusedName = define(
  'unused-name',
  'hint',
  'a declared name that nothing uses',
  (_span, name: string, is: string) => ({
    message: `\`${name}\` is ${is} that nothing uses`,
    remedy: 'remove it, or use it',
  }),
);
