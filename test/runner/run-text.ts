/** From a text to the solver's answer in this process, in a folder that lives as long as the test file. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { neverCancelled } from '../../server/src/base/cancellation.ts';
import type { RunResult } from '../../server/src/protocol/result.ts';
import type { Answer, SolverRequest } from '../../server/src/protocol/solver.ts';
import { answerRequest } from '../../server/src/runner/pipeline.ts';

/** Paths in the texts are relative to this folder. */
export const folder = mkdtempSync(join(tmpdir(), 'bilevel-run-text-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A run, or one hypergradient where the request says so. */
export function answerTo(
  text: string,
  request: Partial<Extract<SolverRequest, { kind: 'gradient' }>> = {},
): Answer {
  const source = { text, path: join(folder, 'problem.bilevel') };
  const { adjustments = {} } = request;
  const base =
    request.kind === 'gradient'
      ? ({ kind: 'gradient', verify: request.verify ?? false } as const)
      : ({ kind: 'run' } as const);
  return answerRequest({ id: 1, source, adjustments, ...base }, () => undefined, neverCancelled);
}

export function resultOf(answer: Answer): RunResult {
  assert.equal(answer.kind, 'finished', JSON.stringify(answer));
  return answer.result;
}
