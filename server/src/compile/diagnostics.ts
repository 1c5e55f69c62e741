/**
 * What can be wrong only once the data is read: shapes against declarations, labels, sources that fail.
 * Each names both sides, why the rule is there and what to do.
 */
import { formatNumber } from '../atoms/formula-text.ts';
import { define } from '../check/diagnostics.ts';

export const sourceFailure = define(
  'data-source',
  'error',
  'a data source cannot be read',
  (_span, message: string, reason: string | undefined, remedy: string | undefined) => ({
    message,
    reason,
    remedy,
  }),
);

export const dataShape = define(
  'data-shape',
  'error',
  'data does not have the declared shape',
  (_span, name: string, declared: string, actual: string, clash: string) => ({
    message: `${name} is declared ${declared}, but its data is ${actual}`,
    reason: clash,
    remedy: `declare ${name} with the shape of the data, or choose other rows and columns of the file`,
  }),
);

export const startShape = define(
  'start-shape',
  'error',
  'a start or bound does not have the shape of its unknown',
  (_span, name: string, declared: string, actual: string) => ({
    message: `the start or set of \`${name}\` is ${actual}, but \`${name}\` is ${declared}`,
    reason: 'a start and the ends of an interval are scalars or have the shape of their unknown',
    remedy: 'give one number, or an array of the same shape',
  }),
);

export const labelOutside = define(
  'label-outside',
  'error',
  'a label is not a class index',
  (_span, name: string, row: number, value: number, classes: number, sourceEnd: number) => ({
    message: `\`${name}\` has ${value} in row ${row}, which is none of the classes 0 to ${classes - 1}`,
    reason: `labels of ${classes} classes are the whole numbers 0 to ${classes - 1}`,
    remedy:
      value === classes
        ? `labels count from 0: where the file counts from 1, subtract 1 in the declaration of \`${name}\``
        : 'correct the data, or declare more classes',
    ...(value === classes
      ? {
          fixes: [
            {
              title: 'Subtract 1 from the labels',
              span: { start: sourceEnd, end: sourceEnd },
              replacement: ' - 1',
            },
          ],
        }
      : {}),
  }),
);

export const unboundDimension = define(
  'dimension-unbound',
  'error',
  'a dimension has no value',
  (_span, dimension: string, name: string) => ({
    message: `the size \`${dimension}\` of \`${name}\` is not known`,
    reason: 'a dimension gets its value from data, from a number or from a `let`',
    remedy: `add \`let ${dimension} = …\`, or use \`${dimension}\` in the type of a data array`,
  }),
);

export const notFinite = define(
  'not-finite',
  'error',
  'data holds a value that is not finite',
  (_span, name: string, index: string, value: number) => ({
    message: `\`${name}\` is ${Number.isNaN(value) ? 'not a number' : formatNumber(value)} at ${index}`,
    reason: 'every value computed from it would be meaningless',
    remedy: 'remove or fill the entry in the data, or change the expression that makes it',
  }),
);

export const setAccuracy = define(
  'set-accuracy',
  'error',
  'an intersection onto which nothing projects accurately',
  (_span, error: number) => ({
    message: `points are projected onto this intersection with an error of ${error.toPrecision(2)} only`,
    reason: 'alternating projections converge too slowly where the parts meet at a small angle',
    remedy: 'leave one part out, or choose parts whose intersection is wider',
  }),
);

const promised = 'the checker took what is written after `in` for granted, for signs and ranges';

export const entryOutsideSet = define(
  'entry-outside-set',
  'error',
  'an entry of data outside the set that is promised for it',
  (_span, name: string, index: string, value: number) => ({
    message: `\`${name}\` has ${value} at ${index}, which lies outside this set`,
    reason: promised,
    remedy: 'correct the data, or promise less',
  }),
);

export const dataOutsideSet = define(
  'data-outside-set',
  'error',
  'data outside the set that is promised for it',
  (_span, name: string, distance: number) => ({
    message: `\`${name}\` lies ${Number(distance.toPrecision(3))} outside this set`,
    reason: promised,
    remedy: 'correct the data, or promise less',
  }),
);
