/**
 * From a text and arrays in memory to a compiled problem, for the tests of the compiler: the real parser
 * and checker, and a loader that knows arrays by the path of their source.
 */
import assert from 'node:assert/strict';
import { check } from '../../server/src/check/check.ts';
import type { CheckedProblem } from '../../server/src/check/problem.ts';
import { compile } from '../../server/src/compile/compile.ts';
import type { Compilation, Compiled, ConcreteArray } from '../../server/src/compile/compile.ts';
import { parse } from '../../server/src/syntax/parse.ts';

export type Sources = Readonly<Record<string, ConcreteArray>>;

/** `headers: false` hides the shapes from the checker, so that the compiler has to find what does not fit. */
export function checkText(text: string, sources: Sources, { headers = true } = {}): CheckedProblem {
  const { tree, diagnostics: syntax } = parse(text);
  const { problem, diagnostics } = check(tree, {
    header: ({ path }) => {
      const known = headers && path !== undefined ? sources[path] : undefined;
      return known === undefined ? undefined : { shape: [...known.shape] };
    },
  });
  const errors = [...syntax, ...diagnostics].filter(({ severity }) => severity === 'error');
  assert.deepEqual(errors, []);
  assert.ok(problem !== undefined);
  return problem;
}

export function compilation(
  text: string,
  sources: Sources,
  options: { headers?: boolean } = {},
): Compilation {
  return compile(checkText(text, sources, options), ({ path, format }) => {
    const known = sources[path ?? format];
    return known ?? { failure: `${path ?? format} does not exist`, remedy: 'make it' };
  });
}

export function compiled(text: string, sources: Sources): Compiled {
  const { compiled: made, diagnostics } = compilation(text, sources);
  assert.deepEqual(diagnostics, []);
  assert.ok(made !== undefined);
  return made;
}
