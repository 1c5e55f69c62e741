/** The TextMate grammar is the generated one, and its patterns colour what they should. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { textMateGrammar } from '../../grammar/highlighting.ts';
import { identifierSource } from '../../grammar/tokens.ts';

const read = (name: string): string =>
  readFileSync(new URL(`../../grammar/${name}`, import.meta.url), 'utf8');

test('bilevel.tmLanguage.json is what grammar/generate.ts writes', () => {
  assert.equal(read('bilevel.tmLanguage.json'), textMateGrammar());
});

interface Rule {
  readonly name?: string;
  readonly match: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
}
const rules = (JSON.parse(textMateGrammar()) as { patterns: readonly Rule[] }).patterns.map((rule) => ({
  ...rule,
  pattern: new RegExp(rule.match, 'dgu'),
}));

/** A TextMate engine for one line without nested rules: the earliest match wins, then the first rule. */
function colour(line: string): string[] {
  const found: string[] = [];
  let at = 0;
  while (at < line.length) {
    let best: { rule: Rule; match: RegExpExecArray } | undefined;
    for (const rule of rules) {
      rule.pattern.lastIndex = at;
      const match = rule.pattern.exec(line);
      if (match !== null && (best === undefined || match.index < best.match.index)) best = { rule, match };
    }
    if (best === undefined) break;
    const { rule, match } = best;
    if (rule.name !== undefined) found.push(`${match[0].trim()} ${shorten(rule.name)}`);
    for (const [group, { name }] of Object.entries(rule.captures ?? {})) {
      const text = match[Number(group)];
      if (text !== undefined) found.push(`${text} ${shorten(name)}`);
    }
    at = Math.max(match.index + match[0].length, at + 1);
  }
  return found.filter((item) => !item.endsWith(' punctuation'));
}
const shorten = (scope: string): string =>
  scope.replace('.bilevel', '').replace(/^punctuation.*/, 'punctuation');

test('lines are coloured by what stands where', () => {
  assert.deepEqual(colour('upper {'), ['upper storage.type']);
  assert.deepEqual(colour('lower each i in s {'), [
    'lower storage.type',
    'each keyword.control',
    'i variable.parameter',
    'in keyword.control',
    's entity.name.type',
  ]);
  assert.deepEqual(colour('  θ : vector[p] in [0, 1] = 1 # start'), [
    'θ entity.name.variable',
    'vector support.type',
    'p variable.other',
    'in keyword.control',
    '0 constant.numeric',
    '1 constant.numeric',
    '= keyword.operator',
    '1 constant.numeric',
    '# start comment.line.number-sign',
  ]);
  assert.deepEqual(colour("  minimize mean(A' * x .^ 2.5)"), [
    'minimize keyword.control',
    'mean support.function',
    'A variable.other',
    "' keyword.operator",
    '* keyword.operator',
    'x variable.other',
    '.^ keyword.operator',
    '2.5 constant.numeric',
  ]);
  assert.deepEqual(colour('  lower = heavy_ball(tolerance = 0.1)'), [
    'lower entity.name.tag',
    '= keyword.operator',
    'heavy_ball support.function',
    'tolerance variable.parameter',
    '= keyword.operator',
    '0.1 constant.numeric',
  ]);
  assert.deepEqual(colour('problem "a # b"'), ['problem keyword.control', '"a # b" string.quoted.double']);
  assert.deepEqual(colour('let f(a) = 1..k'), [
    'let storage.type',
    'f entity.name.function',
    'a variable.other',
    '= keyword.operator',
    '1 constant.numeric',
    '.. keyword.operator',
    'k variable.other',
  ]);
  assert.deepEqual(colour('  test = f with Xv = Xt'), [
    'test entity.name.tag',
    '= keyword.operator',
    'f variable.other',
    'with keyword.control',
    'Xv variable.parameter',
    '= keyword.operator',
    'Xt variable.other',
  ]);
  assert.deepEqual(colour('  data : scalar'), ['data entity.name.variable', 'scalar support.type']);
});

test('the language configuration reads words as the lexer does and leaves the transpose alone', () => {
  const configuration = JSON.parse(read('language-configuration.json')) as {
    wordPattern: { pattern: string; flags: string };
    autoClosingPairs: readonly { open: string }[];
    comments: { lineComment: string };
    indentationRules: { increaseIndentPattern: string; decreaseIndentPattern: string };
  };
  assert.equal(configuration.wordPattern.pattern, identifierSource);
  assert.equal(configuration.wordPattern.flags, 'u');
  assert.ok(configuration.autoClosingPairs.every((pair) => pair.open !== "'"));
  assert.equal(configuration.comments.lineComment, '#');
  const increase = new RegExp(configuration.indentationRules.increaseIndentPattern, 'u');
  assert.match('upper {', increase);
  assert.match('  lower = heavy_ball( # note', increase);
  assert.doesNotMatch('  minimize f(x)', increase);
  assert.doesNotMatch('  # a comment {', increase);
  assert.match('  }', new RegExp(configuration.indentationRules.decreaseIndentPattern, 'u'));
});
