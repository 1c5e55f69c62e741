/** The formatter's layout, line ends and comments; and ways through the tree. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from '../../server/src/syntax/parse.ts';
import { format } from '../../server/src/syntax/print.ts';
import { nodeAt, rootOf, walk } from '../../server/src/syntax/walk.ts';
import { readFixture } from '../support/markers.ts';

const messy = `problem   "x"   # title
data{X:matrix[n,d]=csv("a",rows=1..300)   # one
 # two
 longer:vector[n] in [lo,hi]&ball( r )=-x^2*2^-1+a'*b[1,:,-3]
 let f(a,b)=a+
   # inside
   b


}


# own
lower each i in s {x:vector[n]=0   # start
matrix:scalar minimize-x+(-3) minimize (a+b)*-c
}
solve{lower=heavy_ball(tolerance=.1) # first
sample n=128
budget=3 # second

upper=projected_gradient(step=1) # third
}
expect{a<=b c>=-d}
report{test=upper_objective with Xv=Xt,yv=yt  accuracy_on_few=right with Xv=Xt,yv=yt}`;

const tidy = `problem "x" # title
data {
  X      : matrix[n, d]                    = csv("a", rows = 1..300) # one
  # two
  longer : vector[n] in [lo, hi] & ball(r) = -x ^ 2 * 2 ^ -1 + a' * b[1, :, -3]
  let f(a, b) = a +
      # inside
      b
}

# own
lower each i in s {
  x : vector[n] = 0 # start
  matrix : scalar
  minimize -x + (-3)
  minimize (a + b) * -c
}
solve {
  lower    = heavy_ball(tolerance = .1) # first
  sample n = 128
  budget   = 3                          # second

  upper = projected_gradient(step = 1) # third
}
expect {
  a <= b
  c >= -d
}
report {
  test            = upper_objective with Xv = Xt, yv = yt
  accuracy_on_few = right with Xv = Xt, yv = yt
}
`;

test('a messy file becomes tidy', () => {
  assert.equal(format(messy), tidy);
  assert.equal(format(tidy), tidy);
});

test('line ends and the byte order mark are kept, non-BMP names are measured as one', () => {
  assert.equal(format(messy.replaceAll('\n', '\r\n')), tidy.replaceAll('\n', '\r\n'));
  assert.equal(format(`\uFEFF${messy}`), `\uFEFF${tidy}`);
  assert.equal(
    format('data { 𝛼 : scalar = 1\nab : scalar = 2 }'),
    'data {\n  𝛼  : scalar = 1\n  ab : scalar = 2\n}\n',
  );
});

test('a text with errors, an empty text and a comment alone', () => {
  for (const text of ['upper { minimize', 'data {}}', '', '\n\n', 'x']) assert.equal(format(text), text);
  assert.equal(format('let a=[2. ..3,1..k]'), 'let a = [2. ..3, 1..k]\n');
  assert.equal(format('  # only  \n\n\n# two'), '# only\n\n# two\n');
});

test('samples of the repository are formatted but for columns', () => {
  for (const sample of ['hyper-cleaning', 'logistic', 'quadratic']) {
    const text = readFileSync(new URL(`../../samples/${sample}.bilevel`, import.meta.url), 'utf8');
    assert.equal(format(text), text);
  }
});

test('spans of CRLF and non-BMP texts are exact', () => {
  const text = 'problem "😀"\r\nupper {\r\n  𝛼θ : vector[n] = 0\r\n  minimize sumsq(𝛼θ)\r\n}\r\n';
  const { tree, diagnostics } = parse(text);
  assert.deepEqual(diagnostics, []);
  const [problem, upper] = tree.items;
  assert.ok(problem?.kind === 'problem' && upper?.kind === 'upper');
  assert.equal(problem.title, '😀');
  const slice = ({ start, end }: { start: number; end: number }): string => text.slice(start, end);
  assert.equal(slice(problem.titleSpan), '"😀"');
  assert.equal(slice(upper.keyword), 'upper');
  assert.equal(slice(upper.unknowns[0]?.span ?? tree.span), '𝛼θ : vector[n] = 0');
  assert.equal(slice(upper.objectives[0]?.span ?? tree.span), 'minimize sumsq(𝛼θ)');
  assert.ok(slice(upper.span).endsWith('}'));
});

test('names are compared in their composed form', () => {
  const { tree } = parse('let e\u0301 = \u00e9');
  const item = tree.items[0];
  assert.ok(item?.kind === 'let' && item.value.kind === 'name');
  assert.equal(item.name.text, item.value.text);
  assert.deepEqual(item.name.span, { start: 4, end: 6 });
});

test('every construct is in the tree', () => {
  const { tree, diagnostics } = parse(tidy);
  assert.deepEqual(diagnostics, []);
  const lower = tree.items.find((item) => item.kind === 'lower');
  assert.ok(lower?.kind === 'lower');
  assert.deepEqual([lower.each?.index.text, lower.each?.dimension.text], ['i', 's']);
  const solve = tree.items.find((item) => item.kind === 'solve');
  assert.ok(solve?.kind === 'solve');
  assert.deepEqual(
    solve.entries.map((entry) => [entry.name.text, entry.over?.text]),
    [
      ['lower', undefined],
      ['sample', 'n'],
      ['budget', undefined],
      ['upper', undefined],
    ],
  );
  const report = tree.items.find((item) => item.kind === 'report');
  assert.ok(report?.kind === 'report');
  assert.deepEqual(
    report.entries[0]?.substitutions.map((part) => part.name.text),
    ['Xv', 'yv'],
  );
  const fixed = parse('lower { z : vector[n] fixed_point z = tanh(z) }').tree.items[0];
  assert.ok(fixed?.kind === 'lower');
  assert.equal(fixed.objectives[0]?.target?.text, 'z');
});

test('contextual keywords are keywords only in their place', () => {
  const text = 'data { data : scalar = in  in : scalar }\nsolve { lower = each(with = sample)  upper = a }';
  const { tree, tokens, diagnostics } = parse(text);
  assert.deepEqual(diagnostics, []);
  const shown = tokens.filter((token) => token.kind === 'keyword');
  assert.deepEqual(
    shown.map(({ span }) => [span.start, text.slice(span.start, span.end)]),
    [
      [0, 'data'],
      [41, 'solve'],
    ],
  );
  assert.deepEqual(
    tree.items.map((item) => item.kind),
    ['data', 'solve'],
  );
});

test('nodeAt gives the path from the file to the innermost node', () => {
  const { text, cursor } = readFixture(
    'lower {\n  w : vector[d] = 0\n  minimize sum(exp(lam<|>bda) .* w, axis = 1)\n}\n',
  );
  const path = nodeAt(parse(text).tree, cursor ?? 0);
  assert.deepEqual(
    path.map(({ role, node }) => ('kind' in node ? `${role} ${node.kind}` : role)),
    [
      'file',
      'item lower',
      'objective minimize',
      'expression call',
      'argument',
      'expression binary',
      'expression call',
      'argument',
      'expression name',
    ],
  );
  const between = readFixture('let a = b<|> + c');
  const innermost = nodeAt(parse(between.text).tree, between.cursor ?? 0).at(-1);
  assert.equal(between.text.slice(innermost?.span.start, innermost?.span.end), 'b');
});

test('walk visits every node once and can leave out children', () => {
  const { tree } = parse("let f(a) = sum(i in s, a[i, :]) + g(k = -[1, 2]') * (1..3)");
  const seen: string[] = [];
  walk(rootOf(tree), ({ role, node }) => {
    seen.push('kind' in node ? node.kind : role);
  });
  assert.deepEqual(
    seen,
    'file let name name binary comprehension name name name index name expression name all binary call name argument name unary transpose list number number group range number number'.split(
      ' ',
    ),
  );
  let count = 0;
  walk(rootOf(tree), ({ role }) => {
    count++;
    return role !== 'item';
  });
  assert.equal(count, 2);
});

test('a file of a thousand lines parses well within a frame (printed, not asserted)', (context) => {
  const sample = readFileSync(new URL('../../samples/hyper-cleaning.bilevel', import.meta.url), 'utf8');
  const text = `${sample}\n`.repeat(Math.ceil(1000 / (sample.split('\n').length + 1)));
  const times: number[] = [];
  for (let run = 0; run < 21; run++) {
    const begin = performance.now();
    parse(text);
    times.push(performance.now() - begin);
  }
  const warm = times.slice(1).toSorted((a, b) => a - b);
  const shown = (time: number | undefined): string => (time ?? Number.NaN).toFixed(1);
  const report = `${text.split('\n').length} lines: first ${shown(times[0])} ms, median ${shown(warm[10])} ms`;
  context.diagnostic(report);
  const small = parse(text.slice(0, text.length / 10));
  assert.ok(small.tokens.length * 5 < parse(text).tokens.length);
});
