/** What the command line takes: adjustments, points for `--at`, and JSON as it is printed. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { UsageError } from '../../server/src/commands/command.ts';
import { formatJson, jsonDiagnostics } from '../../server/src/commands/json-text.ts';
import { readPoints } from '../../server/src/commands/point.ts';
import { readAdjustments } from '../../server/src/commands/solver-command.ts';
import { encodeNpy } from '../../server/src/data/formats/npy-writer.ts';

test('adjustments are read by name, the value may hold an equals sign', () => {
  assert.deepEqual(
    readAdjustments({
      set: ['h=200', 'theta = -1e-3'],
      option: ['lower.tolerance=0.1', 'upper=projected_gradient(step=1)'],
      seed: '7',
    }),
    {
      set: { h: 200, theta: -1e-3 },
      options: { 'lower.tolerance': '0.1', upper: 'projected_gradient(step=1)' },
      seed: 7,
    },
  );
  assert.deepEqual(readAdjustments({}), {});
});

test('malformed adjustments are wrong usage', () => {
  for (const values of [
    { set: ['h'] },
    { set: ['h=x'] },
    { set: ['=1'] },
    { set: ['h='] },
    { option: ['lower'] },
    { seed: '-1' },
    { seed: '1.5' },
  ]) {
    assert.throws(() => readAdjustments(values), UsageError, JSON.stringify(values));
  }
});

test('a point is read from every form that is documented', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'bilevel-at-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const readPoint = (path: string): unknown => readPoints([path]);
  const json = (content: unknown): string => file('point.json', JSON.stringify(content));
  assert.deepEqual(readPoint(json([1, 2, 3])), [1, 2, 3]);
  assert.deepEqual(
    readPoint(
      json([
        [1, 2],
        [3, 4],
      ]),
    ),
    [1, 2, 3, 4],
  );
  assert.deepEqual(readPoint(json(5)), [5]);
  assert.deepEqual(readPoint(json({ a: [1, 2], b: 3 })), { a: [1, 2], b: [3] });
  assert.deepEqual(
    readPoint(json({ upper: { objective: 1, variables: { a: { shape: [2], data: [1, 2] } } } })),
    { a: [1, 2] },
  );
  assert.deepEqual(
    readPoint(file('point.npy', encodeNpy([2, 2], Float64Array.of(1, 2, 3, 4)))),
    [1, 2, 3, 4],
  );
  for (const wrong of ['text', ['a'], { a: ['NaN'] }, { a: { shape: [2], file: 'a.npy' } }, null]) {
    assert.throws(() => readPoint(json(wrong)), UsageError);
  }
  assert.throws(() => readPoint(file('point.json', '{')), UsageError);
  assert.throws(() => readPoint(file('point.npy', 'no npy')), UsageError);
  assert.throws(() => readPoint(join(folder, 'missing.json')), UsageError);
});

test('a point is read from the command line, by name', () => {
  assert.deepEqual(readPoints(['a=1, -2,3e-4', ' b = [5]', 'θ₁=-1'].map((each) => each.trim())), {
    a: [1, -2, 3e-4],
    b: [5],
    'θ₁': [-1],
  });
  for (const wrong of [['a='], ['a=1,'], ['a=x'], ['a=1', 'a=2'], ['a=1', 'b.json'], ['b.json', 'c.npy']])
    assert.throws(() => readPoints(wrong), UsageError, wrong.join(' '));
  // A path may hold the sign too.
  assert.throws(() => readPoints(['./a=1.json']), /cannot take theta from \.\/a=1\.json/);
});

test('JSON text reads back as the same value, with lists of numbers on one line', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) =>
      assert.deepEqual(JSON.parse(formatJson(value)), JSON.parse(JSON.stringify(value))),
    ),
  );
  assert.equal(
    formatJson({ a: [1, 2], b: undefined, c: [{ d: [] }] }),
    '{\n  "a": [1,2],\n  "c": [\n    {\n      "d": []\n    }\n  ]\n}',
  );
});

test('a diagnostic in JSON has its place in lines and columns from 1', () => {
  const text = 'upper {\n  minimise x\n}';
  const start = text.indexOf('minimise');
  assert.deepEqual(
    jsonDiagnostics(
      [
        {
          code: 'syntax',
          severity: 'error',
          span: { start, end: start + 8 },
          message: 'unknown',
          remedy: 'write minimize',
        },
      ],
      { name: 'a.bilevel', text },
    ),
    [
      {
        code: 'syntax',
        severity: 'error',
        file: 'a.bilevel',
        line: 2,
        column: 3,
        endLine: 2,
        endColumn: 11,
        message: 'unknown',
        remedy: 'write minimize',
      },
    ],
  );
});
