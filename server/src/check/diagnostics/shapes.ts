/** Types, dimensions, shapes, arguments and labels. */
import type { Fix, RelatedPlace } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import { define, near, quoted } from './define.ts';

export const unknownType = define(
  'unknown-type',
  'error',
  'a type that does not exist',
  (span, name: string, candidates: readonly string[]) => ({
    message: `there is no type \`${name}\``,
    ...near(
      span,
      candidates,
      'the types are scalar, vector[n], matrix[m, n], tensor[a, b, …] and labels[n, k]',
    ),
  }),
);
export const typeArity = define(
  'type-arity',
  'error',
  'a type with too few or too many dimensions',
  (_span, name: string, wanted: string, given: number) => ({
    message: `\`${name}\` takes ${wanted}, not ${given}`,
    remedy: 'write scalar, vector[n], matrix[m, n], tensor[a, b, c] or labels[n, k]',
  }),
);
export const badDimension = define(
  'bad-dimension',
  'error',
  'a dimension that is no positive whole number, name, sum or product',
  (_span, words: string) => ({
    message: words,
    reason: 'a dimension is a positive whole number, a name, or a sum or product of those',
    remedy: 'write a whole number from 1, or a name that a data file or a `let` gives a size',
  }),
);
export const unboundDimension = define(
  'unbound-dimension',
  'error',
  'a dimension whose size nothing gives',
  (span, name: string, candidates: readonly string[]) => ({
    message: `nothing gives the size of the dimension \`${name}\``,
    reason: 'data files and `let` bind dimensions',
    ...near(span, candidates, `use it in the type of a data array, or write \`let ${name} = 10\``),
  }),
);
export const dimensionClash = define(
  'dimension-clash',
  'error',
  'one dimension with two sizes',
  (_span, name: string, here: string, there: string, place: Span) => ({
    message: `the dimension \`${name}\` is ${here} here, but ${there}`,
    remedy: 'give one of the two another name, or choose rows and columns that agree',
    related: [{ span: place, message: `\`${name}\` is bound here` }],
  }),
);
export const dimensionCoincidence = define(
  'dimension-coincidence',
  'warning',
  'two dimensions that only happen to be equal',
  (_span, words: string, related: readonly RelatedPlace[]) => ({
    message: `these shapes fit only because ${words}`,
    remedy: 'use one name for both where they are meant to be equal',
    related,
  }),
);
export const ambiguousSpreading = define(
  'ambiguous-spreading',
  'warning',
  'a vector that would fit the rows of a square matrix as well as its columns',
  (_span, matrix: string, isProduct: boolean, fixes: readonly Fix[]) => ({
    message: `the entries of this vector meet the columns of ${matrix}, not its rows`,
    reason:
      'axes are aligned from the last one, so that entry j stands with column j; the matrix is square, and the rows may be meant',
    remedy: `write the vector as a row, \`v'\`, if the columns are meant; for the rows write ${isProduct ? '`diag(v) * A`' : "`(A' + v')'`"}`,
    fixes,
  }),
);
export const shapeMismatch = define(
  'shape-mismatch',
  'error',
  'shapes that do not fit',
  (
    _span,
    problem: string,
    reason: string | undefined,
    remedy: string | undefined,
    related: readonly RelatedPlace[],
    fixes: readonly Fix[],
  ) => ({ message: problem, reason, remedy, related, fixes }),
);
export const declaredShape = define(
  'declared-shape',
  'error',
  'a value whose shape is not the declared one',
  (
    _span,
    name: string,
    declared: string,
    given: string,
    reason: string | undefined,
    related: readonly RelatedPlace[],
  ) => ({
    message: `\`${name}\` is declared as ${declared}, but this is ${given}`,
    reason,
    remedy: 'change the declaration, or choose rows and columns that fit',
    related,
  }),
);
export const objectiveNotScalar = define(
  'objective-not-scalar',
  'error',
  'an objective that is not one number',
  (span, shape: string, text: string) => ({
    message: `an objective is one number, this is ${shape}`,
    remedy: 'take its `sum` or `mean`',
    fixes: ['sum', 'mean'].map((name) => ({
      title: `Take the ${name}`,
      span,
      replacement: `${name}(${text})`,
    })),
  }),
);
export const elementwisePower = define(
  'elementwise-power',
  'error',
  '`^` on an array',
  (_span, shape: string, operator: Span, matrix?: string) => ({
    message: `\`^\` is the power of a scalar, this is ${shape}`,
    reason: 'on arrays the power is taken entry by entry, with `.^`',
    remedy: matrix ?? 'write `.^`',
    fixes: [{ title: 'Write .^', span: operator, replacement: '.^' }],
  }),
);
export const elementwiseDivision = define(
  'elementwise-division',
  'error',
  '`/` by an array',
  (_span, shape: string, operator: Span) => ({
    message: `\`/\` divides by a scalar, this is ${shape}`,
    reason: 'entry by entry the quotient is `./`',
    remedy: 'write `./`',
    fixes: [{ title: 'Write ./', span: operator, replacement: './' }],
  }),
);
export const constantExponent = define(
  'constant-exponent',
  'error',
  'a power whose exponent is no number, of a base that need not be positive',
  (_span, range: string) => ({
    message: `the base of a power whose exponent is no number must be positive, but lies in ${range}`,
    reason: 'such a power is `exp(exponent * log(base))`',
    remedy: 'write a number as the exponent, or restrict the base, as in `in [0.01, 10]`',
  }),
);
export const divisionByZero = define('division-by-zero', 'error', 'a quotient with the divisor 0', () => ({
  message: 'this divides by 0',
  remedy: 'divide by something that is not 0',
}));
export const argumentCount = define(
  'argument-count',
  'error',
  'too few or too many arguments',
  (_span, name: string, wanted: string, given: number, signature: string, instead?: string) => ({
    message: `\`${name}\` takes ${wanted}, not ${given}`,
    remedy: instead ?? `its form is \`${signature}\``,
  }),
);
/** Options of other languages, and what to write for them. */
const foreignOptions: Readonly<Record<string, string>> = {
  dim: 'write `axis = 1` for the first axis, `axis = 2` for the second: axes are counted from 1',
  dims: 'write `axis = 1` for the first axis, `axis = 2` for the second: axes are counted from 1',
  keepdims: "no axis of length 1 stays: for one value a row write `(A' - mean(A, axis = 2))'`",
  keepdim: "no axis of length 1 stays: for one value a row write `(A' - mean(A, axis = 2))'`",
  ddof: 'the divisor is n; multiply by `n / (n - 1)` for the other one',
};

function optionRemedy(name: string, callee: string): { readonly remedy?: string } {
  if (name === 'axis' && callee === 'sumsq') {
    return { remedy: "write `sumsq_rows(A)` for one value a row, `sumsq_rows(A')` for one a column" };
  }
  const remedy = foreignOptions[name];
  return remedy === undefined ? {} : { remedy };
}

export const unknownArgument = define(
  'unknown-argument',
  'error',
  'an argument by a name that the function does not have',
  (span, name: string, callee: string, candidates: readonly string[], known: readonly string[]) => ({
    message: `\`${callee}\` has no argument called \`${name}\``,
    ...near(
      span,
      candidates,
      known.length === 0 ? 'its arguments have no names' : `its named arguments are ${quoted(known)}`,
    ),
    ...optionRemedy(name, callee),
  }),
);
export const numberNeeded = define(
  'number-needed',
  'error',
  'an argument that must be a number known before the run',
  (_span, what: string, wanted: string) => ({
    message: `${what} must be ${wanted}`,
    reason: 'it is needed before any data is read',
    remedy: 'write a number, or a `let` that is one',
  }),
);
export const unknownChoice = define(
  'unknown-choice',
  'error',
  'an option of a function with a value that it does not have',
  (span, option: string, choices: readonly string[], candidates: readonly string[]) => {
    const text = (choice: string): string => `"${choice}"`;
    return {
      message: `\`${option}\` is one of ${choices.map(text).join(', ')}`,
      ...near(span, candidates.map(text), `write \`${option} = ${text(choices[0] ?? '')}\``),
    };
  },
);
export const outsideDomain = define(
  'outside-domain',
  'error',
  'an argument for which the function is not defined',
  (_span, name: string, words: string, range: string) => ({
    message: `the argument of \`${name}\` must be ${words}, but lies in ${range}`,
    remedy: 'restrict or shift what stands in it',
  }),
);
export const domainNotProved = define(
  'domain-not-proved',
  'warning',
  'an argument that may leave the domain of the function',
  (_span, name: string, words: string, range: string, example: string | undefined) => ({
    message: `the argument of \`${name}\` must be ${words}; all that is known is that it lies in ${range}`,
    reason: `ranges are followed from the declared sets through the expression${
      example === undefined ? '' : `; for example, ${example}`
    }`,
    remedy: 'restrict the unknowns with `in [lo, hi]`, or use exp of a free unknown',
  }),
);
export const notLabels = define(
  'not-labels',
  'error',
  'class labels wanted, something else given',
  (_span, callee: string) => ({
    message: `\`${callee}\` takes class labels here`,
    reason: 'labels are whole numbers 0 to k−1 with a known number k of classes',
    remedy: 'declare the data as `labels[n, k]`',
  }),
);
export const labelClasses = define(
  'label-classes',
  'error',
  'labels with another number of classes than the scores',
  (
    _span,
    columns: string,
    classes: string,
    reason: string | undefined,
    related: readonly RelatedPlace[],
  ) => ({
    message: `the scores have ${columns} columns, the labels ${classes} classes`,
    reason: reason ?? 'column j of the scores belongs to class j',
    remedy: 'give one column of scores for each class',
    related,
  }),
);
export const labelsOnlyData = define('labels-only-data', 'error', 'an unknown declared as labels', () => ({
  message: 'labels are data; an unknown cannot be optimised over classes',
  remedy: 'declare it as a vector',
}));
export const badSubscript = define(
  'bad-subscript',
  'error',
  'a subscript that is no whole number, dimension or range',
  (_span, because?: string) => ({
    message: 'a subscript must be a whole number, a dimension, a range of those, or `:`',
    reason: because ?? 'which entries are meant, and how many, is known before any data is read',
    remedy: 'write for example `x[2]`, `x[n]`, `x[1..k]` with `let k = 10`, or `x[k + 1..n]`',
  }),
);
export const notADimension = define(
  'not-a-dimension',
  'error',
  'an index that runs over something that is no dimension',
  (span, name: string, candidates: readonly string[]) => ({
    message: `\`${name}\` is no dimension, and an index runs over a dimension`,
    reason:
      'the index goes from 1 to the size of the dimension, as in `sum(i in n, …)` with `X : matrix[n, d]`',
    ...near(span, candidates, `use \`${name}\` in the type of a data array, or write \`let ${name} = 10\``),
  }),
);
export const numberWithoutRows = define(
  'number-without-rows',
  'error',
  'rows counted by a number that is the size of no array',
  (_span, name: string) => ({
    message: `\`${name}\` is a number here, and no array has \`${name}\` rows`,
    reason: '`sample` takes some of the rows of arrays whose types have the name among their sizes',
    remedy: `write \`${name}\` in the type of the data, as in \`X : matrix[${name}, d]\`, or sample over a size of the data`,
  }),
);
export const notOverAnIndex = define(
  'not-over-an-index',
  'error',
  'a function that takes no index',
  (span, name: string, index: string) => ({
    message: `\`${name}\` takes no index`,
    reason: `\`sum(${index} in …, …)\`, \`mean(${index} in …, …)\` and \`stack(${index} in …, …)\` do`,
    ...near(
      span,
      ['sum', 'mean', 'stack'].filter((each) => each.startsWith(name.slice(0, 2))),
      `write \`sum\`, \`mean\` or \`stack\`, or apply \`${name}\` to a whole array`,
    ),
  }),
);
export const indexOutside = define(
  'index-outside',
  'error',
  'an index outside the sum or the level that it belongs to',
  (_span, name: string) => ({
    message: `the index \`${name}\` has no value here`,
    reason: 'an index lives inside the brackets of its `sum`, `mean` or `stack`, or in its `lower each`',
    remedy: `put this inside, as in \`sum(${name} in n, …)\``,
  }),
);
export const indexReversed = define(
  'index-reversed',
  'error',
  'an index and its dimension in the wrong order',
  (span, size: string, index: string) => ({
    message: `the index comes first: \`${index} in ${size}\``,
    reason: `\`${size}\` is a size, and \`${index}\` is what goes from 1 to it`,
    remedy: `write \`${index} in ${size}\``,
    fixes: [{ title: `Write ${index} in ${size}`, span, replacement: `${index} in ${size}` }],
  }),
);
export const indexOfSlice = define(
  'index-of-slice',
  'warning',
  "an entry of one problem's unknown where the whole is likely meant",
  (_span, name: string, index: string) => ({
    message: `\`${name}[${index}]\` is entry ${index} of one problem's \`${name}\``,
    reason: `inside \`lower each ${index} in …\` the unknown \`${name}\` is already that of problem ${index}`,
    remedy: `write \`${name}\` for the whole of it`,
  }),
);
export const indexInShape = define(
  'index-in-shape',
  'error',
  'a part whose size moves with an index',
  (_span, name: string) => ({
    message: `the size of this part changes with the index \`${name}\``,
    reason: 'every array has one shape, the same for each value of an index',
    remedy: `take a part of one length, as in \`x[${name}..${name} + 2]\``,
  }),
);
export const notAValue = define(
  'not-a-value',
  'error',
  'something that is no number or array in an expression',
  (_span, what: string, instead: string) => ({ message: `${what} is not a value`, remedy: instead }),
);
