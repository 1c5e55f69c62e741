/** Each syntax error: its code, its exact place, its words; and that one mistake makes one error. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { syntaxCodes } from '../../grammar/problems.ts';
import { parse } from '../../server/src/syntax/parse.ts';
import type { Item } from '../../server/src/syntax/tree.ts';
import { checkMarked, readFixture } from '../support/markers.ts';

const fixtures: readonly string[] = [
  `upper {
  x : scalar = 0
  minimize sumsq(x) *
#                   ^ error[syntax-missing-expression]: expected an expression after \`*\`
}
`,
  `upper {
  minimise sumsq(x)
# ^^^^^^^^ error[syntax-unknown-statement]: unknown statement \`minimise\`; did you mean \`minimize\`?
  let k = 3
}
`,
  `  upper {
#       ^ error[syntax-unclosed]: the block \`upper\` is never closed
  minimize x
  lower {
    y : scalar = 0
  }
`,
  `lower {
  minimize sum(y + (y + 1)
#             ^ error[syntax-unclosed]: this \`(\` is never closed
  y : scalar
}
`,
  `  upper
# ^^^^^ error[syntax-missing-brace]: expected \`{\` after \`upper\`
  x : scalar = 0
}
`,
  `  uper {
# ^^^^ error[syntax-unknown-block]: unknown block \`uper\`; did you mean \`upper\`?
  x : scalar = 0
}
`,
  `  import numpy as np
# ^^^^^^ error[syntax-unknown-statement]: unknown statement \`import\`
let k = 3
`,
  `  constraints { a b c { d } e : }
# ^^^^^^^^^^^ error[syntax-unknown-block]: unknown block \`constraints\`
let k = 3
`,
  `  {
# ^ error[syntax-unknown-block]: expected the name of a block before \`{\`
  x : scalar
}
  }
# ^ error[syntax-unopened]: this \`}\` closes nothing
  x : scalar
# ^ error[syntax-misplaced-statement]: the declaration of \`x\` cannot stand outside a block
let k = 3
`,
  `data {
  X : = 3
#   ^ error[syntax-missing-type]: expected a type after \`:\`
  Xa
# ^^ error[syntax-missing-type]: \`Xa\` has no type
  Xb = 3
# ^^ error[syntax-missing-type]: \`Xb\` has no type
  minimize Xa
# ^^^^^^^^ error[syntax-misplaced-statement]: \`minimize\` cannot stand in \`data\`
  Y : [3]
#   ^ error[syntax-missing-type]: expected a type
}
`,
  `upper {
  minimize (a b) + 3x
#             ^ error[syntax-missing-operator]: expected an operator or \`,\` between \`a\` and \`b\`
  minimize a) + b
#           ^ error[syntax-unopened]: this \`)\` closes nothing
  minimize f(a, , b)
#             ^ error[syntax-missing-expression]: expected an expression after \`,\`
  minimize a ≤ b
#            ^ error[syntax-character]: \`≤\` is not part of the language
  minimize a <= b
#            ^^ error[syntax-expected]: unexpected \`<=\`
  fixed_point = 3
#             ^ error[syntax-expected]: expected a name and \`=\` after \`fixed_point\`, as in
  minimize f(2 = 3)
#            ^ error[syntax-expected]: expected the name of an option before \`=\`
  minimize sum(i in s)
#                ^^ error[syntax-expected]: expected \`,\` and what to take the sum of
  minimize f(a, i in s)
#                 ^^ error[syntax-expected]: \`in\` binds an index only in the first place
  minimize a + 'b'
#              ^^^ error[syntax-character]: text stands in double quotes
  minimize a ' + b'
#            ^ error[syntax-character]: this \`'\` transposes nothing
  minimize a + 1e999
#              ^^^^^ error[syntax-number]: 1e999 is too large to be a number
  minimize a + 1e-999
#              ^^^^^^ error[syntax-number]: 1e-999 is so small that it would be 0
  minimize a + 0e999 + 1e-300
  minimize a.b + f(a).sum(b)
#          ^^^ error[syntax-character]: \`a.b\` is no name
  x : scalar 3 4
#            ^ error[syntax-expected]: unexpected \`3\`
  subject to x
# ^^^^^^^ error[syntax-unknown-statement]: unknown statement \`subject\`
  z : scalar = 0 {
#                ^ error[syntax-expected]: unexpected \`{\`
}
  minimize z
}
`,
  `data {
  X : matrix[n, d] = csv("data.csv, rows = 1..3)
#                        ^^^^^^^^^ error[syntax-unterminated-text]: no closing \`"\`
  y : vector[n] = 0
}
`,
  `solve {
  lower = heavy_ball(tolerance = 0.1
#                   ^ error[syntax-unclosed]: this \`(\` is never closed
  hypergradient : implicit(cg())
#               ^ error[syntax-missing-value]: expected \`=\` after \`hypergradient\`
  budget
# ^^^^^^ error[syntax-missing-value]: expected \`=\` and a value after \`budget\`
  upper = projected_gradient(step = )
#                                 ^ error[syntax-missing-expression]: expected an expression after \`=\`
}
`,
  `expect {
  upper_objective
# ^^^^^^^^^^^^^^^ error[syntax-expected]: expected a comparison after \`upper_objective\`
  lower_error <=
#             ^^ error[syntax-missing-expression]: expected an expression after \`<=\`
  lower_error <= 3
}
`,
  `problem 3
#       ^ error[syntax-expected]: expected the title in double quotes after \`problem\`
lower each in s {
#          ^^ error[syntax-expected]: expected an index and its dimension after \`each\`, as in
  u : scalar
}
let = 3
#   ^ error[syntax-expected]: expected a name and \`=\` after \`let\`
let f(a = 3
#       ^ error[syntax-expected]: found \`=\`
`,
];

test('errors stand where they are, in words for people', () => {
  for (const fixture of fixtures) {
    checkMarked(fixture, (text) => {
      const { diagnostics } = parse(text);
      for (const { reason, remedy } of diagnostics) assert.ok(reason !== undefined && remedy !== undefined);
      return diagnostics;
    });
  }
});

test('the fix of an error mends it', () => {
  const mended = [
    ['upper {\n minimise x }', 'upper {\n minimize x }'],
    ['uper { x : scalar }', 'upper { x : scalar }'],
    ['upper\n x : scalar\n}', 'upper {\n x : scalar\n}'],
    ['upper {\n x : scalar\n', 'upper {\n x : scalar\n}\n'],
    ['upper { minimize sum(x }', 'upper { minimize sum(x) }'],
    ['upper { minimize sum(x)) }', 'upper { minimize sum(x) }'],
    ['let k = 3 x', 'let k = 3 * x'],
    ['let k = a × b', 'let k = a * b'],
    ['let k = x²', 'let k = x^2'],
    ['let k = 3;', 'let k = 3'],
    ['solve { budget : 3 }', 'solve { budget = 3 }'],
    ['problem "a', 'problem "a"'],
    ['let k = a ≤ b', 'let k = a <= b'],
  ] as const;
  for (const [wrong, right] of mended) {
    const fix = parse(wrong).diagnostics[0]?.fixes?.[0];
    assert.ok(fix !== undefined, wrong);
    const fixed = wrong.slice(0, fix.span.start) + fix.replacement + wrong.slice(fix.span.end);
    assert.equal(fixed.replaceAll(/ +/g, ' '), right);
  }
});

test('too deep expressions are errors, not overflows', () => {
  const nested = `let k = ${'('.repeat(70)}a${')'.repeat(70)}\nlet after = 3`;
  const long = `let k = a${' + a'.repeat(700)}\nlet after = 3`;
  for (const text of [nested, long]) {
    const { tree, diagnostics } = parse(text);
    assert.deepEqual(
      diagnostics.map((item) => item.code),
      ['syntax-too-deep'],
    );
    assert.deepEqual(namesOf(tree.items), ['k', 'after']);
  }
  assert.deepEqual(parse(`let k = ${'('.repeat(60)}a${')'.repeat(60)}${' + a'.repeat(400)}`).diagnostics, []);
});

test('every code is provoked here', () => {
  const provoked = new Set(
    fixtures.flatMap((fixture) => readFixture(fixture).expected.map((item) => item.code)),
  );
  provoked.add('syntax-too-deep');
  assert.deepEqual([...provoked].toSorted(), Object.keys(syntaxCodes).toSorted());
});

function namesOf(items: readonly Item[]): string[] {
  return items.map((item) => (item.kind === 'let' ? item.name.text : item.kind));
}

/** What the outline shows: blocks with their names, in order. */
function outline(text: string): string[] {
  return parse(text).tree.items.flatMap((item) => {
    switch (item.kind) {
      case 'data':
        return [`data ${item.declarations.map((part) => part.name.text).join(' ')}`];
      case 'upper':
      case 'lower':
        return [
          `${item.kind} ${item.unknowns.map((part) => part.name.text).join(' ')} ${item.objectives.length}`,
        ];
      case 'solve':
      case 'report':
        return [`${item.kind} ${item.entries.map((part) => part.name.text).join(' ')}`];
      case 'expect':
        return [`expect ${item.relations.length}`];
      case 'problem':
      case 'let':
        return [item.kind];
    }
  });
}

for (const sample of ['ridge', 'hyper-cleaning', 'logistic', 'quadratic']) {
  const text = readFileSync(new URL(`../../samples/${sample}.bilevel`, import.meta.url), 'utf8');

  test(`${sample}: without any one token, the other blocks' outline survives`, () => {
    const whole = outline(text);
    const { tree, tokens } = parse(text);
    for (const token of tokens) {
      if (token.kind === 'comment') continue;
      const edited = text.slice(0, token.span.start) + ' ' + text.slice(token.span.end);
      const { diagnostics } = parse(edited);
      const left = outline(edited);
      tree.items.forEach((item, index) => {
        // The block that was hurt may lose something, its neighbours nothing.
        if (item.span.start <= token.span.start && token.span.start < item.span.end) return;
        const image = text.slice(token.span.start, token.span.end);
        assert.ok(
          left.includes(whole[index] ?? ''),
          `without ${image} at ${token.span.start}: ${left.join(' | ')}`,
        );
      });
      assert.ok(
        diagnostics.length <= 2,
        `${diagnostics.length} errors without ${text.slice(token.span.start, token.span.end)} at ${token.span.start}: ${diagnostics.map((item) => item.message).join('; ')}`,
      );
    }
  });

  test(`${sample}: cut off anywhere, what came before survives`, () => {
    const { tree, tokens } = parse(text);
    const whole = outline(text);
    for (const { span } of tokens) {
      const cut = text.slice(0, span.end);
      const complete = tree.items.filter((item) => item.span.end <= cut.length).length;
      assert.deepEqual(outline(cut).slice(0, complete), whole.slice(0, complete));
      assert.ok(parse(cut).diagnostics.length <= 2);
    }
  });
}
