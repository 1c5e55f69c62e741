/** Symbolic dimensions: one canonical form, values under bindings, and how they are written. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addDimensions,
  constantDimension,
  evaluateDimension,
  fixedDimension,
  formatDimension,
  formatShape,
  multiplyDimensions,
  namedDimension,
  sameDimension,
} from '../../server/src/base/dimension.ts';

const n = namedDimension('n');
const m = namedDimension('m');
const two = fixedDimension(2);
const minusOne = fixedDimension(-1);

test('sums and products have one form whatever the order', () => {
  const left = multiplyDimensions(addDimensions(n, two), m);
  const right = addDimensions(multiplyDimensions(m, n), multiplyDimensions(m, two));
  assert.ok(sameDimension(left, right));
  assert.ok(!sameDimension(n, m));
  assert.equal(formatDimension(left), formatDimension(right));
});

test('differences cancel and are written with a minus', () => {
  const less = addDimensions(n, minusOne);
  assert.equal(formatDimension(less), 'n - 1');
  assert.equal(formatDimension(addDimensions(less, fixedDimension(1))), 'n');
  assert.equal(constantDimension(addDimensions(n, multiplyDimensions(n, minusOne))), 0);
  assert.equal(formatDimension(multiplyDimensions(n, minusOne)), '-n');
});

test('a value needs every name', () => {
  const both = addDimensions(multiplyDimensions(n, m), two);
  assert.equal(
    evaluateDimension(
      both,
      new Map([
        ['n', 3],
        ['m', 5],
      ]),
    ),
    17,
  );
  assert.equal(evaluateDimension(both, new Map([['n', 3]])), undefined);
});

test('shapes are written as types', () => {
  assert.equal(formatShape([]), 'scalar');
  assert.equal(formatShape([n]), 'vector[n]');
  assert.equal(formatShape([two, addDimensions(n, m)]), 'matrix[2, m + n]');
  assert.equal(formatShape([n, n, n]), 'tensor[n, n, n]');
});
