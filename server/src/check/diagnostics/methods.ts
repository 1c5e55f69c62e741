/** `solve`, `expect` and settings from outside. */
import type { RelatedPlace } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import { define, near, quoted } from './define.ts';

export const unknownEntry = define(
  'unknown-entry',
  'error',
  'an entry that `solve` does not have',
  (span, name: string, candidates: readonly string[], known: readonly string[]) => ({
    message: `\`solve\` has no entry \`${name}\``,
    ...near(span, candidates, `the entries are ${quoted(known)}`),
  }),
);
export const unknownMethod = define(
  'unknown-method',
  'error',
  'a method that does not exist for this entry',
  (
    span,
    name: string,
    axis: string,
    candidates: readonly string[],
    known: readonly string[],
    place?: string,
  ) => ({
    message: `there is no ${axis} method \`${name}\``,
    ...(place === undefined ? {} : { reason: `\`${name}\` solves linear systems: \`${place}\`` }),
    ...near(span, candidates, `choose one of ${quoted(known)}`),
  }),
);
export const methodDoesNotFit = define(
  'method-does-not-fit',
  'error',
  'a method for another kind of lower level',
  (_span, name: string, is: string, fitting: readonly string[]) => ({
    message: `\`${name}\` does not fit this lower level, which is ${is}`,
    remedy: `choose one of ${quoted(fitting)}`,
  }),
);
export const methodNeeded = define(
  'method-needed',
  'error',
  'something else where a method must stand',
  (_span, axis: string, known: readonly string[]) => ({
    message: `\`${axis}\` takes a method`,
    remedy: `choose one of ${quoted(known)}`,
  }),
);
export const unknownOption = define(
  'unknown-option',
  'error',
  'an option that the method does not have',
  (span, name: string, method: string, candidates: readonly string[], known: readonly string[]) => ({
    message: `\`${method}\` has no option \`${name}\``,
    ...near(span, candidates, known.length === 0 ? 'it has no options' : `its options are ${quoted(known)}`),
  }),
);
export const optionWithoutName = define(
  'option-without-name',
  'error',
  'an option given by its place',
  (_span, method: string, signature: string) => ({
    message: `\`${method}\` takes its options by name`,
    remedy: `its form is \`${signature}\``,
  }),
);
export const duplicateEntry = define(
  'duplicate-entry',
  'error',
  'an entry or option given twice',
  (_span, name: string, first: Span) => ({
    message: `\`${name}\` is given twice`,
    remedy: 'keep one',
    related: [{ span: first, message: 'the first is here' }],
  }),
);
export const optionValue = define(
  'option-value',
  'error',
  'an option with a value it cannot take',
  (_span, name: string, wanted: string, usual: string) => ({
    message: `\`${name}\` must be ${wanted}`,
    remedy: `correct it, or leave it out: then it is ${usual}`,
  }),
);
export const unknownQuantity = define(
  'unknown-quantity',
  'error',
  'an expectation of something that no result has',
  (span, name: string, candidates: readonly string[], known: readonly string[]) => ({
    message: `no result is called \`${name}\``,
    ...near(span, candidates, `the results are ${quoted(known.slice(0, 8))} … (the reference lists all)`),
  }),
);
export const badExpectation = define(
  'bad-expectation',
  'error',
  'an expectation that is no comparison of results and numbers',
  (_span, because?: string) => ({
    message: 'an expectation compares results with numbers, or with each other',
    reason:
      because ??
      'each side is made of names of results and of numbers known before the run, by `+ - * / ^`, `abs` and `sqrt`, and one of the sides has a result',
    remedy:
      'write for example `upper_objective <= 0.45` or `hypergradient_error <= 0.1 * hypergradient_norm`',
  }),
);
export const adjustment = define(
  'adjustment',
  'error',
  'a setting from outside that does not apply',
  (_span, message: string, remedy: string) => ({ message, remedy }),
);

// Reported values

export const reportedInExpression = define(
  'reported-in-expression',
  'error',
  'a reported value in an expression',
  (_span, name: string) => ({
    message: `\`${name}\` is a reported value, which an expression cannot use`,
    reason: 'reported values are evaluated at the end; only `expect` compares them',
    remedy: 'write what it stands for, or give that a name with `let`',
  }),
);
export const notWithOtherData = define(
  'not-with-other-data',
  'error',
  'a result that cannot be evaluated with other data',
  (_span, name: string) => ({
    message: `\`${name}\` belongs to the run and cannot be had with other data`,
    reason: 'with other data there are `upper_objective`, `lower_objective` and expressions',
    remedy: 'leave `with` out, or run once more with the other data',
  }),
);
export const notReplaceable = define(
  'not-replaceable',
  'error',
  'something replaced that is neither data nor an upper unknown',
  (_span, name: string, is: string) => ({
    message: `\`${name}\` is ${is}, and only data arrays and upper unknowns can be replaced`,
    remedy: 'name the data array that it is made of',
  }),
);
export const replacementShape = define(
  'replacement-shape',
  'error',
  'a replacement that does not have the shape of what it replaces',
  (
    _span,
    name: string,
    wanted: string,
    given: string,
    reason: string | undefined,
    related: readonly RelatedPlace[],
  ) => ({
    message: `\`${name}\` is ${wanted}, and this is ${given}`,
    reason,
    remedy: 'replace an array by one with as many axes; sizes that data gives may differ, others may not',
    related,
  }),
);
export const replacementDoesNotFit = define(
  'replacement-does-not-fit',
  'error',
  'replacements with which the levels make no sense',
  (_span, message: string, reason: string | undefined, related: readonly RelatedPlace[]) => ({
    message: `with these replacements ${message}`,
    reason,
    remedy: 'replace the other arrays of this size too',
    related,
  }),
);
export const arrayExpected = define(
  'array-expected',
  'error',
  'an expectation of an array',
  (_span, name: string, shape: string) => ({
    message: `\`${name}\` is ${shape}, and only numbers are compared`,
    remedy: 'report a number made of it, such as its `max`, `norm2` or an entry',
  }),
);

// Minibatches

export const sampleTooLarge = define(
  'sample-too-large',
  'error',
  'a minibatch of more rows than there are',
  (_span, dimension: string, size: number, rows: number) => ({
    message: `a minibatch of ${size} rows over \`${dimension}\`, which has ${rows}`,
    remedy: 'sample fewer rows, or leave the entry out to use all of them',
  }),
);
export const nothingToSample = define(
  'nothing-to-sample',
  'error',
  'minibatches over a dimension that no objective uses',
  (_span, dimension: string) => ({
    message: `no objective has an array over \`${dimension}\``,
    remedy: 'sample the dimension whose rows the objectives take the mean of',
  }),
);
export const sampledSum = define(
  'sampled-sum',
  'error',
  'minibatches of a sum that is not divided by the number of rows',
  (_span, dimension: string, term: string) => ({
    message: `\`${term}\` is a sum over \`${dimension}\` and no mean`,
    reason: 'some of the rows estimate a mean of terms of single rows; a sum grows with their number',
    remedy: `divide it by \`${dimension}\`, or write \`mean\``,
  }),
);
export const sampledCoupling = define(
  'sampled-coupling',
  'error',
  'minibatches of an objective that is no mean of terms of single rows',
  (_span, dimension: string, expression: string, why: string) => ({
    message: `\`${expression}\` is no mean over \`${dimension}\` of terms of single rows`,
    reason: why,
    remedy: `write the objective as a mean over \`${dimension}\` plus terms without it, or leave \`sample\` out`,
  }),
);
export const sampleUsesAllRows = define(
  'sample-uses-all-rows',
  'information',
  'minibatches that this version does not take',
  (_span, dimension: string, size: number, arrays: readonly string[]) => ({
    message: `minibatches of ${size} rows would be of ${quoted(arrays)}; this version uses all rows over \`${dimension}\``,
    reason: 'the objectives are means over it, as minibatches need; the stochastic methods are not there yet',
  }),
);
export const givenConstantsClash = define(
  'given-constants-clash',
  'warning',
  'a given strong convexity above the given smoothness',
  (_span, mu: number, L: number, place: Span) => ({
    message: `the given mu = ${mu} is above the given L = ${L}`,
    reason:
      'no second derivative is below mu and none above L, so mu is at most L; the bounds that rest on the two do not hold',
    remedy: 'exchange the two, or leave out the one that is not known',
    related: [{ span: place, message: '`L` is given here' }],
  }),
);
