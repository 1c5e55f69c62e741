/** Runs of texts, and verified gradients at a point, with the files of one folder. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { neverCancelled } from '../../server/src/base/cancellation.ts';
import type { RunResult } from '../../server/src/protocol/result.ts';
import type { Answer, SolverRequest } from '../../server/src/protocol/solver.ts';
import { answerRequest } from '../../server/src/runner/pipeline.ts';

type Point = Extract<SolverRequest, { kind: 'gradient' }>['at'];

export interface Answers {
  readonly answer: (text: string, at?: Point) => Answer;
  /** The result; anything but an end is a failure of the test. */
  readonly finished: (text: string, at?: Point) => RunResult;
}

export function answersIn(folder: string): Answers {
  const answer = (text: string, at?: Point): Answer => {
    const source = { text, path: join(folder, 'problem.bilevel') };
    const request =
      at === undefined
        ? ({ id: 1, kind: 'run', source, adjustments: {} } as const)
        : ({ id: 1, kind: 'gradient', source, adjustments: {}, verify: true, at } as const);
    return answerRequest(request, () => undefined, neverCancelled);
  };
  const finished = (text: string, at?: Point): RunResult => {
    const found = answer(text, at);
    assert.equal(found.kind, 'finished', JSON.stringify(found));
    return found.result;
  };
  return { answer, finished };
}
