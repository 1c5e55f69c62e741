// Generated data: constant arrays, the identity, evenly spaced points and seeded random arrays.
// Arrays are filled row by row from one stream, so shape, seed and stream name fix every bit.

import { allocateValues, dataArray } from './data-array.ts';
import type { DataArray } from './data-array.ts';
import { failure, success } from './data-error.ts';
import type { DataResult } from './data-error.ts';
import { defaultLimits } from './limits.ts';
import type { Limits } from './limits.ts';
import { createRandom, isSeed } from './random.ts';

/** How random values are drawn. */
export interface Draw {
  /** An integer from 0 to 2^53 - 1. */
  readonly seed: number;
  /** Selects one of the independent sequences of the seed, for example the declared name; none by default. */
  readonly stream?: string;
}

/** An array of zeros of any shape. */
export function zeros(shape: readonly number[], limits: Limits = defaultLimits): DataResult<DataArray> {
  return filled('zeros', shape, limits, (values) => values);
}

/** An array of ones of any shape. */
export function ones(shape: readonly number[], limits: Limits = defaultLimits): DataResult<DataArray> {
  return filled('ones', shape, limits, (values) => values.fill(1));
}

/** The identity matrix of shape [size, size]. */
export function eye(size: number, limits: Limits = defaultLimits): DataResult<DataArray> {
  return filled('eye', [size, size], limits, (values) => {
    for (let i = 0; i < size; i++) values[i * size + i] = 1;
  });
}

/**
 * The vector of `count` points from `from` to `to`, both included and exact: point i (from 0) is
 * from * (1 - t) + to * t with t = i / (count - 1). One point is `from` alone.
 */
export function linspace(
  from: number,
  to: number,
  count: number,
  limits: Limits = defaultLimits,
): DataResult<DataArray> {
  const wrong = checkFinite('linspace', { from, to });
  if (wrong !== undefined) return wrong;
  return filled('linspace', [count], limits, (values) => {
    for (let i = 0; i < count; i++) {
      const t = count === 1 ? 0 : i / (count - 1);
      values[i] = between(from * (1 - t) + to * t, Math.min(from, to), Math.max(from, to));
    }
  });
}

/** Rounding may lead beyond an end, which is taken then: the ends are a promise. */
function between(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

/**
 * Independent values uniform on [low, high) (rounding may give `high` itself): low + (high - low) * u with
 * u in [0, 1) of xoshiro256**. Fails where low > high or a bound is not finite.
 */
export function uniform(
  shape: readonly number[],
  low: number,
  high: number,
  draw: Draw,
  limits: Limits = defaultLimits,
): DataResult<DataArray> {
  const wrong = checkFinite('uniform', { low, high }) ?? checkDraw('uniform', draw);
  if (wrong !== undefined) return wrong;
  if (low > high) {
    return failure(
      'uniform',
      `the lower end ${low} lies above the upper end ${high}`,
      'Exchange the two ends',
    );
  }
  if (!Number.isFinite(high - low)) {
    return failure('uniform', `the interval from ${low} to ${high} is too long for a double`, 'Shorten it');
  }
  return filled('uniform', shape, limits, (values) => {
    const random = createRandom(draw.seed, draw.stream);
    for (let i = 0; i < values.length; i++)
      values[i] = between(low + (high - low) * random.uniform(), low, high);
  });
}

/**
 * Independent normal values mean + deviation * z, z by inversion of the normal distribution function
 * (Wichura 1988) at one uniform value of xoshiro256** each. `deviation` is the standard deviation, at least 0.
 */
export function normal(
  shape: readonly number[],
  mean: number,
  deviation: number,
  draw: Draw,
  limits: Limits = defaultLimits,
): DataResult<DataArray> {
  const wrong = checkFinite('normal', { mean, deviation }) ?? checkDraw('normal', draw);
  if (wrong !== undefined) return wrong;
  if (deviation < 0) {
    return failure(
      'normal',
      `the standard deviation ${deviation} is negative`,
      'Give a standard deviation of 0 or more',
    );
  }
  return filled('normal', shape, limits, (values) => {
    const random = createRandom(draw.seed, draw.stream);
    for (let i = 0; i < values.length; i++) values[i] = mean + deviation * random.normal();
  });
}

function filled(
  generator: string,
  shape: readonly number[],
  limits: Limits,
  fill: (values: Float64Array) => void,
): DataResult<DataArray> {
  const values = allocateValues(generator, shape, limits);
  if (!values.ok) return values;
  fill(values.value);
  return success(dataArray(shape, values.value));
}

function checkFinite(generator: string, numbers: Readonly<Record<string, number>>) {
  for (const [name, value] of Object.entries(numbers)) {
    if (!Number.isFinite(value)) return failure(generator, `"${name}" is ${value}`, 'Give a finite number');
  }
  return undefined;
}

function checkDraw(generator: string, draw: Draw) {
  return isSeed(draw.seed) ? undefined : seedFailure(generator, draw.seed);
}

/** The failure of a seed that is not an integer from 0 to 2^53 - 1. */
export function seedFailure(path: string, seed: number) {
  return failure(
    path,
    `the seed ${seed} is not an integer from 0 to 2^53 - 1`,
    'Give a whole number such as 0',
  );
}
