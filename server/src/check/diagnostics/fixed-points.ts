/** Fixed points: which unknown has which map, and what fits beside them. */
import type { RelatedPlace } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import { define, near, quoted } from './define.ts';

export const fixedPointAbove = define(
  'fixed-point-above',
  'error',
  '`fixed_point` at the upper level',
  () => ({
    message: 'the upper level minimises or maximises; it has no fixed point',
    remedy: 'move `fixed_point` to `lower`, and write `minimize …` here',
  }),
);
export const mixedObjectives = define(
  'mixed-objectives',
  'error',
  'an objective beside a fixed point',
  (_span, first: Span) => ({
    message: 'a lower level is a minimisation or a fixed point, not both',
    reason: 'its solution is determined by the one or by the other',
    remedy: 'keep one of them; a step that minimises can be written as a map, `fixed_point x = x - s * (…)`',
    related: [{ span: first, message: 'the first is here' }],
  }),
);
export const unknownTarget = define(
  'unknown-target',
  'error',
  'a fixed point of something that is no lower unknown',
  (span, name: string, candidates: readonly string[], known: readonly string[]) => ({
    message: `\`${name}\` is no unknown of this level`,
    reason: '`fixed_point name = …` gives the map of one lower unknown',
    ...near(
      span,
      candidates,
      known.length === 0
        ? 'declare it, for example `z : vector[h] = 0`'
        : `the unknowns are ${quoted(known)}`,
    ),
  }),
);
export const duplicateMap = define(
  'duplicate-map',
  'error',
  'an unknown with two maps',
  (_span, name: string, first: Span) => ({
    message: `\`${name}\` already has its map`,
    remedy: 'keep one `fixed_point` for each unknown',
    related: [{ span: first, message: 'the first is here' }],
  }),
);
export const missingMap = define(
  'missing-map',
  'error',
  'an unknown without a map beside others that have one',
  (_span, name: string, end: number) => ({
    message: `\`${name}\` has no \`fixed_point\``,
    reason: 'the lower solution is the fixed point of all unknowns together, so each needs its map',
    remedy: `add \`fixed_point ${name} = …\``,
    related: [{ span: { start: end, end }, message: 'the last statement ends here' }],
  }),
);
export const mapShape = define(
  'map-shape',
  'error',
  'a map that does not give what its unknown is',
  (
    _span,
    name: string,
    wanted: string,
    found: string,
    reason: string | undefined,
    related: readonly RelatedPlace[],
  ) => ({
    message: `\`${name}\` is ${wanted}, but its map gives ${found}`,
    reason: reason ?? 'a fixed point is where the map gives its own argument, so both have one shape',
    remedy: 'transpose or reshape the expression, or change the declaration',
    related,
  }),
);
export const proximalNeedsL = define(
  'proximal-needs-smoothness',
  'error',
  'proximal terms beside an objective whose gradient is not Lipschitz continuous',
  () => ({
    message: 'no Lipschitz constant of the gradient is known for the smooth part of this lower objective',
    reason: 'absolute values and sets on lower unknowns are solved by proximal steps of length 1/L',
    remedy:
      'write `smooth_abs(t, 0.01)` for the absolute value, or a smooth part with bounded second derivatives',
  }),
);
export const setOnLower = define('set-on-lower', 'error', 'a set on a lower unknown that is no box', () => ({
  message: 'on a lower unknown this set is not supported',
  reason: 'the projection is differentiated, entry by entry, so only ends for each entry are known here',
  remedy: 'write a box `in [lo, hi]` or `in nonneg`',
}));
