/** From a text to the solver's answer in this process, in a folder that lives as long as the test file. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { neverCancelled } from '../../server/src/base/cancellation.ts';
import type { RunResult } from '../../server/src/protocol/result.ts';
import type { Adjustments, Answer, UpperPoint } from '../../server/src/protocol/solver.ts';
import { answerRequest } from '../../server/src/runner/pipeline.ts';

/** Paths in the texts are relative to this folder. */
export const folder = mkdtempSync(join(tmpdir(), 'bilevel-run-text-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A run, unless the request says otherwise. */
export function answerTo(text: string, request: Partial<RequestOf> = {}): Answer {
  const { kind = 'run', adjustments = {}, at, verify = false } = request;
  const source = { text, path: join(folder, 'problem.bilevel') };
  const place = at === undefined ? {} : { at };
  const base = { id: 1, source, adjustments };
  const whole =
    kind === 'describe'
      ? { ...base, kind }
      : kind === 'run'
        ? { ...base, kind, ...place }
        : { ...base, kind, verify, ...place };
  return answerRequest(whole, () => undefined, neverCancelled);
}

interface RequestOf {
  readonly kind: 'run' | 'gradient' | 'describe';
  readonly adjustments: Adjustments;
  readonly at: UpperPoint;
  readonly verify: boolean;
}

export function resultOf(answer: Answer): RunResult {
  assert.equal(answer.kind, 'finished', JSON.stringify(answer));
  return answer.result;
}
