/**
 * `accuracy` in `report`: the share counted from losses and scores, and its certified bound, which two points
 * at a known distance from each other try to violate, close together and far apart.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuantityValue } from '../../server/src/compile/quantity.ts';
import { compileSample, sampleText } from '../evidence/sample.ts';
import { caseCount } from '../support/long.ts';
import { seeded } from '../support/seeded.ts';

const { checked, compiled } = compileSample(`${sampleText('multinomial')}
let two = 2
report {
  share  = accuracy(Xv * W + b, yv)
  tasks  = mean(k in two, accuracy(k * (X * W + b), y)) - accuracy(Xv * W, yv) / 2
  tied   = accuracy(0 * (Xv * W), yv)
  loss   = cross_entropy(Xv * W + b, yv)
  sums   = logsumexp(Xv * W + b)
  scores = Xv * W + b
}
`);
const { upperStart } = compiled.problem;
const lowerSize = compiled.lowerLayout.size;

const quantities = new Map(
  checked.reports.flatMap((reported) =>
    reported.kind === 'expression'
      ? [[reported.name, compiled.quantity(reported.expression, reported.dependence)] as const]
      : [],
  ),
);

function at(name: string, x: Float64Array, distance: number): QuantityValue {
  const quantity = quantities.get(name);
  assert.ok(quantity !== undefined, name);
  return quantity(upperStart, x, { value: distance, kind: 'certified' });
}

function valueAt(name: string, x: Float64Array): number {
  return at(name, x, 0).values[0] as number;
}

const random = seeded(5);
const drawn = (size: number): Float64Array =>
  Float64Array.from({ length: lowerSize }, () => size * (2 * random() - 1));

test('accuracy is the share of the rows whose label has the largest score, alone', () => {
  for (let k = 0; k < 20; k++) {
    const x = drawn(1);
    const [loss, sums, scores] = ['loss', 'sums', 'scores'].map((name) => at(name, x, 0).values) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    // The label's own score is what the loss lies below the logarithm of the sum.
    const right = loss.filter((each, i) => {
      const most = Math.max(...scores.subarray(3 * i, 3 * i + 3));
      return Math.abs((sums[i] as number) - each - most) < 1e-9;
    });
    assert.equal(valueAt('share', x), right.length / loss.length);
    assert.equal(valueAt('tied', x), 0);
  }
});

test('the bound of the accuracy holds between points at a known distance, and says something', () => {
  let moved = 0;
  let exact = 0;
  for (let k = 0; k < caseCount(400, 20_000); k++) {
    const x = drawn(10 ** (2 * random() - 1));
    const direction = drawn(1);
    const distance = 10 ** (-6 * random());
    const length = Math.hypot(...direction);
    const other = x.map((entry, i) => entry + ((1 - 1e-9) * distance * (direction[i] as number)) / length);
    for (const name of ['share', 'tasks']) {
      const { values, error } = at(name, x, distance);
      const change = Math.abs((values[0] as number) - valueAt(name, other));
      assert.equal(error.kind, 'certified');
      assert.ok(change <= error.value, `${name}: ${change} against ${error.value} at ${distance}`);
      if (change > 1e-12) moved++;
      if (error.value < 1 / 178) exact++;
    }
  }
  assert.ok(moved > 20 && exact > 20, `${moved} changed, ${exact} known exactly`);
});
