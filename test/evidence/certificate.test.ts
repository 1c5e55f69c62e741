/**
 * The bound is never below the true error: random pairs of theta and tolerances over the samples
 * quadratic, ridge and logistic with their real data, through the whole path from text to report, judged
 * by double-double references that share nothing with the program. Half of the pairs and more have a
 * true relative error below 1e-6. The ratios of bound to error are printed for every bound there is.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSolveOptions } from '../../server/src/base/solve-options.ts';
import { hypergradientAt } from '../../server/src/solve/run.ts';
import { randomSource } from '../../server/src/solve/random.ts';
import * as dd from '../support/double-double.ts';
import { drawOptions, families, faultOf, PairSource, ratioTable } from './pairs.ts';
import type { Family, Pair } from './pairs.ts';
import { compileSample, sampleText } from './sample.ts';

/** Thetas and options at each; a theta in three lies beyond the box, whose set is then taken away. */
const counts: Readonly<Record<Family, readonly [number, number]>> = {
  quadratic: [45, 5],
  ridge: [42, 5],
  logistic: [19, 5],
};

const withoutSet = (text: string): string => text.replace(/ in \[[^\]]*\]/, '');

test('no bound is below the true error on the samples', (context) => {
  const pairs: Pair[] = [];
  for (const family of families) {
    const random = randomSource(families.indexOf(family) + 11);
    const within = new PairSource(family);
    const beyond = new PairSource(family, withoutSet);
    const [thetas, each] = counts[family];
    for (let k = 0; k < thetas; k++) {
      const source = k % 3 === 2 ? beyond : within;
      const theta = source.drawTheta(random, k % 3 === 2 ? 0.25 : 0);
      for (let i = 0; i < each; i++) {
        const pair = source.run(theta, drawOptions(random, i % 5 < 4, 600));
        assert.equal(pair.kind, 'certified');
        const fault = faultOf(pair);
        assert.ok(fault === undefined, fault);
        pairs.push(pair);
      }
    }
  }
  const accurate = pairs.filter(({ relativeError }) => relativeError < 1e-6).length;
  context.diagnostic(`bound / error of ${pairs.length} pairs\n${ratioTable(pairs)}`);
  assert.ok(pairs.length >= 500);
  assert.ok(accurate >= pairs.length / 2, `${accurate} of ${pairs.length} with relative error below 1e-6`);
  for (const family of families) {
    const ratios = pairs
      .filter((pair) => pair.family === family)
      .map(({ bound, error }) => bound / error)
      .sort((a, b) => a - b);
    const median = ratios[Math.floor(ratios.length / 2)] ?? Infinity;
    assert.ok(median <= 10, `median ${median} of ${family}`);
  }
});

test('from far away polishing finds a useful bound', () => {
  const source = new PairSource('logistic');
  for (const iterations of [10, 100]) {
    for (const pattern of [() => -9.5, (j: number) => (j % 2 === 0 ? -9.3 : 3.5)]) {
      const pair = source.run(
        Float64Array.from({ length: 30 }, (_, j) => pattern(j)),
        {
          ...defaultSolveOptions,
          lower: { method: 'gradient_descent', iterations },
          hypergradient: { method: 'implicit', linear: { method: 'cg', tolerance: 1e-9 } },
        },
      );
      assert.equal(faultOf(pair), undefined);
      assert.ok(pair.relativeError > 0.9 && pair.plain > 1e3 * pair.error, 'the point is far away');
      assert.ok(pair.bound <= 2 * pair.error, `bound ${pair.bound}, error ${pair.error}`);
    }
  }
});

test('penalties of any ratio keep the strong convexity; without any there is no bound', () => {
  const source = new PairSource('logistic', withoutSet);
  const mixed = (low: number): Float64Array =>
    Float64Array.from({ length: 30 }, (_, j) => (j % 2 === 0 ? low : 20));
  for (const low of [-10, -20, -32]) {
    const fault = faultOf(source.run(mixed(low), defaultSolveOptions));
    assert.equal(fault, undefined);
  }
  // exp(−800) is 0 in doubles.
  const { problem } = compileSample(withoutSet(sampleText('logistic'))).compiled;
  const { status, certificate } = hypergradientAt(problem, { theta: mixed(-800) }, defaultSolveOptions);
  assert.equal(status, 'not_strongly_convex');
  assert.equal(certificate.bound, Infinity);
  assert.equal(certificate.plain.omega, Infinity);
});

/**
 * Where only the change of H matters (J = −1, f linear), the published bound sees the residual alone and
 * is no bound. g = log cosh x + x²/20 − theta x, f = x, so ∇F = 1 / (1 − tanh² x* + 1/10).
 */
test('the published bound fails where the Hessian changes; this one holds', (context) => {
  const { problem } = compileSample(`
upper {
  theta : scalar = 1
  minimize x
}
lower {
  x : scalar = 0
  minimize log_cosh(x) + 0.05 * x ^ 2 - theta * x
}`).compiled;
  const random = randomSource(3);
  let failures = 0;
  const ratios: number[] = [];
  const cases = 60;
  for (let k = 0; k < cases; k++) {
    const theta = 4 * random() - 2;
    const report = hypergradientAt(
      problem,
      { theta: Float64Array.of(theta) },
      {
        ...defaultSolveOptions,
        lower: { method: 'gradient_descent', tolerance: 10 ** -(6 * random()) },
        hypergradient: { method: 'implicit', linear: { method: 'cg', tolerance: 1e-13 } },
      },
    );
    const error = Math.abs(dd.toNumber(dd.subtract(dd.dd(Number(report.hypergradient[0])), slopeOf(theta))));
    const { bound, published } = report.certificate;
    assert.ok(bound >= error && bound < Infinity, `theta ${theta}: bound ${bound}, error ${error}`);
    if (published.v2 < error) failures++;
    ratios.push(bound / error);
  }
  ratios.sort((a, b) => a - b);
  const shown = [ratios[cases / 2], ratios.at(-1)].map((ratio) => Number(ratio).toPrecision(3));
  context.diagnostic(
    `log cosh: the published bound fails in ${failures} of ${cases}; this bound / error median ${shown.join(', worst ')}`,
  );
  assert.ok(failures > cases / 2);
});

/** 1 / g''(x*) with tanh x* + 0.1 x* = theta by Newton's method; 0.05 is a double, twice it is exact. */
function slopeOf(theta: number): dd.DoubleDouble {
  const tenth = dd.dd(2 * 0.05);
  let x = dd.dd(theta);
  const bend = (at: dd.DoubleDouble): dd.DoubleDouble =>
    dd.add(dd.subtract(dd.one, dd.multiply(dd.tanh(at), dd.tanh(at))), tenth);
  // Newton on a monotone function with bounded slope, halved until it settles.
  for (let round = 0; round < 200; round++) {
    const value = dd.subtract(dd.add(dd.tanh(x), dd.multiply(tenth, x)), dd.dd(theta));
    const step = dd.divide(value, bend(x));
    const damping = Math.min(1, 1 / Math.abs(step.hi || 1));
    x = dd.subtract(x, dd.multiply(step, dd.dd(damping)));
    if (Math.abs(step.hi) < 1e-28) break;
  }
  return dd.divide(dd.one, bend(x));
}
