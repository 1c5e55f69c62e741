/**
 * Rows of the atoms that act entry by entry: phi by its closed form in Taylor polynomials of double-double
 * numbers, from which values and derivatives follow, where it has kinks, and how sharp a bound must be.
 */
import type { Parameters } from '../../server/src/atoms/atom.ts';
import * as dd from '../support/double-double.ts';
import * as jet from '../support/jets.ts';
import type { Jet } from '../support/jets.ts';
import type { AtomRow, NumberArray, ShapeCase } from './row.ts';
import { any, parameter } from './row.ts';

const unaryShapes: readonly ShapeCase[] = [
  { args: [''], gives: '' },
  { args: ['n'], gives: 'n' },
  { args: ['n, k'], gives: 'n, k' },
];

type Phi = (t: Jet, parameters: Parameters) => Jet;

function entrywise(phi: Phi, more: Omit<NonNullable<AtomRow['phi']>, 'jet'> = {}): AtomRow {
  return {
    samples: any,
    shapes: unaryShapes,
    meaning: ([t]: readonly NumberArray[], parameters: Parameters) =>
      (t?.values ?? []).map((entry) => dd.toNumber(phi(jet.constant(entry), parameters)[0])),
    phi: { jet: phi, ...more },
  };
}

const logistic = (t: Jet): Jet => jet.divide(1, jet.add(1, jet.exp(jet.negate(t))));
const softplus = (t: Jet): Jet => jet.add(jet.maximum(t, 0), jet.log1p(jet.exp(jet.negate(jet.absolute(t)))));
/** By its own Taylor polynomial at 0, where the form with |t| has none. */
const smoothSoftplus = (t: Jet): Jet => (t[0].hi === 0 ? jet.log(jet.add(1, jet.exp(t))) : softplus(t));
const tanh = (t: Jet): Jet => jet.subtract(1, jet.divide(2, jet.add(1, jet.exp(jet.multiply(2, t)))));
const half = (a: Jet): Jet => jet.multiply(0.5, a);

const positive: readonly (readonly [number, number])[] = [[0.05, 8]];
export const entrywiseRows: Readonly<Record<string, AtomRow>> = {
  power: {
    ...entrywise((t, parameters) => jet.power(t, parameter(parameters, 'exponent'))),
    parameters: [2, 3, 1, 0, 0.5, 1.5, 2.5, 3.5, -1, -2, -3, -0.5, 4, 5].map((exponent) => ({ exponent })),
    within: [[0.05, 4]],
    parts: (parameters) => {
      const exponent = parameter(parameters, 'exponent');
      if (!Number.isInteger(exponent)) return [[0.05, 4]];
      if (exponent < 0) {
        return [
          [0.05, 4],
          [-4, -0.05],
        ];
      }
      return [
        [0.05, 4],
        [-4, -0.05],
        [-3, 4],
      ];
    },
  },
  negate: entrywise(jet.negate),
  abs: entrywise(jet.absolute, { kinks: () => [0] }),
  sign: {
    ...entrywise((t) => jet.constant(Math.sign(t[0].hi)), { kinks: () => [0] }),
  },
  square: entrywise((t) => jet.multiply(t, t)),
  sqrt: { ...entrywise(jet.sqrt), within: positive },
  inv_pos: { ...entrywise(jet.reciprocal), within: positive },
  exp: entrywise(jet.exp),
  expm1: entrywise(jet.expm1),
  log: { ...entrywise(jet.log), within: positive },
  log1p: { ...entrywise(jet.log1p), within: [[-0.9, 8]] },
  entr: {
    ...entrywise((t) => (t[0].hi === 0 ? jet.constant(0) : jet.negate(jet.multiply(t, jet.log(t))))),
    within: [[0, 3]],
    phi: { jet: (t) => jet.negate(jet.multiply(t, jet.log(t))), within: [0.05, 3] },
  },
  sin: entrywise(jet.sin),
  cos: entrywise(jet.cos),
  sinh: entrywise((t) => half(jet.subtract(jet.expm1(t), jet.expm1(jet.negate(t))))),
  cosh: entrywise((t) => half(jet.add(jet.exp(t), jet.exp(jet.negate(t))))),
  atan: entrywise(jet.atan),
  erf: entrywise(jet.erf),
  tanh: entrywise(tanh),
  sigmoid: entrywise(logistic),
  logit: {
    ...entrywise((t) => jet.subtract(jet.log(t), jet.log(jet.subtract(1, t)))),
    within: [[0.02, 0.98]],
  },
  silu: entrywise((t) => jet.multiply(t, logistic(t))),
  gelu: entrywise((t) =>
    half(jet.multiply(t, jet.add(1, jet.erf(jet.multiply(t, jet.constant(dd.sqrt(dd.dd(0.5)))))))),
  ),
  softplus: entrywise(smoothSoftplus),
  logistic_loss: entrywise((t) => smoothSoftplus(jet.negate(t))),
  log_cosh: entrywise((t) => jet.log(half(jet.add(jet.exp(t), jet.exp(jet.negate(t)))))),
  smooth_abs: {
    ...entrywise((t, parameters) =>
      jet.sqrt(jet.add(jet.multiply(t, t), jet.power(jet.constant(parameter(parameters, 'width')), 2))),
    ),
    parameters: [{ width: 1 }, { width: 0.25 }, { width: 3 }],
  },
  huber: {
    ...entrywise(
      (t, parameters) => {
        const threshold = parameter(parameters, 'threshold');
        const [size, limit] = [jet.absolute(t), jet.constant(threshold)];
        return dd.compare(size[0], limit[0]) <= 0
          ? jet.multiply(t, t)
          : jet.subtract(jet.multiply(jet.multiply(2, limit), size), jet.multiply(limit, limit));
      },
      {
        kinks: (parameters) => {
          const threshold = parameter(parameters, 'threshold');
          return [-threshold, threshold];
        },
      },
    ),
    parameters: [{ threshold: 1 }, { threshold: 0.3 }],
  },
  hinge: entrywise((t) => jet.maximum(jet.subtract(1, t), 0), { kinks: () => [1] }),
  squared_hinge: entrywise((t) => jet.power(jet.maximum(jet.subtract(1, t), 0), 2), {
    kinks: () => [1],
  }),
  pinball: {
    ...entrywise(
      (t, parameters) => {
        const level = jet.constant(parameter(parameters, 'level'));
        return jet.maximum(jet.multiply(level, t), jet.multiply(jet.subtract(level, 1), t));
      },
      { kinks: () => [0] },
    ),
    parameters: [{ level: 0.3 }, { level: 0 }, { level: 1 }],
  },
  relu: entrywise((t) => jet.maximum(t, 0), { kinks: () => [0] }),
  clip: {
    ...entrywise(
      (t, parameters) =>
        jet.minimum(jet.maximum(t, parameter(parameters, 'least')), parameter(parameters, 'most')),
      { kinks: (parameters) => [parameter(parameters, 'least'), parameter(parameters, 'most')] },
    ),
    parameters: [
      { least: -1, most: 2 },
      { least: 0.5, most: 0.75 },
    ],
  },
};
