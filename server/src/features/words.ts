/**
 * What the language's own words mean, in a line each: for hover and completion.
 */
import { writtenSets } from '../check/blocks/sets.ts';

export const keywordWords: Readonly<Record<string, string>> = {
  problem: '`problem "title"` names the problem.',
  data: 'Arrays read from files or generated: `name : type = source`. Their sizes bind the dimension names.',
  upper:
    'The upper level: unknowns θ, each with type, set and start, and what to minimise over them at the lower solution.',
  lower: 'The lower level: unknowns x and the objective whose minimiser x*(θ) the upper level sees.',
  solve: 'How to solve: methods, tolerances, budget. Every entry is optional; what is left out is chosen.',
  expect: 'Relations that a run must fulfil, by certified bounds; a failed one is an error at its line.',
  report: 'Results evaluated at the end with other data.',
  let: '`let name = expression` or `let name(a, b) = expression`: a shorthand, inlined where it is used.',
  minimize: 'The objective of the level, a scalar.',
  maximize: 'The objective of the level, a scalar, to be made large; at the lower level it must be concave.',
  fixed_point: '`fixed_point z = expression`: the lower level as a fixed point.',
  sample: '`sample n = 128`: minibatches over the dimension n.',
  each: '`lower each i in s { … }`: independent lower problems, one for each i.',
  in: 'The set of an unknown: `in [lo, hi]`, `in nonneg`, `in simplex`, `in ball(r)` …, or several joined by `&`.',
  with: 'Other data for a reported result.',
};

/** Where the language reference tells more. */
export const keywordHeadings: Readonly<Record<string, string>> = {
  problem: 'problem',
  data: 'data',
  upper: 'upper-and-lower',
  lower: 'upper-and-lower',
  minimize: 'upper-and-lower',
  maximize: 'upper-and-lower',
  solve: 'solve',
  expect: 'expect',
  let: 'let',
  in: 'sets',
};

export const typeWords: Readonly<Record<string, { readonly snippet: string; readonly summary: string }>> = {
  scalar: { snippet: 'scalar', summary: 'one number' },
  vector: { snippet: 'vector[${1:n}]', summary: 'a column of n numbers' },
  matrix: { snippet: 'matrix[${1:m}, ${2:n}]', summary: 'm rows, n columns' },
  tensor: { snippet: 'tensor[${1:a}, ${2:b}, ${3:c}]', summary: 'three or more dimensions' },
  labels: { snippet: 'labels[${1:n}, ${2:k}]', summary: 'n class indices 0 to k − 1 (data only)' },
};

/** The sets by what is written first, with the arguments as places to fill. */
export const setWords: Readonly<Record<string, { readonly snippet: string; readonly summary: string }>> =
  Object.fromEntries(
    writtenSets.map(({ signature, summary }) => {
      const [label = ''] = signature.split('  ');
      const opening = label.search(/[([]/);
      let place = 0;
      const snippet =
        opening < 0
          ? label
          : label.slice(0, opening) +
            label.slice(opening).replaceAll(/\w+/g, (word) => `\${${++place}:${word}}`);
      return [label, { snippet, summary }];
    }),
  );

/** Of the options of data sources. */
export const sourceOptionWords: Readonly<Record<string, string>> = {
  rows: '`rows = 1..300`: these rows only, 1-based, both ends included, after the shuffle',
  columns:
    '`columns = "age".."s6"`, `columns = 1..10` or `columns = ["a", "b"]`: these columns only; one column gives a vector',
  except: '`except = "target"`: all columns but these',
  shuffle: '`shuffle = 1`: rows in an order drawn with this seed; equal seeds give equal orders',
  skip: '`skip = 2`: lines before the table that are not read',
  array: '`array = "X"`: the array with this name, in a file of several; not needed where there is only one',
  channels:
    '`channels = "grey"`, `"rgb"` or `"rgba"`: what a pixel becomes; as the image has it when not given, without transparency',
  seed: '`seed = 1`: equal seeds give equal numbers; 0 when not given',
};
