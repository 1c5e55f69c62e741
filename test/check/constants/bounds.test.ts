/**
 * Tries to find a constant on the wrong side: for many objectives, random data, theta, centres and
 * radii, the derivatives at sampled points are held against the derived constants, third derivatives also
 * along directions that are made to be bad ones. What is printed is
 * how sharp they are: bound over the largest value sampled (for mu the other way round).
 */
import assert from 'node:assert';
import { test } from 'node:test';
import { deriveConstants } from '../../../server/src/check/constants/derive.ts';
import type { ConstantName } from '../../../server/src/check/problem.ts';
import { sizeOf } from '../../../server/src/graph/shapes.ts';
import type { DoubleDouble } from '../../support/double-double.ts';
import { dd, divide, multiply, subtract, toNumber, zero } from '../../support/double-double.ts';
import { caseCount } from '../../support/long.ts';
import { definiteFamilies } from './definite-families.ts';
import type { Family } from './families.ts';
import { data, families } from './families.ts';
import { functionFamilies } from './function-families.ts';
import { indexedFamilies } from './indexed-families.ts';
import { jointFamilies } from './joint-families.ts';
import { structuralFamilies } from './structural-families.ts';
import { randomFamily } from './random-family.ts';
import type { ExactMatrix, Matrix } from './numeric.ts';
import { concrete, Derivatives, eigenvalues, FormulaEvaluator, spectralNorm } from './numeric.ts';

/** Rounding of the formula: far above it, far below any real violation. */
const slack = 1 + 1e-8;
/** Each instance is held at 11 points and 28 pairs of them: in the long run more than 100,000 in all. */
const instances = caseCount(6, 150);

function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

type Point = ReadonlyMap<string, Float64Array>;

function difference(a: Matrix, b: Matrix): Matrix {
  return { ...a, at: a.at.map((value, k) => value - (b.at[k] as number)) };
}

/** What double-double arithmetic may be off by, for entries that come of much larger numbers too. */
const exactUnit = 1e-24;

/** ‖a − b‖, not more than it is. */
function exactDifference(a: ExactMatrix, b: ExactMatrix): number {
  const sizes = [a, b].map(({ at }) => Math.hypot(...at.map(toNumber))) as [number, number];
  const at = Float64Array.from(a.at, (value, k) => toNumber(subtract(value, b.at[k] as DoubleDouble)));
  return Math.max(0, spectralNorm({ ...a, at }) - exactUnit * (1 + Math.max(...sizes)));
}

interface Evaluated {
  readonly point: Point;
  readonly H: Matrix;
  readonly J: Matrix;
}

/** How often doubles seemed to violate a constant, so that the exact derivatives were asked. */
let suspicions = 0;

type Sharpness = Partial<Record<ConstantName, number>>;

function attack(family: Family, seed: number, sharpness: Sharpness): void {
  const random = generator(seed);
  const whole = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));
  const sizes = new Map([
    ['n', whole(2, 6)],
    ['d', whole(2, 3)],
    ['p', whole(2, 4)],
    ['k', whole(2, 3)],
    ['s', whole(1, 4)],
    ['three', 3],
    ['four', 4],
  ]);
  const values = new Map<string, Float64Array>();
  const fill = (name: string, shape: readonly number[], make: () => number): Float64Array => {
    const array = Float64Array.from({ length: sizeOf(shape) }, make);
    values.set(name, array);
    return array;
  };
  const scale = 10 ** (random() * 2 - 1);
  for (const [name, { shape }] of Object.entries(data)) {
    fill(name, concrete(shape, sizes), () =>
      name === 'labels'
        ? Math.floor(random() * (sizes.get('k') as number))
        : name === 't'
          ? Math.sign(random() - 0.5)
          : name === 'positive' || name === 'floor'
            ? random()
            : scale * normal(random),
    );
  }
  for (const { symbol, shape } of family.upper) {
    const { lower, upper } = symbol.range;
    fill(symbol.name, concrete(shape, sizes), () =>
      Number.isFinite(lower) ? lower + (upper - lower) * random() : 2 * normal(random),
    );
  }
  const centreScale = 10 ** (random() * 2 - 1);
  for (const { symbol, shape } of family.lower) {
    fill(symbol.name, concrete(shape, sizes), () => centreScale * normal(random));
  }
  const radius = 10 ** (random() * 2.5 - 2);

  const { constants } = deriveConstants(
    family.objective,
    family.objective,
    family.lower.map((each) => each.symbol),
  );
  const evaluator = new FormulaEvaluator(values, sizes, radius);
  const bound = Object.fromEntries(
    Object.entries(constants).map(([name, { formula }]) => [name, evaluator.evaluate(formula)]),
  ) as Record<ConstantName, number>;
  for (const [name, value] of Object.entries(bound))
    assert.ok(!Number.isNaN(value), `${family.name}: ${name} is NaN`);

  const derivatives = new Derivatives(
    family.evaluated ?? family.objective,
    family.lower,
    family.upper,
    sizes,
  );
  const size = family.lower.reduce(
    (sum, { symbol }) => sum + (values.get(symbol.name) as Float64Array).length,
    0,
  );
  const anywhere = (): Float64Array => Float64Array.from({ length: size }, () => normal(random));
  const moved = (from: Point, distance: number, direction = anywhere()): Map<string, Float64Array> => {
    const point = new Map(from);
    const length = Math.hypot(...direction);
    let at = 0;
    for (const { symbol } of family.lower) {
      const start = from.get(symbol.name) as Float64Array;
      point.set(
        symbol.name,
        start.map((value) => value + (distance / length) * (direction[at++] as number)),
      );
    }
    return point;
  };
  const distanceOf = (a: Point, other: Point): number =>
    Math.hypot(
      ...family.lower.flatMap(({ symbol }) => {
        const [p, q] = [a.get(symbol.name) as Float64Array, other.get(symbol.name) as Float64Array];
        return Array.from(p, (value, k) => value - (q[k] as number));
      }),
    );
  // Doubles only raise the suspicion: the verdict on it is that of the exact derivatives, whatever the rounding.
  const hold = (name: ConstantName, sampled: number, exactly: () => number): void => {
    const limit = bound[name];
    if (sampled <= limit * slack) {
      if (sampled > 1e-6 * limit) sharpness[name] = Math.min(sharpness[name] ?? Infinity, limit / sampled);
      return;
    }
    const exact = exactly();
    suspicions++;
    assert.ok(
      exact <= limit * slack,
      `${family.name}, seed ${seed}: ${name} = ${limit} but ${exact} was found (radius ${radius}; in doubles ${sampled})`,
    );
  };
  const holdSize = (name: ConstantName, part: 'H' | 'J', point: Point, found: Matrix): void =>
    hold(name, spectralNorm(found), () => {
      const exact = derivatives.exactlyAt(point)[part];
      return exactDifference(exact, { ...exact, at: exact.at.map(() => zero) });
    });
  const holdSlope = (part: 'H' | 'J', a: Evaluated, b: Evaluated): void => {
    const distance = distanceOf(a.point, b.point);
    hold(`L_${part}`, spectralNorm(difference(a[part], b[part])) / distance, () => {
      const [first, second] = [a, b].map(({ point }) => derivatives.exactlyAt(point)[part]) as [
        ExactMatrix,
        ExactMatrix,
      ];
      return exactDifference(first, second) / distance;
    });
  };
  const evaluated = (point: Point): Evaluated => ({ point, ...derivatives.at(point) });

  // Everywhere: mu and L at points of all sizes.
  for (const far of [0, 1, 30]) {
    const { H, point } = evaluated(moved(values, far));
    // Beyond this the products of the rotations overflow.
    if (!(Math.hypot(...H.at) < 1e100)) continue;
    const spectrum = eigenvalues(H);
    const least = spectrum[0] as number;
    if (!(bound.mu <= least)) {
      suspicions++;
      assert.ok(
        isAtLeast(derivatives.exactlyAt(point).H, bound.mu),
        `${family.name}, seed ${seed}: mu = ${bound.mu} above ${least}`,
      );
    } else if (bound.mu > 0) sharpness.mu = Math.min(sharpness.mu ?? Infinity, least / bound.mu);
    holdSize('L', 'H', point, H);
  }
  // On the ball.
  const points = [0, 0.5, 1, 1, 1].map((part) => moved(values, part * radius));
  const near = points.slice(0, 3).map((point, index) => moved(point, index === 2 ? 0 : radius * 0.02));
  const all = [...points, ...near]
    .filter((point) => distanceOf(point, values) <= radius * (1 + 1e-12))
    .map(evaluated)
    .filter(({ H, J }) => Math.hypot(...H.at, ...J.at) < 1e100);
  for (const [index, each] of all.entries()) {
    const { point, H, J } = each;
    holdSize('jacobianNorm', 'J', point, J);
    holdSize('L_ftheta', 'J', point, J);
    holdSize('L_fx', 'H', point, H);
    for (const other of all.slice(0, index)) {
      if (distanceOf(point, other.point) < 1e-4 * radius) continue;
      holdSlope('H', each, other);
      holdSlope('J', each, other);
    }
  }
  // Uphill: from a direction v to the largest one of D³[v], a few times, and so for J.
  const start = evaluated(moved(values, radius * random() * 0.9));
  if (!(Math.hypot(...start.H.at, ...start.J.at) < 1e100)) return;
  const step = radius * 0.01;
  for (const part of ['H', 'J'] as const) {
    let direction = anywhere();
    for (let round = 0; round < 3; round++) {
      const found = evaluated(moved(start.point, step, direction));
      const change = difference(found[part], start[part]);
      if (!(Math.hypot(...change.at) < 1e100)) break;
      holdSlope(part, found, start);
      direction = leadingDirection(change, direction);
      if (Math.hypot(...direction) === 0) break;
    }
  }
}

/** All eigenvalues of the symmetric matrix are at least mu, but for rounding of mu: by elimination, pivot by pivot. */
function isAtLeast(matrix: ExactMatrix, mu: number): boolean {
  const { rows: n, at } = matrix;
  const size = Math.hypot(...at.map(toNumber));
  const shift = mu - 1e-8 * Math.abs(mu) - exactUnit * (1 + size);
  const left = at.map((value, k) => (k % (n + 1) === 0 ? subtract(value, dd(shift)) : value));
  const entry = (i: number, j: number): DoubleDouble => left[i * n + j] as DoubleDouble;
  for (let k = 0; k < n; k++) {
    if (!(toNumber(entry(k, k)) > 0)) return false;
    for (let i = k + 1; i < n; i++) {
      const factor = divide(entry(i, k), entry(k, k));
      for (let j = k; j < n; j++) left[i * n + j] = subtract(entry(i, j), multiply(factor, entry(k, j)));
    }
  }
  return true;
}

/** The leading left singular vector, by power iteration. */
function leadingDirection({ rows, columns, at }: Matrix, from: Float64Array): Float64Array {
  let vector = from;
  for (let round = 0; round < 20; round++) {
    const inner = new Float64Array(columns);
    const outer = new Float64Array(rows);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        inner[j] = (inner[j] as number) + (at[i * columns + j] as number) * (vector[i] as number);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        outer[i] = (outer[i] as number) + (at[i * columns + j] as number) * (inner[j] as number);
    const length = Math.hypot(...outer);
    vector = outer.map((value) => (length === 0 ? 0 : value / length));
  }
  return vector;
}

function asked(times: number): string {
  return times === 0 ? '' : `; ${times} derivatives looked at exactly`;
}

for (const [index, family] of [
  ...families,
  ...indexedFamilies,
  ...structuralFamilies,
  ...functionFamilies,
  ...jointFamilies,
  ...definiteFamilies,
].entries()) {
  test(`constants on the right side: ${family.name}`, (context) => {
    const sharpness: Sharpness = {};
    const before = suspicions;
    for (let instance = 0; instance < instances; instance++)
      attack(family, 1000 * index + instance, sharpness);
    const text = Object.entries(sharpness).map(([name, ratio]) => `${name} ${ratio.toPrecision(3)}`);
    context.diagnostic(
      `bound over sampled, best of ${instances}: ${text.join(', ')}${asked(suspicions - before)}`,
    );
    const { diagnostics } = deriveConstants(
      family.objective,
      family.objective,
      family.lower.map((each) => each.symbol),
    );
    if (family.stronglyConvex) {
      assert.deepStrictEqual(
        diagnostics.filter((each) => each.severity === 'error'),
        [],
        'no complaint',
      );
    }
  });
}

test('constants on the right side: random compositions', (context) => {
  const count = caseCount(60, 1500);
  const sharpness: Sharpness = {};
  const before = suspicions;
  for (let seed = 0; seed < count; seed++) {
    attack(randomFamily(seed, generator(7_000_000 + seed)), 9_000_000 + seed, sharpness);
  }
  const text = Object.entries(sharpness).map(([name, ratio]) => `${name} ${ratio.toPrecision(3)}`);
  context.diagnostic(`bound over sampled, best of ${count}: ${text.join(', ')}${asked(suspicions - before)}`);
});
