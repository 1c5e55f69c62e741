/**
 * The corpus of wrong files in `wrong/`, one folder a subject: each file has its diagnostics marked in
 * comments. Data files are those of the samples (`diabetes.csv`) and a few that exist as shapes only
 * (`a.npy`, see files.ts); in `values/` they lie beside the files, and what only the values show is looked for too.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic, Fix } from '../../server/src/base/diagnostic.ts';
import { neverCancelled } from '../../server/src/base/cancellation.ts';
import { allDiagnostics } from '../../server/src/check/all-diagnostics.ts';
import { check } from '../../server/src/check/check.ts';
import type { Environment } from '../../server/src/check/environment.ts';
import { answerRequest } from '../../server/src/runner/pipeline.ts';
import { fileEnvironment } from '../../server/src/runner/source-headers.ts';
import { parse } from '../../server/src/syntax/parse.ts';
import { readFixture } from '../support/markers.ts';
import type { Fixture } from '../support/markers.ts';
import { testFiles } from './files.ts';

export interface WrongFile extends Fixture {
  /** `shapes/product-mismatch` */
  readonly name: string;
  readonly marked: string;
}

const wrongFolder = join(import.meta.dirname, 'wrong');
const dataFolder = join(import.meta.dirname, '..', '..', 'samples', 'data');
const valuesFolder = join(wrongFolder, 'values');

/** All of the corpus, in the order of the names. */
export function readCorpus(): readonly WrongFile[] {
  return readdirSync(wrongFolder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.bilevel'))
    .toSorted()
    .map((path) => {
      const marked = readFileSync(join(wrongFolder, path), 'utf8');
      return { name: path.replaceAll('\\', '/').replace(/\.bilevel$/, ''), marked, ...readFixture(marked) };
    });
}

/** Knows the shapes of files.ts and the files of the samples. */
export const corpusEnvironment: Environment = {
  header: (source) => {
    const answer = testFiles.header(source);
    return answer !== undefined && 'error' in answer ? fileEnvironment(dataFolder).header(source) : answer;
  },
};

/** What the editor shows of a text while it is typed, as if it lay beside the data of the samples. */
export function diagnose(text: string, files: Environment = corpusEnvironment): readonly Diagnostic[] {
  const parsed = parse(text);
  return allDiagnostics(text, parsed, check(parsed.tree, files).diagnostics);
}

/** `diagnose`, and for files in `values/` what reading the data shows. */
export function diagnoseFile({ name, text }: WrongFile): readonly Diagnostic[] {
  return diagnoseAs(name, text);
}

/** Diagnoses another text in the place of a file of the corpus. */
export function diagnoseAs(name: string, text: string): readonly Diagnostic[] {
  if (!name.startsWith('values/')) return diagnose(text);
  const early = diagnose(text, fileEnvironment(valuesFolder));
  if (early.some(({ severity }) => severity === 'error')) return early;
  const source = { text, path: join(valuesFolder, 'problem.bilevel') };
  const answer = answerRequest(
    { id: 1, kind: 'gradient', source, adjustments: {}, verify: false },
    () => {},
    neverCancelled,
  );
  return answer.kind === 'rejected' ? [...early, ...answer.diagnostics] : early;
}

export function applyFix(text: string, { span, replacement }: Fix): string {
  return text.slice(0, span.start) + replacement + text.slice(span.end);
}
