/** Checks a text as the tests of the checker do: parse, check with the test files, errors only or all. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../server/src/base/diagnostic.ts';
import type { CheckResult } from '../../server/src/check/check.ts';
import { check } from '../../server/src/check/check.ts';
import type { Environment } from '../../server/src/check/environment.ts';
import type { CheckedProblem } from '../../server/src/check/problem.ts';
import { parse } from '../../server/src/syntax/parse.ts';
import { testFiles } from './files.ts';

export function checkText(text: string, environment: Environment = testFiles): CheckResult {
  return check(parse(text).tree, environment);
}

/** The checked problem; a failed check shows its errors. */
export function checked(text: string, environment: Environment = testFiles): CheckedProblem {
  const { problem, diagnostics } = checkText(text, environment);
  if (problem === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return problem;
}

export function errorsOf(text: string, environment: Environment = testFiles): readonly Diagnostic[] {
  return checkText(text, environment).diagnostics.filter(({ severity }) => severity === 'error');
}

/** `code: marked text` of each error. */
export function errorsIn(text: string, environment: Environment = testFiles): readonly string[] {
  return errorsOf(text, environment).map(({ code, span }) => `${code}: ${text.slice(span.start, span.end)}`);
}

const samplesFolder = join(import.meta.dirname, '..', '..', 'samples');

export const sampleNames = ['quadratic', 'ridge', 'logistic', 'hyper-cleaning'] as const;

export function sampleText(name: (typeof sampleNames)[number]): string {
  return readFileSync(join(samplesFolder, `${name}.bilevel`), 'utf8');
}

/** A small problem without mistakes, its parts exchangeable. */
export function problemText(
  parts: {
    readonly data?: string;
    readonly lets?: string;
    readonly upper?: string;
    readonly upperObjective?: string;
    readonly lower?: string;
    readonly lowerObjective?: string;
    readonly rest?: string;
  } = {},
): string {
  return `data {
  A : matrix[n, d] = npy("a.npy")
  b : vector[n] = npy("b.npy")
  ${parts.data ?? ''}
}
${parts.lets ?? ''}
upper {
  ${parts.upper ?? 't : vector[d] = 0'}
  minimize ${parts.upperObjective ?? 'sumsq(A * x - b)'}
}
lower {
  ${parts.lower ?? 'x : vector[d] = 0'}
  minimize ${parts.lowerObjective ?? 'sumsq(A * x - b) + sum(exp(t) .* x .^ 2)'}
}
${parts.rest ?? ''}
`;
}
