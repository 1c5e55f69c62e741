/** Codes and words of what the derivation of constants has to say; the shape is that of check/diagnostics.ts. */
import type { Fix } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import { define } from '../diagnostics.ts';
import type { Sense } from '../problem.ts';

/** What the objective must be for the sense that the author wrote. */
const curved: Readonly<Record<Sense, string>> = { minimize: 'convex', maximize: 'concave' };

export const notConvex = define(
  'not-convex',
  'error',
  'a lower objective that is not convex by composition',
  (
    _span,
    expression: string,
    rule: string,
    example: string | undefined,
    advice: string | undefined,
    sense: Sense,
  ) => ({
    message: `the lower objective is not known to be ${curved[sense]} because of ${expression}`,
    reason: example === undefined ? rule : `${rule}; for example, ${example}`,
    remedy:
      advice ??
      `write it by ${curved[sense]} functions of affine expressions, or ${sense === 'minimize' ? 'add' : 'subtract'} enough of \`sumsq\` of the lower unknowns`,
  }),
);

export const notStronglyConvex = define(
  'not-strongly-convex',
  'error',
  'a lower objective without a strongly convex term in some unknown',
  (
    _span,
    names: readonly string[],
    arrays: readonly string[],
    end: Span,
    example: string | undefined,
    sense: Sense,
  ) => {
    const list = names.map((name) => `\`${name}\``).join(' and ');
    const squares = arrays.map((name) => `sumsq(${name})`).join(' + ');
    const sign = sense === 'minimize' ? '+' : '-';
    const term = arrays.length === 1 ? `0.001 * ${squares}` : `0.001 * (${squares})`;
    return {
      message: `no term of the lower objective is strongly ${curved[sense]} in ${list}`,
      reason: `the lower solution must be unique and move smoothly with the upper unknowns; for that ${sense === 'minimize' ? 'the Hessian' : 'minus the Hessian'} must be at least mu > 0${
        example === undefined ? '' : `; for example, ${example}`
      }`,
      remedy: `add \`${sign} ${term}\``,
      fixes: [
        {
          title: `${sign === '+' ? 'Add' : 'Subtract'} \`${term}\``,
          span: end,
          replacement: ` ${sign} ${term}`,
        },
      ],
    };
  },
);

export const convexityDependsOnData = define(
  'convexity-depends-on-data',
  'hint',
  'strong convexity that only the data can show',
  (_span, formula: string, unknowns: readonly string[], lowest: keyof typeof safety, sense: Sense) => {
    const squares = unknowns.map((name) => `\`0.001 * sumsq(${name})\``).join(' and ');
    const term = `${sense === 'minimize' ? 'add' : 'subtract'} ${squares}`;
    const { because, remedy } = safety[lowest];
    return {
      message: `whether the lower objective is strongly ${curved[sense]} depends on the data: mu = ${formula}`,
      reason: `${because}it is evaluated before the run, which refuses mu ≤ 0`,
      remedy: remedy ?? `${term} to have it in any case`,
    };
  },
);

/** What mu may fall to: 0, below it by an eigenvalue of a matrix, or below it by a sign. */
const safety: Readonly<
  Record<'zero' | 'eigenvalue' | 'sign', { readonly because: string; readonly remedy?: string }>
> = {
  zero: { because: '' },
  eigenvalue: {
    because:
      "where the matrix Q of a quadratic form has a negative eigenvalue there is a v with v' * Q * v < 0, and along v the form falls without end; ",
    remedy:
      "write a matrix that has none, such as `Q' * Q`, or add `c * sumsq(…)` of the unknowns with a c above the size of the lowest eigenvalue",
  },
  sign: {
    because: '',
    remedy:
      'give the unknowns in it sets that keep it above 0, such as `in [0.001, 10]`, or write them as `exp(…)`',
  },
};

export const notSmooth = define(
  'not-smooth',
  'error',
  'a lower objective with a kink',
  (_span, name: string, alternative: string, where: string) => ({
    message: `${name} has a kink${where}, and the lower objective must be twice differentiable`,
    reason: 'hypergradients come from the second derivatives of the lower objective',
    remedy: alternative,
  }),
);

export const jumps = define(
  'jumps',
  'error',
  'an objective that is constant but for jumps',
  (_span, name: string, alternative: string) => ({
    message: `${name} is constant but for jumps, and cannot be part of an objective`,
    reason: 'its derivative is 0 or does not exist, so that no gradient leads to a better value',
    remedy: alternative,
  }),
);

export const onceDifferentiable = define(
  'once-differentiable',
  'warning',
  'a lower objective whose second derivative jumps',
  (_span, name: string, alternative: string, _where: string) => ({
    message: `${name} is only once differentiable, so the results cannot be certified`,
    reason:
      'its second derivative jumps, and the bounds need a Hessian that moves continuously (L_H is infinite)',
    remedy: alternative,
  }),
);

export const upperKink = define(
  'upper-not-smooth',
  'warning',
  'an upper objective with a kink',
  (_span, name: string, alternative: string, where: string) => ({
    message: `${name} has a kink${where}, so the results cannot be certified`,
    reason: 'the bounds need an upper gradient that is Lipschitz continuous',
    remedy: alternative,
  }),
);

export const mapKink = define(
  'map-not-smooth',
  'warning',
  'a map of a fixed point with a kink',
  (_span, name: string, alternative: string, where: string) => ({
    message: `${name} has a kink${where}, so the results cannot be certified`,
    reason: 'the bounds need a map whose derivative moves continuously (L_H is infinite)',
    remedy: alternative,
  }),
);

export const notContractive = define(
  'not-contractive',
  'error',
  'a fixed point whose map is not shown to be a contraction',
  (_span, expression: string, factor: string, why: string, remedy: ContractionRemedy) => ({
    message: `the map is not shown to be a contraction: its factor is ${factor}, by ${expression}`,
    reason: `the fixed point must be unique and move smoothly with the upper unknowns; for that q = ‖d1Phi‖ must be below 1 for all lower unknowns, ${why}`,
    remedy: remedy.words,
    fixes: remedy.fixes,
  }),
);

export interface ContractionRemedy {
  readonly words: string;
  readonly fixes?: readonly Fix[];
}

export const contractionDepends = define(
  'contraction-depends',
  'hint',
  'a contraction that only the data or the values of upper unknowns can show',
  (_span, factor: string, on: string) => ({
    message: `whether the map is a contraction depends on ${on}: q = ${factor}`,
    reason: 'it is evaluated before the run and at every upper step; where q ≥ 1 the run ends and says so',
    remedy: 'a set such as `spectral_ball(0.9)` on the matrix, or a factor below 1, has it in any case',
  }),
);

export const logOfExponentials = define(
  'log-of-exponentials',
  'warning',
  'a logarithm of a sum of exponentials, which overflows',
  (span, inner: string, instead: string) => ({
    message: `\`log(sum(exp(${inner})))\` overflows where an entry exceeds 709`,
    reason: 'the exponentials are computed one by one; logsumexp takes the largest out first',
    remedy: `write \`${instead}\``,
    fixes: [{ title: `Write ${instead}`, span, replacement: instead }],
  }),
);
