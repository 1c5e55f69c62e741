/**
 * Every code and message of the checker, one table. An entry gives its code, its severity, one line
 * for the list of codes, and the words: what is wrong, why, what to do, and the edits that mend it.
 * (Those of curvature and constants are in constants/diagnostics.ts, made by the same `define`.)
 */
import type { Diagnostic, Fix, RelatedPlace, Severity } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';

export interface Words {
  readonly message: string;
  readonly reason?: string | undefined;
  readonly remedy?: string | undefined;
  readonly related?: readonly RelatedPlace[] | undefined;
  readonly fixes?: readonly Fix[] | undefined;
}

export interface DiagnosticKind<Details extends readonly unknown[]> {
  (span: Span, ...details: Details): Diagnostic;
  readonly code: string;
  readonly severity: Severity;
  readonly summary: string;
}

export function define<Details extends readonly unknown[]>(
  code: string,
  severity: Severity,
  summary: string,
  words: (span: Span, ...details: Details) => Words,
): DiagnosticKind<Details> {
  const make = (span: Span, ...details: Details): Diagnostic => {
    const { message, reason, remedy, related, fixes } = words(span, ...details);
    return {
      code,
      severity,
      span,
      message,
      ...(reason === undefined ? {} : { reason }),
      ...(remedy === undefined ? {} : { remedy }),
      ...(related === undefined || related.length === 0 ? {} : { related }),
      ...(fixes === undefined || fixes.length === 0 ? {} : { fixes }),
    };
  };
  return Object.assign(make, { code, severity, summary });
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

/** "did you mean …" with one fix a candidate, or else the list of what there is. */
function near(span: Span, candidates: readonly string[], otherwise: string): Pick<Words, 'remedy' | 'fixes'> {
  if (candidates.length === 0) return { remedy: otherwise };
  return {
    remedy: `did you mean ${candidates.map((name) => `\`${name}\``).join(' or ')}?`,
    fixes: candidates.map((name) => ({ title: `Change to ${name}`, span, replacement: name })),
  };
}

// Names and blocks

export const unknownName = define(
  'unknown-name',
  'error',
  'a name that nothing declares',
  (span, name: string, candidates: readonly string[]) => ({
    message: `nothing is called \`${name}\``,
    reason: 'every name is a data array, an unknown, a `let` or a dimension',
    ...near(span, candidates, `declare \`${name}\` in \`data\`, \`upper\` or \`lower\`, or with \`let\``),
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
    remedy: `write \`*\` for a product, or \`${name}[…]\` for an entry`,
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
  'a declared name that the language uses itself',
  (_span, name: string, is: string) => ({
    message: `\`${name}\` is ${is} and cannot be declared`,
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
export const recursion = define(
  'recursion',
  'error',
  'a `let` or data array that is defined by itself',
  (_span, chain: readonly string[]) => ({
    message: `\`${chain[0] ?? ''}\` is defined by itself: ${chain.join(' → ')}`,
    reason: 'definitions are put in place of their names, which must come to an end',
    remedy: 'break the circle',
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
export const notSupported = define(
  'not-supported',
  'error',
  'a construct of the language that this version does not solve yet',
  (_span, construct: string, instead: string) => ({
    message: `${construct} is not supported yet`,
    remedy: instead,
  }),
);

// Types and dimensions

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
  (span, shape: string, text: string | undefined) => ({
    message: `an objective is one number, this is ${shape}`,
    remedy: 'take its `sum` or `mean`',
    fixes:
      text === undefined
        ? []
        : ['sum', 'mean'].map((name) => ({
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
  (_span, shape: string, operator: Span) => ({
    message: `\`^\` is the power of a scalar, this is ${shape}`,
    reason: 'on arrays the power is taken entry by entry, with `.^`',
    remedy: 'write `.^`',
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
  'a power whose exponent is not a number',
  () => ({
    message: 'the exponent of a power must be a number',
    remedy: 'write `exp(log(base) .* exponent)` for a power with another exponent',
  }),
);
export const divisionByZero = define('division-by-zero', 'error', 'a quotient with the divisor 0', () => ({
  message: 'this divides by 0',
}));
export const argumentCount = define(
  'argument-count',
  'error',
  'too few or too many arguments',
  (_span, name: string, wanted: string, given: number, signature: string) => ({
    message: `\`${name}\` takes ${wanted}, not ${given}`,
    remedy: `its form is \`${signature}\``,
  }),
);
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
  }),
);
export const numberNeeded = define(
  'number-needed',
  'error',
  'an argument that must be a number known before the run',
  (_span, what: string, wanted: string) => ({
    message: `${what} must be ${wanted}`,
    reason: 'it is needed before any data is read',
  }),
);
export const outsideDomain = define(
  'outside-domain',
  'error',
  'an argument for which the function is not defined',
  (_span, name: string, words: string, range: string) => ({
    message: `the argument of \`${name}\` must be ${words}, but lies in ${range}`,
  }),
);
export const domainNotProved = define(
  'domain-not-proved',
  'warning',
  'an argument that may leave the domain of the function',
  (_span, name: string, words: string, range: string) => ({
    message: `the argument of \`${name}\` must be ${words}; all that is known is that it lies in ${range}`,
    reason: 'ranges are followed from the declared sets through the expression',
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
  () => ({
    message: 'a subscript must be a whole number, a dimension, a range of those, or `:`',
    reason: 'shapes are known before the run',
  }),
);
export const notAValue = define(
  'not-a-value',
  'error',
  'something that is no number or array in an expression',
  (_span, what: string, instead: string) => ({ message: `${what} is not a value`, remedy: instead }),
);

// Dependence

export const dependence = define(
  'dependence',
  'error',
  'a value that may not depend on this unknown',
  (_span, name: string, is: string, what: string, allowed: string) => ({
    message: `${what} cannot depend on \`${name}\`, ${is}`,
    reason: `it may depend on ${allowed}`,
  }),
);
export const notDetermined = define(
  'not-determined',
  'error',
  'a lower unknown that is not in the lower objective',
  (_span, name: string) => ({
    message: `the lower objective does not contain \`${name}\``,
    reason: 'it has no unique minimiser then',
    remedy: `add a term in \`${name}\`, for example \`+ 0.001 * sumsq(${name})\``,
  }),
);
export const levelsApart = define(
  'levels-apart',
  'warning',
  'an upper objective without lower unknowns',
  () => ({
    message: 'the upper objective contains no lower unknown',
    reason: 'the hypergradient is the plain gradient then, and the lower level is solved for nothing',
  }),
);

// Data sources, starts and sets

export const sourceOutsideData = define(
  'source-outside-data',
  'error',
  'a data source in an objective',
  (_span, name: string) => ({
    message: `\`${name}\` reads or makes data, which belongs in \`data\` or in a start`,
    remedy: 'declare it in `data` and use its name',
  }),
);
export const dataOnlyFunction = define(
  'data-only-function',
  'error',
  'a function of data in an objective',
  (_span, name: string) => ({
    message: `\`${name}\` works on data only`,
    remedy: 'declare the result in `data` and use its name',
  }),
);
export const sourceArgument = define(
  'source-argument',
  'error',
  'a data source with a wrong argument',
  (_span, message: string, remedy: string) => ({ message, remedy }),
);
export const sourceShapeUnknown = define(
  'source-shape-unknown',
  'error',
  'generated data whose shape nothing tells',
  (_span, name: string) => ({
    message: `nothing tells the shape of \`${name}\` here`,
    reason: 'generated data takes the shape of its declaration, and of the other operand entry by entry',
    remedy: 'declare it as a data array of its own',
  }),
);
export const dataFile = define(
  'data-file',
  'error',
  'a data file that is missing or does not fit its description',
  (_span, message: string, remedy: string | undefined) => ({ message, remedy }),
);
export const badSet = define(
  'bad-set',
  'error',
  'something after `in` that is no set',
  (_span, message: string) => ({ message, remedy: 'write `in [lo, hi]` or `in nonneg`' }),
);
export const emptySet = define(
  'empty-set',
  'error',
  'a box whose ends are exchanged',
  (_span, lower: number, upper: number) => ({
    message: `no number lies between ${lower} and ${upper}`,
    remedy: 'exchange the ends',
  }),
);

// solve and expect

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
  (span, name: string, axis: string, candidates: readonly string[], known: readonly string[]) => ({
    message: `there is no ${axis} method \`${name}\``,
    reason: `the ${axis} methods are ${quoted(known)}`,
    ...near(span, candidates, `choose one of ${quoted(known)}`),
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
  (_span, name: string, wanted: string) => ({ message: `\`${name}\` must be ${wanted}` }),
);
export const unknownQuantity = define(
  'unknown-quantity',
  'error',
  'an expectation of something that no result has',
  (span, name: string, candidates: readonly string[], known: readonly string[]) => ({
    message: `no result is called \`${name}\``,
    ...near(span, candidates, `the results are ${quoted(known)}`),
  }),
);
export const badExpectation = define(
  'bad-expectation',
  'error',
  'an expectation that compares no result with a number',
  () => ({
    message: 'an expectation compares one result with a number',
    remedy: 'write `upper_objective <= 0.45` or `estimated(hypergradient_error) <= 1e-3`',
  }),
);
export const adjustment = define(
  'adjustment',
  'error',
  'a setting from outside that does not apply',
  (_span, message: string, remedy: string) => ({ message, remedy }),
);
