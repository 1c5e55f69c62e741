/**
 * Quick fixes on the corpus of wrong files: taking one removes its diagnostic and adds no mistake, as a check of the
 * new text from nothing tells; and what is offered for the usual habits of other languages.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodeAction } from 'vscode-languageserver';
import { CodeActionTriggerKind } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { codeActionsOf } from '../../../server/src/features/code-actions/index.ts';
import { Snapshot } from '../../../server/src/workspace/document.ts';
import { corpusEnvironment, diagnose, readCorpus } from '../../check/corpus.ts';
import { caseCount } from '../../support/long.ts';

const uri = 'file:///problems/wrong.bilevel';
/** What the values of data show is no part of a text. */
const corpus = readCorpus().filter(({ name }) => !name.startsWith('values/'));

function snapshotOf(text: string): Snapshot {
  const content = TextDocument.create(uri, 'bilevel', 1, text);
  return new Snapshot(content, '/problems/wrong.bilevel', () => corpusEnvironment);
}

interface Offered {
  readonly code: string;
  readonly message: string;
  readonly action: CodeAction;
  readonly after: string;
}

function quickFixes(text: string): readonly Offered[] {
  const snapshot = snapshotOf(text);
  const context = { diagnostics: [], only: ['quickfix'], triggerKind: CodeActionTriggerKind.Invoked };
  const settings = { result: undefined, clientRenames: false };
  return snapshot.diagnostics
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .flatMap(({ code, message, span }) =>
      codeActionsOf(snapshot, snapshot.range(span), context, settings)
        // Others that touch the place are offered at their own.
        .filter(({ diagnostics = [] }) => diagnostics.some((each) => each.code === code))
        .map((action) => {
          const edits = action.edit?.changes?.[uri] ?? [];
          const after = TextDocument.applyEdits(TextDocument.create(uri, 'bilevel', 1, text), edits);
          return { code, message, action, after };
        }),
    );
}

const share = caseCount(3, 1);

test('every quick fix of the corpus mends what it is offered for', () => {
  let taken = 0;
  for (const { name, text } of corpus.filter((_, at) => at % share === 0)) {
    const count = (of: string, code: string): number =>
      diagnose(of).filter((each) => each.code === code).length;
    for (const { code, action, after } of quickFixes(text)) {
      assert.ok(count(after, code) < count(text, code), `${name}: ${action.title}\n${after}`);
      taken++;
    }
  }
  assert.ok(taken >= 60 / share, `${taken}`);
});

/** What is offered for a whole file, in the order of the text. */
const expected: Readonly<Record<string, readonly string[]>> = {
  'shapes/subscript-zero': ['Count from 1: A[1, 2]', 'Count from 1: x[1..2]', 'Count from 1: x[d]'],
  'sets/empty': ['Exchange 1 and -1'],
  'data/rows-reversed': ['Exchange 5 and 2'],
  'data/uniform-reversed': ['Exchange 2 and 1'],
  'solve/linear-in-place-of-hypergradient': ['Write implicit(cg(tolerance = 0.1))'],
  'foreign/foreign-function': ['Write sumsq(A * x - b)', 'Write log(n)'],
  'foreign/foreign-losses': ['Write clip(A * x, 0, 6)'],
  'blocks/no-lower': ['Add lower with x : vector[n]'],
  'blocks/no-upper': ['Add upper with theta : vector[n]'],
};

for (const [name, titles] of Object.entries(expected)) {
  test(`${name}: what is offered`, () => {
    const file = corpus.find((each) => each.name === name);
    assert.ok(file !== undefined);
    const offered = quickFixes(file.text).map(({ action }) => action.title);
    assert.deepEqual(
      offered.filter((title) => !title.startsWith('Fix all')),
      titles,
    );
  });
}

test('an expression of another library becomes one of this language, fix by fix', () => {
  let text = `data {
  A : matrix[n, d] = npy("a.npy")
  b : vector[n] = npy("b.npy")
}
upper {
  t : vector[d] = 0
  minimize np.mean(np.square(np.dot(A, x) - b))
}
lower {
  x : vector[d] = 0
  minimize sumsq(A * x - b) / n + sum(exp(t) .* x .^ 2)
}
`;
  for (let step = 0; step < 5; step++) {
    const [best] = quickFixes(text).filter(({ action }) => action.isPreferred === true);
    if (best === undefined) break;
    text = best.after;
  }
  assert.match(text, /minimize mean\(square\(A \* x - b\)\)/u);
  assert.deepEqual(
    diagnose(text).filter(({ severity }) => severity === 'error'),
    [],
  );
});
