/**
 * A .bilevel text through the whole path of the program (parse, check, read the real data, compile), with
 * the doubles of its data beside the compiled problem, so that references by another route start from
 * the same numbers.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from '../../server/src/check/check.ts';
import type { CheckedProblem } from '../../server/src/check/problem.ts';
import { compile } from '../../server/src/compile/compile.ts';
import type { Compiled, ConcreteArray } from '../../server/src/compile/compile.ts';
import { DataStage } from '../../server/src/compile/data-stage.ts';
import { fileEnvironment } from '../../server/src/runner/source-headers.ts';
import { sourceLoader } from '../../server/src/runner/sources.ts';
import { parse } from '../../server/src/syntax/parse.ts';
import type { Matrix } from './exact-algebra.ts';
import { samplesFolder } from './variants.ts';

export interface Sample {
  readonly checked: CheckedProblem;
  readonly compiled: Compiled;
  readonly arrays: ReadonlyMap<string, ConcreteArray>;
}

export function sampleText(name: string): string {
  return readFileSync(join(samplesFolder, `${name}.bilevel`), 'utf8');
}

/** Compiles a text whose data paths are relative to the folder of the samples. */
export function compileSample(text: string): Sample {
  const { tree, diagnostics: syntax } = parse(text);
  const { problem: checked, diagnostics } = check(tree, fileEnvironment(samplesFolder));
  const errors = [...syntax, ...diagnostics].filter(({ severity }) => severity === 'error');
  assert.deepEqual(errors, []);
  assert.ok(checked !== undefined);
  const load = sourceLoader(checked, samplesFolder);
  const { compiled, diagnostics: later } = compile(checked, load);
  assert.deepEqual(later, []);
  assert.ok(compiled !== undefined);
  return { checked, compiled, arrays: new DataStage(checked, load).arrays };
}

export function matrixOf({ arrays }: Sample, name: string): Matrix {
  const array = arrays.get(name);
  const [rows, columns] = array?.shape ?? [];
  assert.ok(array !== undefined && rows !== undefined && columns !== undefined, `${name} is a matrix`);
  return { rows, columns, values: array.values };
}

export function vectorOf({ arrays }: Sample, name: string): Float64Array {
  const array = arrays.get(name);
  assert.ok(array !== undefined && array.shape.length === 1, `${name} is a vector`);
  return array.values;
}
