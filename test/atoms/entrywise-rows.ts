/** Rows of the atoms that act entry by entry: phi and its derivatives by hand, and how sharp a bound must be. */
import type { Parameters } from '../../server/src/atoms/atom.ts';
import type { AtomRow, NumberArray, ShapeCase } from './row.ts';
import { any, parameter } from './row.ts';

const unaryShapes: readonly ShapeCase[] = [
  { args: [''], gives: '' },
  { args: ['n'], gives: 'n' },
  { args: ['n, k'], gives: 'n, k' },
];

function entrywise(phi: (t: number, parameters: Parameters) => number) {
  return {
    samples: any,
    shapes: unaryShapes,
    meaning: ([t]: readonly NumberArray[], parameters: Parameters) =>
      (t?.values ?? []).map((entry) => phi(entry, parameters)),
  };
}

const logistic = (t: number): number => 1 / (1 + Math.exp(-t));
const sigmoidSecond = (t: number): number => logistic(t) * (1 - logistic(t)) * (1 - 2 * logistic(t));
const sigmoidThird = (t: number): number => {
  const first = logistic(t) * (1 - logistic(t));
  return first * (1 - 6 * first);
};

const positive: readonly (readonly [number, number])[] = [[0.05, 8]];
export const entrywiseRows: Readonly<Record<string, AtomRow>> = {
  power: {
    ...entrywise((t, parameters) => t ** parameter(parameters, 'exponent')),
    parameters: [2, 3, 1, 0, 0.5, 1.5, -1, -2, 4].map((exponent) => ({ exponent })),
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
    phi: {
      derivatives: [1, 2, 3].map((order) => (t, parameters) => {
        const exponent = parameter(parameters, 'exponent');
        let factor = 1;
        for (let k = 0; k < order; k++) factor *= exponent - k;
        return factor === 0 ? 0 : factor * t ** (exponent - order);
      }),
      sharp: [0.95, 0.95, 0.9],
    },
  },
  negate: { ...entrywise((t) => -t), phi: { derivatives: [() => -1, () => 0, () => 0], sharp: [1, 0, 0] } },
  abs: {
    ...entrywise(Math.abs),
    phi: { derivatives: [Math.sign, (t) => (t === 0 ? undefined : 0), () => undefined], sharp: [1, 0, 0] },
  },
  square: {
    ...entrywise((t) => t * t),
    phi: { derivatives: [(t) => 2 * t, () => 2, () => 0], sharp: [0.99, 1, 0] },
  },
  sqrt: {
    ...entrywise(Math.sqrt),
    within: positive,
    phi: {
      derivatives: [(t) => 0.5 / Math.sqrt(t), (t) => -0.25 * t ** -1.5, (t) => 0.375 * t ** -2.5],
      sharp: [0.95, 0.9, 0.85],
    },
  },
  exp: {
    ...entrywise(Math.exp),
    phi: { derivatives: [Math.exp, Math.exp, Math.exp], sharp: [0.95, 0.95, 0.95] },
  },
  log: {
    ...entrywise(Math.log),
    within: positive,
    phi: { derivatives: [(t) => 1 / t, (t) => -1 / t ** 2, (t) => 2 / t ** 3], sharp: [0.9, 0.85, 0.8] },
  },
  log1p: {
    ...entrywise(Math.log1p),
    within: [[-0.9, 8]],
    phi: {
      derivatives: [(t) => 1 / (1 + t), (t) => -1 / (1 + t) ** 2, (t) => 2 / (1 + t) ** 3],
      sharp: [0.9, 0.85, 0.8],
    },
  },
  tanh: {
    ...entrywise(Math.tanh),
    phi: {
      derivatives: [
        (t) => 1 - Math.tanh(t) ** 2,
        (t) => -2 * Math.tanh(t) * (1 - Math.tanh(t) ** 2),
        (t) => (1 - Math.tanh(t) ** 2) * (6 * Math.tanh(t) ** 2 - 2),
      ],
      sharp: [0.999, 0.999, 0.999],
    },
  },
  sigmoid: {
    ...entrywise(logistic),
    phi: {
      derivatives: [(t) => logistic(t) * (1 - logistic(t)), sigmoidSecond, sigmoidThird],
      sharp: [0.999, 0.999, 0.999],
    },
  },
  softplus: {
    ...entrywise((t) => Math.log(1 + Math.exp(t))),
    phi: {
      derivatives: [logistic, (t) => logistic(t) * (1 - logistic(t)), sigmoidSecond],
      sharp: [0.999, 0.999, 0.999],
    },
  },
  logistic_loss: {
    ...entrywise((t) => Math.log(1 + Math.exp(-t))),
    phi: {
      derivatives: [(t) => -logistic(-t), (t) => logistic(t) * (1 - logistic(t)), (t) => -sigmoidSecond(-t)],
      sharp: [0.999, 0.999, 0.999],
    },
  },
  log_cosh: {
    ...entrywise((t) => Math.log(Math.cosh(t))),
    phi: {
      derivatives: [
        Math.tanh,
        (t) => 1 - Math.tanh(t) ** 2,
        (t) => -2 * Math.tanh(t) * (1 - Math.tanh(t) ** 2),
      ],
      sharp: [0.999, 0.999, 0.999],
    },
  },
  smooth_abs: {
    ...entrywise((t, parameters) => Math.sqrt(t * t + parameter(parameters, 'width') ** 2)),
    parameters: [{ width: 1 }, { width: 0.25 }, { width: 3 }],
    phi: {
      derivatives: [
        (t, parameters) => t / Math.hypot(t, parameter(parameters, 'width')),
        (t, parameters) =>
          parameter(parameters, 'width') ** 2 / Math.hypot(t, parameter(parameters, 'width')) ** 3,
        (t, parameters) =>
          (-3 * parameter(parameters, 'width') ** 2 * t) / Math.hypot(t, parameter(parameters, 'width')) ** 5,
      ],
      sharp: [0.9, 0.99, 0.99],
    },
  },
  huber: {
    ...entrywise((t, parameters) => {
      const threshold = parameter(parameters, 'threshold');
      return Math.abs(t) <= threshold ? t * t : 2 * threshold * Math.abs(t) - threshold ** 2;
    }),
    parameters: [{ threshold: 1 }, { threshold: 0.3 }],
    phi: {
      derivatives: [
        (t, parameters) => 2 * Math.sign(t) * Math.min(Math.abs(t), parameter(parameters, 'threshold')),
        (t, parameters) => (Math.abs(t) < parameter(parameters, 'threshold') ? 2 : 0),
        () => undefined,
      ],
      sharp: [1, 1, 0],
    },
  },
  relu: {
    ...entrywise((t) => Math.max(t, 0)),
    phi: {
      derivatives: [(t) => (t > 0 ? 1 : 0), (t) => (t === 0 ? undefined : 0), () => undefined],
      sharp: [1, 0, 0],
    },
  },
};
