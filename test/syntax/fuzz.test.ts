/** Any text whatever: no exception, no hang, spans nested and inside the text; formatting keeps the tree. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from '../../server/src/syntax/parse.ts';
import { format } from '../../server/src/syntax/print.ts';
import { nodeAt, rootOf, walk } from '../../server/src/syntax/walk.ts';
import { RandomProgram } from '../support/random-program.ts';

const folder = new URL('../../samples/', import.meta.url);
const samples = readdirSync(folder)
  .filter((name) => name.endsWith('.bilevel'))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));

/** Every invariant that holds for any text. */
function checkInvariants(text: string): void {
  const { tree, diagnostics, tokens, starts } = parse(text);
  walk(rootOf(tree), (node) => {
    assert.ok(node.span.start <= node.span.end, `${node.role} is reversed`);
  });
  checkNesting(text);
  let end = 0;
  for (const { span } of tokens) {
    assert.ok(span.start >= end && span.end > span.start && span.end <= text.length, 'tokens overlap');
    end = span.end;
  }
  for (const { span, code, message } of diagnostics) {
    assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length, code);
    assert.doesNotMatch(message, /undefined|NaN|Identifier|-->|token of type|RightBrace|EntryName/, message);
  }
  assert.ok(starts.every((start, i) => i === 0 || start >= (starts[i - 1] ?? 0)));
  for (let offset = 0; offset <= text.length; offset += 1 + (text.length >> 5)) {
    assert.equal(nodeAt(tree, offset)[0]?.role, 'file');
  }
  if (diagnostics.length > 0) assert.equal(format(text), text);
}

function checkNesting(text: string): void {
  const { tree } = parse(text);
  const stack: { start: number; end: number }[] = [];
  walk(rootOf(tree), ({ span, role }, depth) => {
    stack.length = depth;
    const parent = stack.at(-1) ?? { start: 0, end: text.length };
    assert.ok(
      parent.start <= span.start && span.end <= parent.end,
      `${role} [${span.start}, ${span.end}) leaves its parent [${parent.start}, ${parent.end})`,
    );
    stack.push(span);
  });
}

function withText<T>(text: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw new Error(`for the text ${JSON.stringify(text)}`, { cause: error });
  }
}

/** The tree without places and without groups' spans: what must survive formatting. */
function shapeOf(text: string): string {
  return JSON.stringify(parse(text).tree, (key, value: unknown) =>
    key === 'span' || key.endsWith('Span') || key === 'keyword' || key === 'source' ? undefined : value,
  );
}

test('random programs have no syntax errors, and formatting keeps their trees', () => {
  for (let seed = 0; seed < 400; seed++) {
    const text = new RandomProgram(seed).program();
    withText(text, () => {
      checkInvariants(text);
      assert.deepEqual(parse(text).diagnostics, []);
      const once = format(text);
      assert.equal(shapeOf(once), shapeOf(text));
      assert.equal(format(once), once);
      const commentsOf = (source: string): string[] =>
        parse(source)
          .tokens.filter((token) => token.kind === 'comment')
          .map(({ span }) => source.slice(span.start, span.end).trimEnd());
      assert.deepEqual(commentsOf(once), commentsOf(text));
    });
  }
});

test('edited programs and samples keep every invariant', () => {
  for (let seed = 0; seed < 1500; seed++) {
    const random = new RandomProgram(seed + 10_000);
    const base = seed % 3 === 0 ? (samples[seed % samples.length]?.text ?? '') : random.program();
    const text = random.edited(base);
    withText(text, () => checkInvariants(text));
  }
});

test('random bytes keep every invariant', () => {
  for (let seed = 0; seed < 300; seed++) {
    const random = new RandomProgram(seed + 50_000);
    const length = random.integer(80);
    const text = Array.from({ length }, () =>
      String.fromCharCode(random.integer(seed % 2 === 0 ? 128 : 65_536)),
    ).join('');
    withText(text, () => checkInvariants(text));
  }
});

test('every prefix of every sample, and every sample without one token, keeps the invariants', () => {
  for (const { text } of samples) {
    const { tokens } = parse(text);
    for (let i = 0; i < tokens.length; i++) {
      const { start, end } = tokens[i]?.span ?? { start: 0, end: 0 };
      for (const edited of [text.slice(0, end), text.slice(start), text.slice(0, start) + text.slice(end)]) {
        withText(edited, () => checkInvariants(edited));
      }
    }
  }
});

test('nothing is deep or long enough to overflow the stack or to take quadratic time', () => {
  const many = 10_000;
  const repeated = [
    '(',
    ')',
    '[',
    '-',
    "x'",
    'x[',
    'f(',
    '{',
    '}',
    'upper ',
    'upper {',
    'foo {',
    'lower each ',
    '+ x ',
    '^x',
    'a\n',
  ];
  repeated.push(
    'x : ',
    'x = ',
    'x : scalar\n',
    'minimise ',
    'let ',
    '"',
    '# c\n',
    ', ',
    'sum(i in s, ',
    '<= ',
    '.. ',
    '\u{1F600}',
  );
  repeated.push('upper { # c\n', '2 x ', '[(', ')]', '(]', 'x : vector[', 'in ', 'with ', '1 in [');
  for (const part of repeated) {
    for (const [before, after] of [
      ['', ''],
      ['upper { x : scalar = ', ' }'],
      ['solve { a = ', ''],
      ['expect { ', '}'],
    ] as const) {
      const text = before + part.repeat(Math.ceil(many / part.length)) + after;
      const begin = performance.now();
      const { tree } = parse(text);
      walk(rootOf(tree), () => undefined);
      format(text);
      const took = performance.now() - begin;
      // Linear work takes at most some 300 ms here: ten seconds are a hang on any machine.
      assert.ok(took < 10_000, `${JSON.stringify(part)} after ${JSON.stringify(before)} took ${took} ms`);
    }
  }
});

test('texts that once broke an invariant', () => {
  const texts = [
    'let x = a[f(),- :]',
    'expect {\n each > [("a ,")\',:"a}em "a title"\n\nexpect "\n}',
    'lower each ien s  y = ',
    'report {\n minimize = data with a = .5, " = 2 # note 6\n}',
    'let x = [λ₁[w_2[λ₁,- :], :]]',
  ];
  for (const text of texts) withText(text, () => checkInvariants(text));
});
