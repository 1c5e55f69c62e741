/**
 * The Gaussian process sample against the textbook: the likelihood ½ y' K⁻¹ y + ½ log det K and its gradient
 * ½ tr(K⁻¹ dK) − ½ c' dK c at the point that the run found, by Gauss' elimination here, lie within what the run
 * certifies; and the run keeps what it expects.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { neverCancelled } from '../../server/src/base/cancellation.ts';
import { answerRequest } from '../../server/src/runner/pipeline.ts';

const path = join(import.meta.dirname, '..', '..', 'samples', 'gaussian-process.bilevel');

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

test('likelihood and gradient are those of the textbook, within what the run certifies', () => {
  const sample = readFileSync(path, 'utf8');
  const text = sample.replace('report {', 'report {\n  rows = X\n  targets = y');
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
  const reported = (name: string): readonly number[] => {
    const { value } = result.report?.[name] ?? {};
    assert.ok(typeof value === 'object' && 'data' in value);
    return value.data.map(Number);
  };
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
  const { objective, objectiveError } = result.upper;
  assert.ok(Math.abs(Number(objective) - likelihood) <= Number(objectiveError.bound) + 1e-12);

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
  const { norm, error } = result.hypergradient;
  assert.equal(error.kind, 'certified');
  assert.ok(Math.abs(Number(norm) - Math.hypot(...gradient)) <= Number(error.bound) + 1e-12);
});
