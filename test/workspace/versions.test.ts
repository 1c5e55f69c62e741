/**
 * What a version takes over from the one before changes nothing: after any edits the tree, the types, the
 * constants, the diagnostics and what the editor shows of them equal those of the text opened anew.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { formatExpression, formatFormula } from '../../server/src/atoms/formula-text.ts';
import { foldingRangesOf } from '../../server/src/features/folding.ts';
import { inlayHintsOf } from '../../server/src/features/inlay-hints.ts';
import { outlineOf } from '../../server/src/features/outline.ts';
import { semanticTokensOf } from '../../server/src/features/semantic-tokens.ts';
import type { Snapshot } from '../../server/src/workspace/document.ts';
import { Workspace } from '../../server/src/workspace/workspace.ts';
import { readCorpus } from '../check/corpus.ts';
import { sampleNames, sampleText } from '../check/support.ts';
import { caseCount } from '../support/long.ts';
import { largeFile } from '../support/large-file.ts';
import { RandomEdits } from '../support/random-edits.ts';
import { firstDifference } from '../support/same.ts';

const uri = pathToFileURL(join(import.meta.dirname, '..', '..', 'samples', 'edited.bilevel')).href;
const samples = sampleNames.map(sampleText);
const wrong = readCorpus().map(({ marked }) => marked);
/** Definitions that use each other in every way, as the samples do not. */
const definitions = `let n = 4
let half = n / 2
let scale(u) = half * u
let size(u) = sumsq(scale(u)) + offset
let offset = 0.1
let row = A[3, 1]
data {
  A : matrix[n, d] = normal(0, 1, seed = 1)
  b : vector[n] = linspace(0, 1)
  let target = b + half
}
upper {
  t : vector[d] in [-1, 1] = 0
  let apart = A * x - target
  minimize size(apart) + spread
}
lower {
  x : vector[d] = 0
  let fit = sumsq(A * x - b) / n
  let penalty = mean(exp(t) .* x .^ 2) + size(x)
  let spread = sum(i in n, dot(A[i, :], x) ^ 2) + offset * fit
  let all = fit + penalty + row * sum(x)
  minimize all + half * penalty
}
`;
const many = largeFile(70);
const ignore = (): void => undefined;

function openedAnew(text: string): Snapshot {
  const workspace = new Workspace({ changed: ignore, dataChanged: ignore, closed: ignore });
  workspace.didOpen({ uri, languageId: 'bilevel', version: 1, text });
  return workspace.get(uri) as Snapshot;
}

/** All that anybody sees of a version; the constants are asked for now and then, as hovers do. */
function everythingOf(snapshot: Snapshot, withConstants: boolean): Readonly<Record<string, unknown>> {
  const { parsed, checked, diagnostics } = snapshot;
  const { partial, problem } = checked;
  const { names, expressions, calls, sources } = checked.facts;
  const { tree, tokens, starts } = parsed;
  const { constants, ...rest } = partial;
  const shown = Object.entries(withConstants ? (constants ?? {}) : {}).map(([name, constant]) => [
    name,
    formatFormula(constant.formula),
    constant.from,
    constant.because,
    constant.kind,
  ]);
  const whole = { start: { line: 0, character: 0 }, end: { line: 1e6, character: 0 } };
  return {
    parsed: { tree, tokens, starts, diagnostics: parsed.diagnostics },
    diagnostics,
    facts: { names, expressions, calls, sources },
    partial: rest,
    hasProblem: problem !== undefined,
    hasConstants: constants !== undefined,
    constants: shown,
    texts: withConstants ? expressions.map(({ expression }) => formatExpression(expression)) : [],
    outline: outlineOf(snapshot),
    tokens: semanticTokensOf(snapshot),
    hints: inlayHintsOf(snapshot, whole, undefined),
    folding: foldingRangesOf(snapshot),
  };
}

function followEdits(seed: number, texts: readonly string[], count: number): void {
  const edits = new RandomEdits(seed, texts);
  const workspace = new Workspace({ changed: ignore, dataChanged: ignore, closed: ignore });
  workspace.didOpen({ uri, languageId: 'bilevel', version: 0, text: edits.text });
  for (let version = 1; version <= count; version++) {
    const before = edits.text;
    const text = edits.next();
    workspace.didChange(uri, version, [{ text }]);
    // Not every version is looked at: editors ask when they want to.
    if (version % 7 === 3) continue;
    const withConstants = version % 5 === 0;
    const begin = process.cpuUsage();
    const ours = everythingOf(workspace.get(uri) as Snapshot, withConstants);
    const { user, system } = process.cpuUsage(begin);
    const took = (user + system) / 1000;
    const difference = firstDifference(ours, everythingOf(openedAnew(text), withConstants));
    const where = `seed ${seed}, version ${version}, from\n${JSON.stringify(before)}\nto\n${JSON.stringify(text)}`;
    assert.equal(difference, undefined, `${difference ?? ''} (${where})`);
    assert.ok(took < 10_000, `${took} ms of the processor for ${where}`);
  }
}

test('edited samples are as if opened anew', () => {
  for (let seed = 0; seed < caseCount(3, 125); seed++) followEdits(seed, samples, 200);
});

test('edited definitions are as if opened anew', () => {
  for (let seed = 0; seed < caseCount(4, 250); seed++) {
    followEdits(2000 + seed, [definitions, definitions, many, ...samples], 200);
  }
});

test('whatever a definition depends on is asked for again', () => {
  const changes: readonly (readonly [string, string])[] = [
    ['let n = 4', 'let n = 2'],
    ['offset = 0.1', 'offset = t'],
    ['half * u', 'half + u'],
    ['/ n\n  let penalty', '+ nothing\n  let penalty'],
    ['/ n\n  let penalty', '* n\n  let penalty'],
    ['A * x - b)', 'A * x + b)'],
    ['[-1, 1]', 'nonneg'],
    ['x : vector[d]', 'x : vector[n]'],
    ['let fit', 'let fitted'],
    ['normal(0, 1, seed = 1)', 'zeros(4, 3)'],
    ['let row = A[3, 1]', 'let row(u) = u'],
  ];
  const workspace = new Workspace({ changed: ignore, dataChanged: ignore, closed: ignore });
  let version = 0;
  workspace.didOpen({ uri, languageId: 'bilevel', version, text: definitions });
  const compare = (text: string): void => {
    workspace.didChange(uri, ++version, [{ text }]);
    const ours = everythingOf(workspace.get(uri) as Snapshot, true);
    assert.equal(firstDifference(ours, everythingOf(openedAnew(text), true)), undefined, text);
  };
  compare(definitions);
  assert.deepEqual((workspace.get(uri) as Snapshot).diagnostics, []);
  for (const [from, to] of changes) {
    const changed = definitions.replace(from, to);
    assert.notEqual(changed, definitions, from);
    compare(changed);
    for (const [other, by] of changes) compare(changed.replace(other, by));
    compare(definitions);
  }
});

test('an index that an edit elsewhere brings is told where a definition has no value for it', () => {
  for (const value of ['2 * i', 'b[i]', 'sum(b[1..i])']) {
    const apart = definitions
      .replace('let half', `let apartness = ${value}\nlet half`)
      .replace('row * sum', 'apartness * sum');
    const other = apart.replaceAll('i in n', 'j in n').replace('A[i, :]', 'A[j, :]');
    const workspace = new Workspace({ changed: ignore, dataChanged: ignore, closed: ignore });
    for (const [version, text] of [other, apart, other, apart].entries()) {
      if (version === 0) workspace.didOpen({ uri, languageId: 'bilevel', version, text });
      else workspace.didChange(uri, version, [{ text }]);
      const ours = everythingOf(workspace.get(uri) as Snapshot, false);
      assert.equal(firstDifference(ours, everythingOf(openedAnew(text), false)), undefined, text);
      const code = text === apart ? 'index-outside' : 'unknown-name';
      assert.ok(
        (workspace.get(uri) as Snapshot).diagnostics.some((each) => each.code === code),
        `${code} in ${text}`,
      );
    }
  }
});

test('edited wrong files are as if opened anew', () => {
  for (let seed = 0; seed < caseCount(3, 125); seed++) followEdits(1000 + seed, [...wrong, ...samples], 200);
});

test('what was wrong before an edit elsewhere is told after it', () => {
  // What a `let` says is kept as it was typed, where an objective is typed anew.
  const inLets = [...wrong, ...samples].map((text) => {
    let count = 0;
    return text.replaceAll(
      /\b(minimize|maximize) +(\S.*)/gu,
      (_, keyword: string, value: string) => `let told${++count} = ${value}\n${keyword} told${count}`,
    );
  });
  for (const text of inLets) {
    const workspace = new Workspace({ changed: ignore, dataChanged: ignore, closed: ignore });
    workspace.didOpen({ uri, languageId: 'bilevel', version: 1, text });
    everythingOf(workspace.get(uri) as Snapshot, false);
    const edited = `${text}\n# one more line\n`;
    workspace.didChange(uri, 2, [{ text: edited }]);
    const ours = everythingOf(workspace.get(uri) as Snapshot, false);
    assert.equal(firstDifference(ours, everythingOf(openedAnew(edited), false)), undefined, text);
  }
});

test('an older version that is still asked has its own places', () => {
  const workspace = new Workspace({ changed: ignore, dataChanged: ignore, closed: ignore });
  const [text = ''] = samples;
  workspace.didOpen({ uri, languageId: 'bilevel', version: 1, text });
  const older = workspace.get(uri) as Snapshot;
  const before = JSON.stringify(older.parsed);
  workspace.didChange(uri, 2, [{ text: `# one more line\n${text}` }]);
  assert.notEqual(JSON.stringify((workspace.get(uri) as Snapshot).parsed), before);
  assert.equal(JSON.stringify(older.parsed), before);
  assert.equal(firstDifference(everythingOf(older, true), everythingOf(openedAnew(text), true)), undefined);
});
