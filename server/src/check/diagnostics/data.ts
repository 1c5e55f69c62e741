/** Dependence, data sources, starts and sets. */
import type { Fix } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import { define, near } from './define.ts';

export const dependence = define(
  'dependence',
  'error',
  'a value that may not depend on this unknown',
  (_span, name: string, is: string, what: string, allowed: string) => ({
    message: `${what} cannot depend on \`${name}\`, ${is}`,
    reason: `it may depend on ${allowed}`,
    remedy: `write numbers or ${allowed} in the place of \`${name}\``,
  }),
);
export const notDetermined = define(
  'not-determined',
  'error',
  'a lower unknown that is not in the lower objective',
  (_span, name: string, objective: Span | undefined, sense: 'minimize' | 'maximize') => {
    const term = `0.001 * sumsq(${name})`;
    const sign = sense === 'minimize' ? '+' : '-';
    const end = objective?.end;
    return {
      message: `the lower objective does not contain \`${name}\``,
      reason: 'whatever its value, the objective is the same, so that no value is the solution',
      remedy: `add a term in \`${name}\`, for example \`${sign} ${term}\``,
      fixes:
        end === undefined
          ? []
          : [
              {
                title: `${sign === '+' ? 'Add' : 'Subtract'} \`${term}\``,
                span: { start: end, end },
                replacement: ` ${sign} ${term}`,
              },
            ],
    };
  },
);
export const levelsApart = define(
  'levels-apart',
  'warning',
  'an upper objective without lower unknowns',
  () => ({
    message: 'the upper objective contains no lower unknown',
    reason: 'the hypergradient is the plain gradient then, and the lower level is solved for nothing',
    remedy: 'let the upper objective depend on the lower solution',
  }),
);

export const noInfluence = define(
  'no-influence',
  'warning',
  'an upper unknown that is in no objective',
  (_span, name: string) => ({
    message: `\`${name}\` is in neither objective`,
    reason: 'its hypergradient is zero, so it stays where it starts',
    remedy: `use \`${name}\` in an objective, or remove it`,
  }),
);
export const startOutsideSet = define(
  'start-outside-set',
  'warning',
  'a start outside its set',
  (_span, name: string, start: number, end: string) => ({
    message: `the start ${start} of \`${name}\` lies outside its set`,
    reason: `it is moved to the nearest point of the set${end}`,
    remedy: 'write a start in the set',
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
  (_span, message: string, remedy: string, fixes: readonly Fix[]) => ({ message, remedy, fixes }),
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
  (_span, message: string, remedy: string | undefined, fixes: readonly Fix[]) => ({ message, remedy, fixes }),
);
export const badSet = define(
  'bad-set',
  'error',
  'something after `in` that is no set',
  (_span, message: string, remedy: string) => ({ message, remedy }),
);
export const unknownSet = define(
  'unknown-set',
  'error',
  'a set that the language does not have',
  (span, name: string, candidates: readonly string[], otherwise: string) => ({
    message: `there is no set \`${name}\``,
    ...near(span, candidates, otherwise),
  }),
);
export const setArguments = define(
  'set-arguments',
  'error',
  'a set with too few, too many or other arguments',
  (_span, name: string, signature: string) => ({
    message: `\`${name}\` does not have these arguments`,
    remedy: `its form is \`${signature.replace('  or  ', '` or `')}\``,
  }),
);
export const setShape = define(
  'set-shape',
  'error',
  'a set for arrays of another shape',
  (_span, message: string) => ({
    message,
    remedy: 'declare the unknown as a matrix, or choose another set',
  }),
);
export const emptySet = define('empty-set', 'error', 'a set without a member', (_span, why: string) => ({
  message: `this set is empty: ${why}`,
  reason: 'a projection onto it would have nowhere to go',
  remedy: 'write a set that has members: ends in their order, radii of at least 0, parts that meet',
}));
