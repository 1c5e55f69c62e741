/** What `--out` writes: large arrays as .npy that read back bit for bit, files whole or not at all. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { UsageError } from '../../server/src/commands/command.ts';
import { prepareFolder, writeOutput, writeWhole } from '../../server/src/commands/output-folder.ts';
import { readSource } from '../../server/src/data/source.ts';
import type { RunResult } from '../../server/src/protocol/result.ts';

function folderFor(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'bilevel-out-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function resultWith(
  upper: RunResult['upper']['variables'],
  lower: RunResult['lower']['variables'],
): RunResult {
  const error = { bound: 1e-9, kind: 'certified' } as const;
  return {
    status: 'converged',
    advice: '',
    upper: {
      objective: 1,
      objectiveError: error,
      stationarity: 0,
      stationarityError: error,
      variables: upper,
    },
    lower: { objective: 1, variables: lower, method: 'fista', error },
    hypergradient: {
      norm: 1,
      method: 'implicit(cg)',
      error,
      relativeError: 1e-9,
      roundingFloor: 0,
      polishingSteps: 0,
      descentCertified: true,
    },
    constants: {},
    counts: { lowerGradients: 0, hessianProducts: 0, jacobianProducts: 0, upperGradients: 0, upperSteps: 0 },
    history: [],
    expectations: [],
    seconds: 0,
  };
}

test('large arrays become .npy files that the result names, small ones stay', (context) => {
  const folder = folderFor(context);
  const large = Array.from({ length: 10_001 }, (_, i) =>
    i === 7 ? 'NaN' : i === 8 ? '-Infinity' : Math.sin(i),
  );
  const small = Array.from({ length: 10_000 }, (_, i) => i);
  const result = resultWith(
    { weight: { shape: [10_001], data: large } },
    { W: { shape: [100, 100], data: small } },
  );
  const written = writeOutput(join(folder), result);
  assert.deepEqual(written.upper.variables, { weight: { shape: [10_001], file: 'upper-weight.npy' } });
  assert.deepEqual(written.lower.variables, result.lower.variables);
  assert.deepEqual(JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')), written);
  const read = readSource({ format: 'npy', path: join(folder, 'upper-weight.npy'), allowNonFinite: true });
  assert.ok(read.ok);
  assert.deepEqual(read.value.shape, [10_001]);
  assert.deepEqual(read.value.values, Float64Array.from(large, Number));
  assert.deepEqual(readdirSync(folder).sort(), ['result.json', 'upper-weight.npy']);
});

test('a file is replaced whole, and a failed write leaves the old one and no litter', (context) => {
  const folder = folderFor(context);
  const path = join(folder, 'result.json');
  writeFileSync(path, 'old');
  const before = statSync(path).ino;
  writeWhole(path, 'new');
  assert.equal(readFileSync(path, 'utf8'), 'new');
  assert.notEqual(statSync(path).ino, before);
  // A folder cannot be replaced by a file: the rename fails after the writing.
  prepareFolder(join(folder, 'taken'));
  writeFileSync(join(folder, 'taken', 'content'), '');
  assert.throws(() => writeWhole(join(folder, 'taken'), 'new'));
  assert.deepEqual(readdirSync(folder).sort(), ['result.json', 'taken']);
});

test('a folder that cannot be made is wrong usage', (context) => {
  const folder = folderFor(context);
  writeFileSync(join(folder, 'file'), '');
  assert.throws(() => prepareFolder(join(folder, 'file', 'below')), UsageError);
});
