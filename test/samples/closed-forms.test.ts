/**
 * Samples with a closed form against the textbook, by Gauss' elimination here, at the point that the run found:
 * objective and hypergradient lie within what the run certifies, and the run keeps what it expects.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { neverCancelled } from '../../server/src/base/cancellation.ts';
import type { RunResult } from '../../server/src/protocol/result.ts';
import { answerRequest } from '../../server/src/runner/pipeline.ts';

const samples = join(import.meta.dirname, '..', '..', 'samples');

type Rows = readonly (readonly number[])[];

/** A⁻¹ and log det A of a positive definite matrix. */
function eliminated(matrix: Rows): { readonly inverse: Rows; readonly logDet: number } {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...matrix.map((_, j) => (i === j ? 1 : 0))]);
  let logDet = 0;
  for (let k = 0; k < size; k++) {
    const pivot = rows[k] as number[];
    logDet += Math.log(pivot[k] as number);
    const scaled = pivot.map((value) => value / (pivot[k] as number));
    rows.forEach((row, i) => {
      const factor = row[k] as number;
      rows[i] = i === k ? scaled : row.map((value, j) => value - factor * (scaled[j] as number));
    });
  }
  return { inverse: rows.map((row) => row.slice(size)), logDet };
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
const times = (matrix: Rows, vector: readonly number[]): readonly number[] =>
  matrix.map((row) => dot(row, vector));

/** The run of a sample, and data that its report is made to give. */
function ran(
  name: string,
  data: string,
): { result: RunResult; reported: (name: string) => readonly number[] } {
  const path = join(samples, name);
  const sample = readFileSync(path, 'utf8');
  const text = sample.includes('report {')
    ? sample.replace('report {', `report {\n${data}`)
    : `${sample}\nreport {\n${data}\n}\n`;
  const answer = answerRequest(
    { id: 1, kind: 'run', source: { text, path }, adjustments: {} },
    () => undefined,
    neverCancelled,
  );
  assert.ok(answer.kind === 'finished', JSON.stringify(answer));
  const { result } = answer;
  assert.deepEqual(
    result.expectations.filter(({ holds }) => !holds),
    [],
  );
  const reported = (entry: string): readonly number[] => {
    const { value } = result.report?.[entry] ?? {};
    assert.ok(typeof value === 'object' && 'data' in value);
    return value.data.map(Number);
  };
  return { result, reported };
}

/** Objective and norm of the hypergradient, within their bounds. */
function agrees({ upper, hypergradient }: RunResult, objective: number, gradient: readonly number[]): void {
  assert.equal(upper.objectiveError.kind, 'certified');
  assert.equal(hypergradient.error.kind, 'certified');
  assert.ok(Math.abs(Number(upper.objective) - objective) <= Number(upper.objectiveError.bound) + 1e-12);
  const gap = Math.abs(Number(hypergradient.norm) - Math.hypot(...gradient));
  assert.ok(gap <= Number(hypergradient.error.bound) + 1e-12, `${gap}`);
}

test('a Gaussian process: likelihood ½ y′K⁻¹y + ½ log det K, gradient ½ tr(K⁻¹dK) − ½ c′dK c', () => {
  const { result, reported } = ran('gaussian-process.bilevel', '  rows = X\n  targets = y');
  const targets = reported('targets');
  const size = targets.length;
  const entries = reported('rows');
  const width = entries.length / size;
  const points = targets.map((_, i) => entries.slice(i * width, (i + 1) * width));
  const [scale, amplitude, noise] = ['scale', 'amplitude', 'noise'].map((name) =>
    Math.exp(Number(result.upper.variables[name]?.data?.[0])),
  ) as [number, number, number];

  const distances = points.map((a) =>
    points.map((b) => a.reduce((sum, v, k) => sum + (v - (b[k] as number)) ** 2, 0)),
  );
  const kernel = distances.map((row) => row.map((d) => amplitude * Math.exp(-d / (2 * scale * scale))));
  const matrix = kernel.map((row, i) => row.map((value, j) => value + (i === j ? noise : 0)));
  const { inverse, logDet } = eliminated(matrix);
  const weights = times(inverse, targets);
  const likelihood = (dot(targets, weights) + logDet) / (2 * size);
  // By the logarithms of scale, amplitude and noise.
  const derivatives: readonly Rows[] = [
    kernel.map((row, i) => row.map((value, j) => (value * (distances[i]?.[j] as number)) / scale ** 2)),
    kernel,
    matrix.map((row, i) => row.map((_, j) => (i === j ? noise : 0))),
  ];
  const gradient = derivatives.map((derivative) => {
    const trace = derivative.reduce((sum, row, i) => sum + dot(row, inverse[i] as readonly number[]), 0);
    return (trace - dot(weights, times(derivative, weights))) / (2 * size);
  });
  agrees(result, likelihood, gradient);
});

test("a learned covariance: w = C X' (X C X' + 0.1 n I)⁻¹ y, and the gradient through it", () => {
  const { result, reported } = ran('prior-covariance.bilevel', '  A = X\n  b = y\n  Av = Xv\n  bv = yv');
  const [targets, held] = [reported('b'), reported('bv')];
  const rowsOf = (entries: readonly number[], count: number): Rows =>
    Array.from({ length: count }, (_, i) =>
      entries.slice((i * entries.length) / count, ((i + 1) * entries.length) / count),
    );
  const [X, Xv] = [rowsOf(reported('A'), targets.length), rowsOf(reported('Av'), held.length)];
  const entries = (result.upper.variables['C']?.data ?? []).map(Number);
  const covariance = rowsOf(entries, Math.sqrt(entries.length));
  const transposed = (matrix: Rows): Rows =>
    (matrix[0] ?? []).map((_, j) => matrix.map((row) => row[j] as number));
  const product = (a: Rows, b: Rows): Rows => {
    const columns = transposed(b);
    return a.map((row) => columns.map((column) => dot(row, column)));
  };
  const gram = product(product(X, covariance), transposed(X));
  const shifted = gram.map((row, i) => row.map((value, j) => value + (i === j ? 0.1 * X.length : 0)));
  const weights = times(covariance, times(transposed(X), times(eliminated(shifted).inverse, targets)));
  const residuals = times(Xv, weights).map((value, i) => value - (held[i] as number));
  // H = 2 X'X/n + 0.2 C⁻¹, and d(C⁻¹) = −C⁻¹ dC C⁻¹.
  const precision = eliminated(covariance).inverse;
  const hessian = product(transposed(X), X).map((row, i) =>
    row.map((value, j) => (2 * value) / X.length + 0.2 * (precision[i]?.[j] as number)),
  );
  const slope = times(transposed(Xv), residuals).map((value) => (2 * value) / Xv.length);
  const left = times(precision, times(eliminated(hessian).inverse, slope));
  const right = times(precision, weights);
  const gradient = left.flatMap((a, i) =>
    right.map((b, j) => 0.1 * (a * b + (left[j] as number) * (right[i] as number))),
  );
  agrees(result, dot(residuals, residuals) / Xv.length, gradient);
});
